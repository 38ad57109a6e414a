import katex from 'katex';
import MarkdownIt from 'markdown-it';
import { createCssVariablesTheme, createHighlighter, type Highlighter } from 'shiki';
import { chapters } from '../chapters.ts';
import type { Front } from './shell.ts';

type Markdown = InstanceType<typeof MarkdownIt>;

/** Reads a file that the text includes, relative to the text. */
export type Include = (name: string) => string;

let highlighter: Promise<Highlighter> | undefined;

function highlight(): Promise<Highlighter> {
  highlighter ??= createHighlighter({
    themes: [createCssVariablesTheme({ name: 'fluxion', variablePrefix: '--shiki-', fontStyle: false })],
    langs: ['typescript', 'shell'],
  });
  return highlighter;
}

function splitFront(source: string): { front: Front; text: string } {
  const match = /^---\n([\s\S]*?)\n---\n/.exec(source);
  if (!match) throw new Error('a lesson begins with its title and description between two lines of ---');
  const fields = Object.fromEntries(
    match[1]!.split('\n').map((line) => {
      const at = line.indexOf(':');
      return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    }),
  );
  if (!fields.title || !fields.description) throw new Error('a lesson needs a title and a description');
  return {
    front: { title: fields.title, description: fields.description },
    text: source.slice(match[0].length),
  };
}

const NEEDS_SCRIPT =
  '<noscript><p>This figure computes in your browser, for which it needs JavaScript.</p></noscript>';

const chapterList = () =>
  `<ul class="chapters">${chapters
    .filter((c) => c.inBar)
    .map((c) => `<li><a href="./${c.path}/"><b>${c.name}</b><span>${c.summary}</span></a></li>`)
    .join('')}</ul>\n`;

const formula = (text: string, displayMode: boolean) =>
  katex.renderToString(text, { displayMode, throwOnError: true, output: 'htmlAndMathml' });

/** `$…$` within a line, `$$…$$` as lines of their own. */
function addFormulas(md: Markdown) {
  md.inline.ruler.before('escape', 'formula', (state, silent) => {
    if (state.src[state.pos] !== '$') return false;
    const end = state.src.indexOf('$', state.pos + 1);
    if (end < 0 || end === state.pos + 1) return false;
    if (!silent) state.push('formula', '', 0).content = state.src.slice(state.pos + 1, end);
    state.pos = end + 1;
    return true;
  });
  md.block.ruler.before('fence', 'display', (state, start, end, silent) => {
    const line = (n: number) => state.src.slice(state.bMarks[n]! + state.tShift[n]!, state.eMarks[n]);
    if (line(start) !== '$$') return false;
    if (silent) return true;
    let close = start + 1;
    while (close < end && line(close) !== '$$') close++;
    state.push('display', '', 0).content = state.getLines(start + 1, close, 0, false);
    state.line = close + 1;
    return true;
  });
  md.renderer.rules.formula = (tokens, i) => formula(tokens[i]!.content, false);
  md.renderer.rules.display = (tokens, i) => `<p class="display">${formula(tokens[i]!.content, true)}</p>\n`;
}

interface Directive {
  name: string;
  /** What stands behind the name: `{#id .class key=value}` or plain words. */
  words: string[];
}

/** `::: name words` … `:::` blocks: figures, margin notes and listings. */
function addDirectives(md: Markdown, render: (directive: Directive, inner: string) => string) {
  md.block.ruler.before('fence', 'directive', (state, start, end, silent) => {
    const line = (n: number) => state.src.slice(state.bMarks[n]! + state.tShift[n]!, state.eMarks[n]);
    const match = /^:::\s+(\w+)\s*(.*)$/.exec(line(start));
    if (!match) return false;
    if (silent) return true;
    let close = start + 1;
    while (close < end && line(close).trim() !== ':::') close++;
    if (close === end) throw new Error(`::: ${match[1]} is never closed`);
    const token = state.push('directive', '', 0);
    token.meta = { name: match[1], words: match[2]!.split(/\s+/).filter(Boolean) } satisfies Directive;
    token.content = state.getLines(start + 1, close, 0, false);
    state.line = close + 1;
    return true;
  });
  md.renderer.rules.directive = (tokens, i) =>
    render(tokens[i]!.meta as unknown as Directive, tokens[i]!.content);
}

export async function renderLesson(
  source: string,
  include: Include,
): Promise<{ front: Front; body: string }> {
  const shiki = await highlight();
  let figures = 0;
  let listings = 0;
  const colour = (code: string, lang: string) => {
    const html = shiki.codeToHtml(code.trimEnd(), {
      lang: { ts: 'typescript', sh: 'shell' }[lang] ?? lang,
      theme: 'fluxion',
    });
    // A code block that scrolls sideways must be reachable by keyboard, and then needs a name.
    listings++;
    return html.replace(
      /<pre class="([^"]*)"[^>]*>/,
      `<pre class="$1" tabindex="0" role="region" aria-label="Program ${listings}">`,
    );
  };
  const md = new MarkdownIt({ html: true, typographer: true, highlight: colour });
  const { front, text } = splitFront(source);

  addFormulas(md);
  addDirectives(md, ({ name, words }, inner) => {
    if (name === 'figure') {
      const [id, ...classes] = words;
      figures++;
      const caption = md.renderInline(inner.trim());
      // The element is filled in by the lesson's view; without JavaScript the caption says what it would show.
      return `<figure class="fx ${classes.join(' ')}" id="${id}">
<div class="stage" data-figure="${id}">${NEEDS_SCRIPT}</div>
<figcaption><b>Figure ${figures}.</b> ${caption}</figcaption>
</figure>\n`;
    }
    if (name === 'hero') {
      const [text, code, caption] = inner.split('\n---\n');
      return `<section class="hero wide" id="hero">
<div class="words">${md.render(text!)}
${colour(code!, 'typescript')}</div>
<figure class="fx"><div class="stage" data-figure="hero">${NEEDS_SCRIPT}</div>
<figcaption>${md.renderInline(caption!.trim())}</figcaption></figure>
</section>\n`;
    }
    if (name === 'chapters') return chapterList();
    if (name === 'note') return `<aside class="note">${md.render(inner)}</aside>\n`;
    if (name === 'source') {
      const file = words[0]!;
      return `<details class="source" id="source"><summary>${md.renderInline(inner.trim())}</summary>
<fx-code>${colour(include(file), 'typescript')}</fx-code></details>\n`;
    }
    throw new Error(`unknown directive: ::: ${name}`);
  });
  return { front, body: md.render(text) };
}
