/** Man pages, in the macros of man(7). */
import type { Block } from './blocks.ts';

/** What stands in the first line of a page. */
export interface PageHead {
  /** `erpsync-runs` */
  readonly name: string;
  readonly summary: string;
  readonly version: string;
}

/** A page of section 1. */
export function manPage({ name, summary, version }: PageHead, blocks: readonly Block[]): string {
  const title = name.toUpperCase();
  return `${[
    `.TH "${escaped(title)}" "1" "" "erpsync ${escaped(version)}" "Manual of erpsync"`,
    // No hyphens, and ragged: options and commands must not be broken.
    '.nh',
    '.ad l',
    '.SH NAME',
    `${escaped(name)} \\- ${escaped(summary)}`,
    ...blocks.flatMap((block, index) => lines(block, blocks[index - 1])),
  ].join('\n')}\n`;
}

function lines(block: Block, before: Block | undefined): readonly string[] {
  // Behind the macro of a heading stands a paragraph as it is.
  const start = before?.kind === 'heading' && before.level < 3 ? [] : ['.PP'];
  switch (block.kind) {
    case 'heading':
      if (block.level === 3) return [...start, `\\fB${escaped(block.text)}\\fR`];
      return [`.S${block.level === 1 ? 'H' : 'S'} "${escaped(block.text)}"`];
    case 'paragraph':
      return [...start, line(block.text)];
    case 'lines':
      return [...start, '.RS 4', '.nf', ...block.lines.map(line), '.fi', '.RE'];
    case 'terms':
      return block.rows.flatMap(({ typed, meaning }) => ['.TP', `\\fB${escaped(typed)}\\fR`, line(meaning)]);
  }
}

/** A line of text: never a request, whatever it begins with. */
function line(text: string): string {
  return /^[.' ]/.test(text) ? `\\&${escaped(text)}` : escaped(text);
}

/** What the typesetter would read as something else, or print as another character than is typed. */
const special: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  '"': '\\(dq',
  "'": '\\(aq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
};

function escaped(text: string): string {
  return text.replace(/[\\\-"'`^~]/g, (character) => special[character] ?? character);
}
