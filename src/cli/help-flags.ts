/** The flags of commands on pages of help. */
import { flagMeaning, flagSyntax } from './command-words.ts';
import { type Flag, type Flags, flagName } from './flags.ts';
import type { Content, Row, Section } from './help-page.ts';

/** The flags of a command by what they are about; those that many commands share are only named. */
export function flagSections(flags: Flags): readonly Section[] {
  const own = new Map<string, Record<string, Flag<unknown>>>();
  const shared = new Map<string, Record<string, Flag<unknown>>>();
  for (const [key, flag] of Object.entries(flags)) {
    const { heading, sharedAs } = flag.group ?? { heading: 'Options' };
    const sections = sharedAs === undefined ? own : shared;
    const title = sharedAs ?? heading;
    sections.set(title, { ...sections.get(title), [key]: flag });
  }
  return [
    ...[...own].map(([heading, group]) => ({ heading, content: rowsOf(flagRows(group)) })),
    ...[...shared].map(([heading, group]) => ({
      heading,
      content: ['Explained by: erpsync help options', namesOf(group)],
    })),
  ];
}

/** Rows, or nothing where there are none. */
export function rowsOf(rows: readonly Row[]): readonly Content[] {
  return rows.length === 0 ? [] : [{ rows }];
}

/** Flags by their names alone. */
export function namesOf(flags: Flags): string {
  return Object.entries(flags)
    .map(([key, { short }]) => `${short === undefined ? '' : `-${short}/`}${flagName(key)}`)
    .join(', ');
}

/** A row for each flag, as it is typed and what it means; names without a short form are in line with the others. */
export function flagRows(flags: Flags): readonly Row[] {
  return Object.entries(flags).map(([key, flag]) => [
    `${flag.short === undefined ? '    ' : ''}${flagSyntax(key, flag)}`,
    flagMeaning(flag),
  ]);
}
