/** Options that there are not, or not where they stand. */
import { type ErpsyncError, usageError } from '../errors.ts';
import { nearestName } from '../nearest-name.ts';
import type { AnyCommand, CommandEntry } from './define.ts';
import { type Flags, flagName } from './flags.ts';
import { globalFlags } from './globals.ts';

/** What other programs have under these names. */
const usualElsewhere: Readonly<Record<string, string>> = { '-V': '--version', '-?': '--help' };

/** The error for a word that is no option of a command, with the nearest one that is. */
export function unknownOption(word: string, command: AnyCommand): ErpsyncError {
  const words = command.path.join(' ');
  const known = [...everywhere(), ...optionNames(command.flags)];
  return noSuchOption(optionIn(word, known), known, `${words} has none of this name`, `erpsync ${words}`);
}

/**
 * The error for a word before those of the command that is no option of every command. Only now are the commands
 * loaded, to tell whether it is one of theirs.
 */
export async function earlyOption(word: string, commands: readonly CommandEntry[]): Promise<ErpsyncError> {
  const loaded = await Promise.all(commands.map((entry) => entry.load()));
  const theirs = loaded.flatMap(({ flags }) => optionNames(flags));
  const known = [...everywhere(), ...theirs];
  const typed = optionIn(word, known, everywhere());
  if (!theirs.includes(typed)) return noSuchOption(typed, known, 'no command has it', 'erpsync');
  return usageError({
    what: `${typed} stands before the command`,
    why: 'only some commands have it',
    next: "write it after the command's name",
  });
}

/**
 * Letters behind one dash are an option each, unless what is missing is the second dash: `-version`.
 *
 * @param usable those that may stand where the word does
 */
function optionIn(word: string, known: readonly string[], usable = known): string {
  if (word.startsWith('--') || known.includes(`-${word}`)) return word;
  const letter = [...word.slice(1)].find((each) => !usable.includes(`-${each}`)) ?? '';
  return `-${letter}`;
}

function noSuchOption(typed: string, known: readonly string[], why: string, command: string): ErpsyncError {
  const nearest = nearestOption(typed, known);
  const help = `${command} --help`;
  return usageError({
    what: `there is no option ${typed}`,
    why,
    next: nearest === undefined ? `see: ${help}` : `did you mean ${JSON.stringify(nearest)}? See: ${help}`,
  });
}

function nearestOption(typed: string, known: readonly string[]): string | undefined {
  if (typed.startsWith('--')) return nearestName(typed, known);
  const otherCase = (name: string): boolean => name.toLowerCase() === typed.toLowerCase();
  return known.find((name) => name === `-${typed}`) ?? usualElsewhere[typed] ?? known.find(otherCase);
}

function everywhere(): readonly string[] {
  return ['-h', '--help', '--version', ...optionNames(globalFlags)];
}

function optionNames(flags: Flags): readonly string[] {
  return Object.entries(flags).flatMap(([key, { short }]) => [
    flagName(key),
    ...(short === undefined ? [] : [`-${short}`]),
  ]);
}
