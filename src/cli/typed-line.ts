/** A command line that is still being typed: which command it is, what it has been given, and what comes next. */
import type { AnyCommand, CommandEntry } from './define.ts';
import { type Argument, type Flag, type Flags, flagName } from './flags.ts';
import { globalFlags } from './globals.ts';

/** What stands at the cursor. */
export type Cursor =
  /** A word of the command's name. */
  | { readonly kind: 'command' }
  /** The name of a flag. */
  | { readonly kind: 'flag' }
  /** The value of a flag; `before` is what stands before it in the same word, such as `--output=`. */
  | { readonly kind: 'value'; readonly flag: Flag<unknown>; readonly before: string }
  /** An argument; none where the command takes no more. */
  | { readonly kind: 'argument'; readonly argument: Argument<unknown> | undefined };

/** A command line up to the cursor. */
export interface TypedLine {
  readonly cursor: Cursor;
  /** The word at the cursor, as far as it is typed. */
  readonly text: string;
  /** The words of the command's name so far. */
  readonly path: readonly string[];
  /** Undefined before it is named. */
  readonly command: AnyCommand | undefined;
  /** The flags that are known here: those of every command, and the command's own. */
  readonly flags: Flags;
  /** What the flags before the cursor were given, by their keys. */
  readonly given: ReadonlyMap<string, readonly string[]>;
  /** The arguments before the cursor. */
  readonly words: readonly string[];
}

interface FlagWord {
  /** Keys of flags with their values; the last one has none yet if it takes the next word. */
  readonly given: readonly (readonly [key: string, value: string | undefined])[];
  /** What stands before the value of the last one, in the same word; undefined where that one has no value there. */
  readonly before: string | undefined;
}

/**
 * Reads the words behind the program's name, the one at the cursor last. Of commands only the one that is named is
 * loaded. Undefined where what was typed is no beginning of a command line.
 */
export async function readTypedLine(
  typed: readonly string[],
  commands: readonly CommandEntry[],
): Promise<TypedLine | undefined> {
  const text = typed.at(-1) ?? '';
  const path: string[] = [];
  const words: string[] = [];
  const given = new Map<string, string[]>();
  let command: AnyCommand | undefined;
  let flags: Flags = globalFlags;
  let waiting: string | undefined;
  let onlyWords = false;
  const take = (key: string, value: string): void => void given.set(key, [...(given.get(key) ?? []), value]);

  for (const word of typed.slice(0, -1)) {
    if (waiting !== undefined) {
      take(waiting, word);
      waiting = undefined;
    } else if (!onlyWords && word === '--') {
      onlyWords = true;
    } else if (!onlyWords && word.startsWith('-') && word !== '-') {
      for (const [key, value] of readFlagWord(word, flags).given) {
        if (value === undefined) waiting = key;
        else take(key, value);
      }
    } else if (command === undefined) {
      path.push(word);
      const entry = commands.find(({ path: known }) => known.join(' ') === path.join(' '));
      if (entry) {
        command = await entry.load();
        flags = { ...globalFlags, ...command.flags };
      } else if (!isBeginning(path, commands)) {
        return undefined;
      }
    } else {
      words.push(word);
    }
  }
  // A command's name does not stand behind --.
  if (command === undefined && onlyWords) return undefined;
  const cursor = cursorAt(text, { waiting, onlyWords, flags, command, words });
  return { cursor, text, path, command, flags, given, words };
}

/** Whether some command has more words than these, and begins with them. */
function isBeginning(path: readonly string[], commands: readonly CommandEntry[]): boolean {
  return commands.some(({ path: known }) => path.every((word, index) => known[index] === word));
}

interface Standing extends Pick<TypedLine, 'flags' | 'command' | 'words'> {
  readonly waiting: string | undefined;
  readonly onlyWords: boolean;
}

function cursorAt(text: string, { waiting, onlyWords, flags, command, words }: Standing): Cursor {
  const awaited = waiting === undefined ? undefined : flags[waiting];
  if (awaited) return { kind: 'value', flag: awaited, before: '' };
  if (!onlyWords && text.startsWith('-')) {
    const { given, before } = readFlagWord(text, flags);
    const flag = flags[given.at(-1)?.[0] ?? ''];
    return flag !== undefined && before !== undefined ? { kind: 'value', flag, before } : { kind: 'flag' };
  }
  if (command === undefined) return { kind: 'command' };
  const declared: readonly Argument<unknown>[] = Object.values(command.arguments);
  const last = declared.at(-1);
  const argument = declared[words.length] ?? (last?.takesRest === undefined ? undefined : last);
  // Such words are taken from behind -- alone.
  const isTooEarly = argument?.takesRest === 'command' && !onlyWords;
  return { kind: 'argument', argument: isTooEarly ? undefined : argument };
}

/** Reads `--name`, `--name=value`, `-n`, `-nvalue`, `-n=value` and clusters such as `-qo`; what is not known is left out. */
function readFlagWord(word: string, flags: Flags): FlagWord {
  const entries = Object.entries(flags);
  if (word.startsWith('--')) {
    const [name = ''] = word.split('=', 1);
    const [key, flag] = entries.find(([known]) => flagName(known) === name) ?? [];
    if (key === undefined || flag === undefined) return { given: [], before: undefined };
    if (flag.kind === 'toggle') return { given: [[key, '']], before: undefined };
    if (name === word) return { given: [[key, undefined]], before: undefined };
    return { given: [[key, word.slice(name.length + 1)]], before: `${name}=` };
  }
  const given: [string, string | undefined][] = [];
  for (const [index, letter] of [...word].entries()) {
    if (index === 0) continue;
    const [key, flag] = entries.find(([, { short }]) => short === letter) ?? [];
    if (key === undefined || flag === undefined) break;
    if (flag.kind === 'toggle') {
      given.push([key, '']);
      continue;
    }
    const before = word.slice(0, word[index + 1] === '=' ? index + 2 : index + 1);
    const isWhole = word.length === index + 1;
    given.push([key, isWhole ? undefined : word.slice(before.length)]);
    return { given, before: isWhole ? undefined : before };
  }
  return { given, before: undefined };
}
