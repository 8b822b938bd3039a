/** One key of a key file, and what every format of such files has in common. */
import { unusable } from '../error-words.ts';
import { didYouMean } from '../nearest-name.ts';

/** How a key file is written. */
export const keyFormats = ['lines', 'csv', 'tsv', 'ndjson'] as const;
export type KeyFormat = (typeof keyFormats)[number];

/** A key as it stands in the file, and the line that it stands in (from 1). */
export interface Cell {
  readonly text: string;
  readonly line: number;
}

/** How to read a key file. */
export interface CellOptions {
  /** What errors call the file. */
  readonly name: string;
  readonly format: KeyFormat;
  /** Name of the column or field, or the column's number from 1. */
  readonly column: string | undefined;
  /** ERP keys: no comment, no blank line, no trimming. */
  readonly opaque: boolean;
}

/** No line of keys is longer (characters); a file without line ends is no list. */
const longestLine = 65_536;

/** @throws ErpsyncError (usage) for what is no line of text */
export function checkText(text: string, name: string, line: number): string {
  if (text.includes('\0') || text.includes('\uFFFD')) {
    throw unusable(`${name}, line ${line}`, 'it is not UTF-8 text', givenAsText);
  }
  if (text.length <= longestLine) return text;
  throw unusable(`${name}, line ${line}`, `it is longer than ${longestLine} characters`, givenAsText);
}

const givenAsText = 'give a text file with one key a line';

/** What a line holds without the blanks around it; undefined for a blank line and for a comment. */
export function lineContent(line: string): string | undefined {
  const content = line.trim();
  return content === '' || content.startsWith('#') ? undefined : content;
}

const shownColumns = 20;

/** The error for a column that is not there. */
export function noColumn(place: string, column: string, known: readonly string[]): Error {
  const shown = known.slice(0, shownColumns).join(', ');
  const more = known.length > shownColumns ? ` and ${known.length - shownColumns} more` : '';
  const nearest = didYouMean(column, known);
  return unusable(
    place,
    `it has no ${JSON.stringify(column)}: it has ${known.length === 0 ? 'nothing' : `${shown}${more}`}`,
    `${nearest === undefined ? 'name' : `${nearest} Name`} one of them with --column`,
  );
}
