import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Plugin } from 'vite';

/** Puts KaTeX's style sheet in the place of styles/formulas.css. It lists each font in three formats; every browser
    that runs WebAssembly SIMD reads the first, woff2, and the others are left out of the build. */
export function formulas(): Plugin {
  return {
    name: 'fluxion-formulas',
    enforce: 'pre',
    load(id) {
      if (!id.split('?')[0]!.endsWith(path.join('styles', 'formulas.css'))) return undefined;
      const sheet = createRequire(import.meta.url).resolve('katex/dist/katex.min.css');
      return fs
        .readFileSync(sheet, 'utf8')
        .replace(/,\s*url\([^)]*\)\s*format\(["'](?:woff|truetype)["']\)/g, '')
        .replaceAll('url(fonts/', 'url(katex/dist/fonts/');
    },
  };
}
