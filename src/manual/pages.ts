/** The manual: man pages, which the build makes, and the reference in docs, both from the declarations. */

import { exitCodesOf, usageLine } from '../cli/command-words.ts';
import { connectionFlags, runFlags } from '../cli/connection-flags.ts';
import type { AnyCommand } from '../cli/define.ts';
import { flagName } from '../cli/flags.ts';
import { globalFlags } from '../cli/globals.ts';
import { commands } from '../commands/index.ts';
import { exitCodeMeanings } from '../errors.ts';
import { secretSources } from '../identity/secrets.ts';
import { version } from '../version.ts';
import { type Block, heading, type Term } from './blocks.ts';
import { commandBlocks, exitCodeTerms, globalTerms, serverTerms, terms } from './command-blocks.ts';
import { markdown } from './markdown.ts';
import { manPage } from './roff.ts';

const summary = 'force a resync between SuperOffice CRM and ERP systems';

/** Commands with the same first word. */
interface CommandGroup {
  readonly word: string;
  readonly members: readonly AnyCommand[];
}

async function groups(): Promise<readonly CommandGroup[]> {
  const loaded = await Promise.all(commands.map((entry) => entry.load()));
  const words = [...new Set(loaded.map(({ path }) => path[0] ?? ''))];
  return words.map((word) => ({ word, members: loaded.filter(({ path }) => path[0] === word) }));
}

/** All man pages, by the names of their files: erpsync.1, and one for each command or group of commands. */
export async function manPages(): Promise<ReadonlyMap<string, string>> {
  const known = await groups();
  const pages = known.map(({ word, members }): [string, string] => {
    const name = `erpsync-${word}`;
    const [only] = members;
    const isGroup = only === undefined || only.path.length > 1;
    const told = isGroup ? members.map(({ path }) => path.slice(1).join(', ')).join(', ') : only.summary;
    const blocks: Block[] = [
      heading(1, 'SYNOPSIS'),
      { kind: 'lines', lines: members.map(usageLine) },
      heading(1, isGroup ? 'COMMANDS' : 'DESCRIPTION'),
      ...members.flatMap((command): Block[] => [
        ...(isGroup ? [heading(2, command.path.join(' '))] : []),
        { kind: 'paragraph', text: sentence(command.summary) },
        ...commandBlocks(command, isGroup ? 3 : 2),
        ...terms(isGroup ? 3 : 2, 'Exit codes', 'code', exitCodeTerms(exitCodesOf(command))),
      ]),
      ...seeAlso(['erpsync']),
    ];
    return [`${name}.1`, manPage({ name, summary: told, version }, blocks)];
  });
  const overview = manPage({ name: 'erpsync', summary, version }, [
    heading(1, 'SYNOPSIS'),
    { kind: 'lines', lines: ['erpsync <command> [options]'] },
    heading(1, 'COMMANDS'),
    { kind: 'terms', what: 'command', rows: known.flatMap(({ members }) => members.map(commandTerm)) },
    ...sharedBlocks(1),
    ...terms(1, 'ENVIRONMENT', 'variable', environmentTerms()),
    { kind: 'paragraph', text: 'Those of other programs that are obeyed: erpsync help environment.' },
    ...seeAlso(known.map(({ word }) => `erpsync-${word}`)),
  ]);
  return new Map([['erpsync.1', overview], ...pages]);
}

/** The reference: docs/reference.md. */
export async function reference(): Promise<string> {
  const known = await groups();
  const all = known.flatMap(({ members }) => members);
  return `<!-- Written by npm run fix from the declarations of the commands. -->\n\n${markdown([
    heading(1, 'The commands of erpsync'),
    { kind: 'terms', what: 'command', rows: all.map(commandTerm) },
    ...sharedBlocks(2),
    ...terms(2, 'Environment', 'variable', environmentTerms()),
    ...all.flatMap((command): Block[] => [
      heading(2, `erpsync ${command.path.join(' ')}`),
      { kind: 'paragraph', text: sentence(command.summary) },
      { kind: 'lines', lines: [usageLine(command)] },
      ...commandBlocks(command, 3),
      {
        kind: 'paragraph',
        text: `Exit codes: ${exitCodesOf(command)
          .map(([code]) => code)
          .join(', ')}.`,
      },
    ]),
  ])}`;
}

/** What many commands have in common. */
function sharedBlocks(level: 1 | 2): readonly Block[] {
  const title = (text: string): string => (level === 1 ? text.toUpperCase() : text);
  return [
    ...terms(level, title('Options of every command'), 'option', globalTerms()),
    ...terms(level, title('Options of the server'), 'option', serverTerms()),
    ...terms(
      level,
      title(level === 1 ? 'Exit status' : 'Exit codes'),
      'code',
      exitCodeTerms(exitCodeMeanings),
    ),
  ];
}

function commandTerm({ path, summary: does }: AnyCommand): Term {
  return { typed: path.join(' '), meaning: does };
}

function environmentTerms(): readonly Term[] {
  const flags = Object.entries({ ...globalFlags, ...connectionFlags, ...runFlags });
  return [
    ...flags.flatMap(([key, { environment, summary: means }]) =>
      environment === undefined ? [] : [{ typed: environment, meaning: `${flagName(key)}: ${means}` }],
    ),
    ...Object.values(secretSources).map(({ variable, words, use }) => ({
      typed: variable,
      meaning: `the ${words} ${use}`,
    })),
  ];
}

function seeAlso(names: readonly string[]): readonly Block[] {
  return [heading(1, 'SEE ALSO'), { kind: 'paragraph', text: names.map((name) => `${name}(1)`).join(', ') }];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
