/** One key of a key file, and what every format of such files has in common. */
import { usageError } from '../errors.ts';
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
    throw usageError(`${name}, line ${line} is not UTF-8 text`, 'give a text file, one key a line');
  }
  if (text.length <= longestLine) return text;
  throw usageError(`${name}, line ${line} is longer than ${longestLine} characters`, 'give one key a line');
}

/** What a line holds without the blanks around it; undefined for a blank line and for a comment. */
export function lineContent(line: string): string | undefined {
  const content = line.trim();
  return content === '' || content.startsWith('#') ? undefined : content;
}

/** The error for a column that is not there. */
export function noColumn(place: string, column: string, known: readonly string[]): Error {
  const hint = didYouMean(column, known) ?? `there are: ${known.slice(0, 20).join(', ')}`;
  return usageError(`${place} has no ${JSON.stringify(column)}`, hint);
}
