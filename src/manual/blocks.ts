/** What a manual consists of, whatever it is written in. */

/** A part of a page. Texts are plain: each form escapes them itself. */
export type Block =
  /** Level 1 stands over a page or a large part of one. */
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  /** Lines as they are typed or shown. */
  | { readonly kind: 'lines'; readonly lines: readonly string[] }
  /** What is typed, such as an option, and what it means. */
  | { readonly kind: 'terms'; readonly what: string; readonly rows: readonly Term[] };

/** What is typed, and what it means. */
export interface Term {
  readonly typed: string;
  readonly meaning: string;
}

export function heading(level: 1 | 2 | 3, text: string): Block {
  return { kind: 'heading', level, text };
}

/** Lines of help: those that follow each other are a paragraph, those that begin with a blank stay as they are. */
export function proseBlocks(lines: readonly string[]): readonly Block[] {
  const blocks: Block[] = [];
  let gathered: string[] = [];
  const end = (): void => {
    const [first] = gathered;
    if (first?.startsWith(' ')) blocks.push({ kind: 'lines', lines: withoutIndent(gathered) });
    else if (first !== undefined) blocks.push({ kind: 'paragraph', text: gathered.join(' ') });
    gathered = [];
  };
  for (const line of lines) {
    const isOther = gathered.length > 0 && line.startsWith(' ') !== gathered[0]?.startsWith(' ');
    if (line === '' || isOther) end();
    if (line !== '') gathered.push(line);
  }
  end();
  return blocks;
}

/** Lines without the blanks that all of them begin with. */
function withoutIndent(lines: readonly string[]): readonly string[] {
  const indent = Math.min(...lines.map((line) => line.search(/[^ ]|$/)));
  return lines.map((line) => line.slice(indent));
}
