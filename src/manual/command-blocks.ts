/** What the manual says of a command, from its declaration. */
import { argumentSyntax, type ExitCodeMeaning, flagMeaning, flagSyntax } from '../cli/command-words.ts';
import { connectionFlags } from '../cli/connection-flags.ts';
import type { AnyCommand } from '../cli/define.ts';
import type { Argument, Flag, Flags } from '../cli/flags.ts';
import { globalFlags } from '../cli/globals.ts';
import { type Block, heading, proseBlocks, type Term } from './blocks.ts';

/** All but its name, usage and exit codes; headings are of this level. */
export function commandBlocks(command: AnyCommand, level: 2 | 3): readonly Block[] {
  const own = Object.entries(command.flags).filter(([key, flag]) => !isShared(key, flag));
  const callsServer = Object.keys(command.flags).length > own.length;
  const others = callsServer
    ? 'the options of every command and those of the server'
    : 'those of every command';
  return [
    ...proseBlocks(command.description ?? []),
    ...terms(level, 'Arguments', 'argument', Object.entries(command.arguments).map(argumentTerm)),
    ...terms(level, 'Options', 'option', flagTerms(Object.fromEntries(own))),
    { kind: 'paragraph', text: own.length === 0 ? `It takes ${others}.` : `Besides, it takes ${others}.` },
    heading(level, 'Examples'),
    ...command.examples.flatMap(({ run, why }): Block[] => [
      { kind: 'paragraph', text: `${why.charAt(0).toUpperCase()}${why.slice(1)}:` },
      { kind: 'lines', lines: [run] },
    ]),
  ];
}

/** The rows for flags, in their order. */
export function flagTerms(flags: Flags): readonly Term[] {
  return Object.entries(flags).map(([key, flag]) => ({
    typed: flagSyntax(key, flag),
    meaning: flagMeaning(flag),
  }));
}

/** The options of every command. */
export function globalTerms(): readonly Term[] {
  return [
    ...flagTerms(globalFlags),
    { typed: '-h, --help', meaning: 'help for erpsync or a command' },
    { typed: '--version', meaning: 'the version of erpsync' },
  ];
}

/** The options of the commands that call a server. */
export function serverTerms(): readonly Term[] {
  return flagTerms(connectionFlags);
}

/** Exit codes and when they are given. */
export function exitCodeTerms(codes: readonly ExitCodeMeaning[]): readonly Term[] {
  return codes.map(([code, name, when]) => ({ typed: code, meaning: `${name}: ${when}` }));
}

/** A heading with its rows; nothing without rows. */
export function terms(
  level: 1 | 2 | 3,
  title: string,
  what: string,
  rows: readonly Term[],
): readonly Block[] {
  return rows.length === 0 ? [] : [heading(level, title), { kind: 'terms', what, rows }];
}

/** Whether a flag is that of all commands which call a server, not one of its own under the same name. */
function isShared(key: string, flag: Flag<unknown>): boolean {
  const shared: Flags = connectionFlags;
  return shared[key] === flag;
}

function argumentTerm([key, argument]: [string, Argument<unknown>]): Term {
  return { typed: argumentSyntax(key, argument), meaning: argument.summary };
}
