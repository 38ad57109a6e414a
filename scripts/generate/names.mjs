// Names in their several forms.

/** max_pool2d → maxPool2d */
export const camel = (name) => name.replace(/_+([a-z0-9])/g, (_, c) => c.toUpperCase());

/** maxPool2d → max_pool2d */
export const snake = (name) => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);

/** The text as a line of a C-style block comment may hold it. */
export const commentSafe = (text) => text.replace(/\*\//g, '*∕');

/** Breaks a text into lines of at most `width` characters. */
export function wrapText(text, width) {
  const lines = [];
  let line = '';
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line ? `${line} ${word}` : word;
    }
  }
  if (line) lines.push(line);
  return lines;
}
