/** The manual in Markdown, as GitHub reads it. */
import type { Block } from './blocks.ts';

/** Blocks as a document. */
export function markdown(blocks: readonly Block[]): string {
  return `${blocks.map(text).join('\n\n')}\n`;
}

function text(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${escapedMarkdown(block.text)}`;
    case 'paragraph':
      return escapedMarkdown(block.text);
    case 'lines':
      return block.lines.map((line) => `    ${line}`).join('\n');
    case 'terms':
      return [
        `| ${block.what} | meaning |`,
        '|---|---|',
        ...block.rows.map(({ typed, meaning }) => `| ${cell(code(typed))} | ${escapedMarkdown(meaning)} |`),
      ].join('\n');
  }
}

/** Text that means nothing but itself: no emphasis, links, tags, cells or lists come of it. */
export function escapedMarkdown(plain: string): string {
  return plain
    .replace(/[\\`*_{}[\]<>|#~&!]/g, '\\$&')
    .replaceAll('://', '\\://')
    .replace(/^([-+]|\d+(?=[.)]))/, (first) => (/\d/.test(first) ? `${first}\\` : `\\${first}`));
}

/** Text as code; the fence is longer than any within it. */
function code(plain: string): string {
  const longest = Math.max(0, ...(plain.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${plain}${fence}` : `${fence} ${plain} ${fence}`;
}

/** In a table a bar ends the cell, in code too. */
function cell(content: string): string {
  return content.replaceAll('|', '\\|');
}
