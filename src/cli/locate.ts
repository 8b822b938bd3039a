/** Which command a command line means. Loads none: only names and global options are known here. */
import { usageError } from '../errors.ts';
import { nearestName } from '../nearest-name.ts';
import type { CommandEntry } from './define.ts';
import { flagName } from './flags.ts';
import { globalFlags } from './globals.ts';

/** A command line without the words that name its command. */
export interface Located {
  /** The words found: a command's, a group's, or none. */
  readonly path: readonly string[];
  /** Undefined when the words name no command but a group, or nothing. */
  readonly entry: CommandEntry | undefined;
  readonly rest: readonly string[];
  /** Set when --help or --version stands anywhere before `--`. */
  readonly wants: 'help' | 'version' | undefined;
}

/**
 * Finds the command. Global options may stand before its words; `-h`, `--help` and `--version` anywhere.
 *
 * @throws ErpsyncError (usage) for a word that is no command, with the nearest one
 */
export function locateCommand(args: readonly string[], commands: readonly CommandEntry[]): Located {
  const path: string[] = [];
  const rest: string[] = [];
  let entry: CommandEntry | undefined;
  let index = 0;
  while (index < args.length && !entry) {
    const arg = args[index] ?? '';
    index++;
    if (arg === '--') break;
    if (arg === '-h' || arg === '--help' || arg === '--version') {
      rest.push(arg);
    } else if (arg.startsWith('-') && arg !== '-') {
      rest.push(arg);
      if (globalTakesNext(arg) && index < args.length) rest.push(args[index++] ?? '');
    } else {
      path.push(arg);
      entry = commands.find((known) => samePath(known.path, path));
      if (!entry && !commands.some((known) => samePath(known.path.slice(0, path.length), path))) {
        throw unknownCommand(path, commands);
      }
    }
  }
  const all = [...rest, ...args.slice(index)];
  return { path, entry, rest: all, wants: wanted(all) };
}

function wanted(args: readonly string[]): Located['wants'] {
  const end = args.indexOf('--');
  const options = end === -1 ? args : args.slice(0, end);
  if (options.includes('--help') || options.includes('-h')) return 'help';
  return options.includes('--version') ? 'version' : undefined;
}

/** Whether a global option, or a cluster of short ones (`-qo`), takes the next word as its value. */
function globalTakesNext(arg: string): boolean {
  const flags = Object.entries(globalFlags);
  if (arg.startsWith('--')) {
    const [name] = arg.split('=', 1);
    const found = flags.find(([key]) => flagName(key) === name);
    if (found) return found[1].kind !== 'toggle' && name === arg;
  } else {
    for (const [index, letter] of [...arg.slice(1)].entries()) {
      const found = flags.find(([, { short }]) => short === letter);
      if (!found) break;
      // What follows the letter of a value is the value.
      if (found[1].kind !== 'toggle') return index === arg.length - 2;
      if (index === arg.length - 2) return false;
    }
  }
  throw usageError(
    `${arg.split('=', 1)[0]} stands before the command`,
    "a command's own options come after its name",
  );
}

function unknownCommand(path: readonly string[], commands: readonly CommandEntry[]): Error {
  const typed = path.join(' ');
  const names = [...new Set(commands.map((known) => known.path.slice(0, path.length).join(' ')))];
  const nearest = nearestName(typed, names);
  const hint =
    nearest === undefined
      ? 'see: erpsync --help'
      : `did you mean "${nearest}"? See: erpsync ${nearest} --help`;
  return usageError(`unknown command ${JSON.stringify(typed)}`, hint);
}

function samePath(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((word, index) => word === b[index]);
}
