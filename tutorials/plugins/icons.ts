import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const folder = path.join(
  path.dirname(createRequire(import.meta.url).resolve('lucide-static/package.json')),
  'icons',
);

/** A Lucide icon as inline SVG, hidden from screen readers: the control around it carries the name. */
export function icon(name: string): string {
  return fs
    .readFileSync(path.join(folder, `${name}.svg`), 'utf8')
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/\s*class="[^"]*"/, '')
    .replace('<svg', '<svg aria-hidden="true"')
    .replace(/\s+/g, ' ')
    .trim();
}
