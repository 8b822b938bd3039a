/** Which command a command line means. Loads none: only names and global options are known here. */
import { unknownName } from '../error-words.ts';
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
  /** A word before those of the command with an option that not every command has. */
  readonly early: string | undefined;
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
  let early: string | undefined;
  while (index < args.length && !entry && early === undefined) {
    const arg = args[index] ?? '';
    index++;
    if (arg === '--') break;
    if (arg === '-h' || arg === '--help' || arg === '--version') {
      rest.push(arg);
    } else if (arg.startsWith('-') && arg !== '-') {
      rest.push(arg);
      const { unknown, takesNext } = globalOption(arg);
      early = unknown;
      if (takesNext && index < args.length) rest.push(args[index++] ?? '');
    } else {
      path.push(arg);
      entry = commands.find((known) => samePath(known.path, path));
      if (!entry && !commands.some((known) => samePath(known.path.slice(0, path.length), path))) {
        throw unknownCommand(path, commands);
      }
    }
  }
  const all = [...rest, ...args.slice(index)];
  return { path, entry, rest: all, wants: wanted(all), early };
}

function wanted(args: readonly string[]): Located['wants'] {
  const end = args.indexOf('--');
  const options = end === -1 ? args : args.slice(0, end);
  if (options.includes('--help') || options.includes('-h')) return 'help';
  return options.includes('--version') ? 'version' : undefined;
}

interface GlobalOption {
  /** Whether the next word is its value. */
  readonly takesNext: boolean;
  /** The word, where an option is in it that not every command has. */
  readonly unknown?: string;
}

/** A word that begins with a dash: a global option, or a cluster of short ones (`-qo`). */
function globalOption(arg: string): GlobalOption {
  const flags = Object.entries(globalFlags);
  if (arg.startsWith('--')) {
    const [name = ''] = arg.split('=', 1);
    const found = flags.find(([key]) => flagName(key) === name)?.[1];
    if (!found) return { takesNext: false, unknown: name };
    return { takesNext: found.kind !== 'toggle' && name === arg };
  }
  for (const [index, letter] of [...arg.slice(1)].entries()) {
    const found = flags.find(([, { short }]) => short === letter)?.[1];
    if (!found) return { takesNext: false, unknown: arg };
    // What follows the letter of a value is the value.
    if (found.kind !== 'toggle') return { takesNext: index === arg.length - 2 };
  }
  return { takesNext: false };
}

function unknownCommand(path: readonly string[], commands: readonly CommandEntry[]): Error {
  const group = path.slice(0, -1);
  const known = commands.filter((command) => samePath(command.path.slice(0, group.length), group));
  const names = [...new Set(known.map((command) => command.path.slice(0, path.length).join(' ')))];
  const typed = path.join(' ');
  const nearest = nearestName(typed, names);
  const page = [nearest ?? group.join(' ')].filter((words) => words !== '');
  return unknownName({
    kind: 'command',
    typed,
    known: names,
    next: `see: ${['erpsync', ...page, '--help'].join(' ')}`,
  });
}

function samePath(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((word, index) => word === b[index]);
}
