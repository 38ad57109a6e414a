import fs from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'vite';
import { chapters } from '../chapters.ts';
import { renderLesson } from './markdown.ts';
import { renderPage } from './shell.ts';

const site = path.dirname(import.meta.dirname);
const folder = (id: string) => path.join(site, 'lessons', id);

/** Turns each page's one-line HTML entry, `<!-- lesson: xor -->`, into the whole page, made from lesson.md. */
export function lessons(): Plugin {
  return {
    name: 'fluxion-lessons',
    // The package promises that its modules do nothing but export; the site's define elements and start figures.
    transform(code, id) {
      return id.startsWith(site) ? { code, map: null, moduleSideEffects: true } : undefined;
    },
    transformIndexHtml: {
      order: 'pre',
      async handler(html) {
        const id = /<!-- lesson: (\w+) -->/.exec(html)?.[1];
        const chapter = chapters.find((c) => c.id === id);
        if (!chapter) throw new Error('an HTML entry names a lesson of chapters.ts: <!-- lesson: id -->');
        const source = fs.readFileSync(path.join(folder(chapter.id), 'lesson.md'), 'utf8');
        const include = (name: string) => fs.readFileSync(path.join(folder(chapter.id), name), 'utf8');
        const { front, body } = await renderLesson(source, include);
        const script = fs.existsSync(path.join(folder(chapter.id), 'view.ts'))
          ? `/lessons/${chapter.id}/view.ts`
          : undefined;
        return renderPage(chapter, front, body, script);
      },
    },
    configureServer(server) {
      server.watcher.on('change', (file) => {
        if (file.endsWith('lesson.md')) server.ws.send({ type: 'full-reload' });
      });
    },
  };
}
