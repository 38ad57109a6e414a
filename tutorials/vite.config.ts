import path from 'node:path';
import { defineConfig } from 'vite';
import { chapters } from './chapters.ts';
import { formulas } from './plugins/formulas.ts';
import { lessons } from './plugins/lessons.ts';

const root = import.meta.dirname;
const project = path.dirname(root);

// Shared memory, and with it threads, needs a page that is isolated from other origins.
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

const everyFigure =
  /tutorials\/(site\/(run|device|hash|mount|clipboard)|elements\/(figure|toolbar|controls|style|colour))\.ts|node_modules\/(lit|lit-html|lit-element|@lit|comlink|lucide-static)\//;

export default defineConfig({
  root,
  // Relative addresses: the built site works at any path of a static host.
  base: './',
  publicDir: false,
  plugins: [lessons(), formulas()],
  resolve: {
    alias: [
      { find: /^fluxion$/, replacement: path.join(project, 'dist', 'index.js') },
      { find: /^fluxion\/(\w+)$/, replacement: path.join(project, 'dist', '$1.js') },
    ],
  },
  server: { headers: isolation, fs: { allow: [project] } },
  preview: { headers: isolation },
  // Named here, so that the first page need not load twice once they are found.
  optimizeDeps: {
    include: ['comlink', 'd3-contour', 'lit', 'lit/directives/unsafe-html.js', 'lucide-static', 'uplot'],
  },
  worker: { format: 'es' },
  build: {
    outDir: path.join(project, 'dist-site'),
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: Object.fromEntries(chapters.map((c) => [c.id, path.join(root, c.path, 'index.html')])),
      // What every page with a figure loads is one file: parted by who else uses what, it would weigh more.
      output: { codeSplitting: { groups: [{ name: 'figure', test: everyFigure }] } },
    },
  },
});
