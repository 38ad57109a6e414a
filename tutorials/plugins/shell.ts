import { type Chapter, chapters } from '../chapters.ts';
import { icon } from './icons.ts';

/** What a lesson's text says of itself in its first lines. */
export interface Front {
  title: string;
  description: string;
}

const encode = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

// Set before the first paint, so that a chosen theme never flashes the other one.
const themeScript =
  "try{const t=localStorage.getItem('fluxion-theme');if(t)document.documentElement.dataset.theme=t}catch{}";

export const mark =
  '<svg viewBox="0 0 20 20" aria-hidden="true"><path d="M2 16.5C8.5 16.5 7 3.5 18 3.5" fill="none" ' +
  'stroke="currentColor" stroke-width="2" stroke-linecap="round"/><circle cx="9.6" cy="10.3" r="2.6" ' +
  'fill="var(--accent)"/></svg>';

const favicon =
  'data:image/svg+xml,' +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><path d="M2 16.5C8.5 16.5 7 3.5 18 3.5" fill="none" ' +
      'stroke="#5a6070" stroke-width="2.2" stroke-linecap="round"/><circle cx="9.6" cy="10.3" r="3" fill="#c98a1b"/></svg>',
  );

function link(from: Chapter, to: Chapter): string {
  const up = from.path === '' ? './' : '../';
  return to.path === '' ? up : `${up}${to.path}/`;
}

function bar(chapter: Chapter): string {
  const links = chapters
    .filter((c) => c.inBar)
    .map((c) => {
      const current = c.id === chapter.id ? ' aria-current="page"' : '';
      const name = c.short
        ? `<span class="long">${encode(c.name)}</span><span class="short">${encode(c.short)}</span>`
        : encode(c.name);
      return `<a href="${link(chapter, c)}"${current} aria-label="${encode(c.name)}">${name}</a>`;
    });
  return `<header class="bar">
  <a class="mark" href="${link(chapter, chapters[0]!)}"${chapter.path === '' ? ' aria-current="page"' : ''}>${mark}Fluxion</a>
  <nav aria-label="Chapters">${links.join('')}</nav>
  <button class="theme" type="button" hidden>
    <span class="system">${icon('sun-moon')}</span><span class="light">${icon('sun')}</span><span class="dark">${icon('moon')}</span>
  </button>
</header>`;
}

const foot = (chapter: Chapter) =>
  chapters
    .filter((c) => c.inFoot)
    .map((c) => `<a href="${link(chapter, c)}">${encode(c.name)}</a>`)
    .join('');

function onward(chapter: Chapter): string {
  const order = chapters.filter((c) => !c.apart);
  const at = order.indexOf(chapter);
  if (at <= 0) return '';
  const previous = order[at - 1];
  const next = order[at + 1];
  const step = (to: Chapter | undefined, kind: string, label: string) =>
    to
      ? `<a class="${kind}" rel="${kind === 'next' ? 'next' : 'prev'}" href="${link(chapter, to)}"><small>${label}</small><span>${encode(to.name)}</span></a>`
      : '';
  return `<nav class="onward" aria-label="Next and previous">${step(previous, 'previous', 'Before this')}${step(next, 'next', 'After this')}</nav>`;
}

export function renderPage(chapter: Chapter, front: Front, body: string, script: string | undefined): string {
  const title = chapter.path === '' ? front.title : `${front.title} · Fluxion`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${encode(title)}</title>
<meta name="description" content="${encode(front.description)}">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="${favicon}">
<script>${themeScript}</script>
<link rel="stylesheet" href="/styles/page.css">
${body.includes('class="shiki') ? '<link rel="stylesheet" href="/styles/code.css">' : ''}
${body.includes('class="katex') ? '<link rel="stylesheet" href="/styles/formulas.css">' : ''}
${chapter.path === '' ? '<link rel="stylesheet" href="/styles/home.css">' : ''}
</head>
<body data-chapter="${chapter.id}">
<a class="skip" href="#content">Skip to the text</a>
${bar(chapter)}
<main id="content">
${body}
${onward(chapter)}
</main>
<footer><p class="foot"><span class="grow" id="device"></span>${foot(chapter)}<a href="${link(chapter, chapters.at(-1)!)}">Credits and licences</a></p></footer>
<script type="module" src="/site/shell.ts"></script>
${script ? `<script type="module" src="${script}"></script>` : ''}
</body>
</html>
`;
}
