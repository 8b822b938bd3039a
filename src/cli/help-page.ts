/** Pages of help as data, and how they are set for a width: the words of a page never depend on it. */
import { wrapped } from '../output/fitted-text.ts';
import type { Style } from '../output/style.ts';

/** A name and what it means; a list is cut where the line ends. */
export type Row = readonly [left: string, right: string | readonly string[]];

/**
 * What stands below a heading: a paragraph (one that begins with a blank stays as it is written, however long it is, so
 * that it can be copied), a note to what stands before it, or rows in two columns.
 */
export type Content = string | { readonly note: string } | { readonly rows: readonly Row[] };

/** A part of a page. */
export interface Section {
  /** Without a colon; a part without one stands at the left edge. */
  readonly heading?: string;
  /** What stands behind the heading, on its line. */
  readonly lead?: string;
  readonly content?: readonly Content[];
}

/** A page of help. */
export type Page = readonly Section[];

/** A terminal's width is used up to this: longer lines are hard to read (columns). */
const widest = 100;
/** Where nobody says how wide it is (columns). */
const usual = 80;
/** Below this only short names leave room for a second column (columns). */
const twoColumns = 60;

/** The text of a page, with a line end; headings are bold where the stream has colour. */
export function pageText(page: Page, { paint, columns }: Style): string {
  const width = Math.max(20, Math.min(columns ?? usual, widest));
  const sections = page
    .filter(({ lead, content }) => lead !== undefined || (content?.length ?? 0) > 0)
    .map(({ heading, lead, content = [] }) => {
      const first = heading === undefined ? [] : [paint.bold(`${heading}:`) + (lead ? ` ${lead}` : '')];
      const indent = heading === undefined ? '' : '  ';
      return [...first, ...content.flatMap((each) => contentLines(each, indent, width))].join('\n');
    });
  return `${sections.join('\n\n')}\n`;
}

function contentLines(content: Content, indent: string, width: number): string[] {
  if (typeof content === 'object' && 'note' in content) return indented(content.note, `${indent}    `, width);
  if (typeof content === 'object') {
    const left = leftColumn(content.rows, width);
    return content.rows.flatMap((row) => rowLines(row, left, indent, width));
  }
  return content === '' || content.startsWith(' ') ? [content] : indented(content, indent, width);
}

function indented(text: string, indent: string, width: number): string[] {
  return wrapped(text, width - indent.length).map((line) => indent + line);
}

/** The width of the left column; 0 where what it names has a line of its own. */
function leftColumn(rows: readonly Row[], width: number): number {
  const limit = Math.floor(width * 0.4);
  const lengths = rows.map(([left]) => left.length);
  if (width < twoColumns && lengths.some((length) => length > limit)) return 0;
  return Math.max(0, ...lengths.filter((length) => length <= limit));
}

function rowLines([left, right]: Row, column: number, indent: string, width: number): string[] {
  const hanging = column === 0 ? `${indent}      ` : `${indent}${' '.repeat(column)}  `;
  const room = width - hanging.length;
  const lines = typeof right === 'string' ? wrapped(right, room) : [cutList(right, room)];
  if (left.trimEnd().length > column)
    return [`${indent}${left.trimEnd()}`, ...lines.map((line) => hanging + line)];
  const [first = '', ...others] = lines;
  return [`${indent}${left.padEnd(column)}  ${first}`, ...others.map((line) => hanging + line)];
}

/** As many names as fit on a line. */
function cutList(names: readonly string[], room: number): string {
  const whole = names.join(', ');
  if (whole.length <= room) return whole;
  let shown = '';
  for (const name of names) {
    if (`${shown}${name}, ...`.length > room) break;
    shown += `${name}, `;
  }
  return `${shown}...`;
}
