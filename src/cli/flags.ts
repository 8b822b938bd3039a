/** Flags and arguments as data: how each is typed, and how its text becomes a value. */
import { missing } from '../error-words.ts';

/** What a shell can complete a value with, where it is none of a few words: see `src/commands/completion-answer.ts`. */
export type Completion =
  | 'file'
  /** A file behind `@`, as in `--data @file`. */
  | 'file-behind-at'
  /** A file behind `=`, as in `--report junit=file`. */
  | 'file-behind-equals'
  | 'directory'
  | 'profile'
  | 'profile-list'
  | 'connection'
  | 'connection-list'
  | 'connection-name'
  | 'run'
  | 'run-name'
  | 'operation'
  /** A parameter of the operation that is called, and its value. */
  | 'parameter'
  | 'command-word'
  | 'nothing';

/** How the text of a flag or argument becomes a value. */
export interface ValueParser<T> {
  /** What help shows between angle brackets. */
  readonly placeholder: string;
  /** The only texts allowed, where there are such. */
  readonly choices?: readonly string[];
  /** Some of the texts that it can be, where others are allowed too. */
  readonly suggestions?: readonly string[];
  /** What else it can be. */
  readonly completes?: Completion;
  /**
   * @param where what the error names: `--chunk-size`
   * @throws ErpsyncError (usage) naming the place, the text and what is allowed
   */
  parse(text: string, where: string): T;
}

/** Flags that belong together in help. A flag without one is an option of its command, among others. */
export interface FlagGroup {
  readonly heading: string;
  /**
   * They are the same for many commands: pages of commands only name them, together under this heading, and
   * `erpsync help options` explains them.
   */
  readonly sharedAs?: string;
}

/** A flag, its name being the key that it stands under: `idsFile` is `--ids-file`. */
export interface Flag<T> {
  readonly kind: 'toggle' | 'single' | 'repeated';
  readonly summary: string;
  /** Whether a toggle means more when it is given again: `-vv`. */
  readonly counts?: true;
  readonly group?: FlagGroup;
  /** One letter, without the dash. */
  readonly short?: string;
  /** Undefined for toggles. */
  readonly value?: ValueParser<unknown>;
  /** The default as help shows it. */
  readonly shownDefault?: string;
  /** The environment variable that stands in for it. */
  readonly environment?: string;
  /** Whether it reads standard input: a toggle when it is given, a value when it is `-`. */
  readonly readsStdin?: boolean;
  /** Turns what was given (in order; nothing if it was not given) into the value. */
  read(given: readonly string[], where: string): T;
}

interface FlagDetails {
  readonly short?: string;
  readonly environment?: string;
  readonly readsStdin?: boolean;
}

/** On or off. A key that begins with `no` is a switch that is given as it is written: `--no-check`. */
export function toggle(summary: string, details: FlagDetails = {}): Flag<boolean> {
  return { kind: 'toggle', summary, ...details, read: (given) => given.length > 0 };
}

/** How often it is given: `-vv` is twice. */
export function counted(summary: string, details: FlagDetails = {}): Flag<number> {
  return { kind: 'toggle', counts: true, summary, ...details, read: (given) => given.length };
}

/** A value that may be left out. */
export function optional<T>(
  value: ValueParser<T>,
  summary: string,
  details: FlagDetails = {},
): Flag<T | undefined> {
  return {
    kind: 'single',
    summary,
    value,
    ...details,
    read: ([text], where) => (text === undefined ? undefined : value.parse(text, where)),
  };
}

/** A value that has to be given. */
export function required<T>(value: ValueParser<T>, summary: string, details: FlagDetails = {}): Flag<T> {
  return {
    kind: 'single',
    summary,
    value,
    ...details,
    read([text], where) {
      if (text === undefined) throw notGiven(where, summary);
      return value.parse(text, where);
    },
  };
}

function notGiven(where: string, summary: string): Error {
  return missing(where, 'the command does not go without it', `give ${summary}`);
}

/** A value with a default, given as the text that would be typed for it. */
export function withDefault<T>(
  value: ValueParser<T>,
  fallback: string,
  summary: string,
  details: FlagDetails = {},
): Flag<T> {
  return {
    kind: 'single',
    summary,
    value,
    shownDefault: fallback,
    ...details,
    read: ([text], where) => value.parse(text ?? fallback, where),
  };
}

/** A value that may be given several times. */
export function repeated<T>(
  value: ValueParser<T>,
  summary: string,
  details: FlagDetails = {},
): Flag<readonly T[]> {
  return {
    kind: 'repeated',
    summary,
    value,
    ...details,
    read: (given, where) => given.map((text) => value.parse(text, where)),
  };
}

/** A word after the command's name, or as the last of its arguments all words that are left. */
export interface Argument<T> {
  readonly summary: string;
  readonly required: boolean;
  readonly value: ValueParser<unknown>;
  /**
   * Takes all words that are left: `words` wherever they stand, `command` only from behind `--`, so that
   * no option of theirs is taken for one of ours.
   */
  readonly takesRest?: 'words' | 'command';
  /** @param given its word, or the words that are left; nothing if there are none */
  read(given: readonly string[], where: string): T;
}

/** An argument that has to be there. */
export function argument<T>(value: ValueParser<T>, summary: string): Argument<T> {
  return {
    summary,
    required: true,
    value,
    read([text], where) {
      if (text === undefined) throw notGiven(where, summary);
      return value.parse(text, where);
    },
  };
}

/** All words that are left, at least one: the last argument of a command. */
export function remaining<T>(
  value: ValueParser<T>,
  summary: string,
  takesRest: 'words' | 'command' = 'words',
): Argument<readonly T[]> {
  return {
    summary,
    required: true,
    value,
    takesRest,
    read(given, where) {
      if (given.length === 0) throw notGiven(where, summary);
      return given.map((text) => value.parse(text, where));
    },
  };
}

/** All words that are left, also none: the last argument of a command. */
export function anyRemaining<T>(value: ValueParser<T>, summary: string): Argument<readonly T[]> {
  return {
    summary,
    required: false,
    value,
    takesRest: 'words',
    read: (given, where) => given.map((text) => value.parse(text, where)),
  };
}

/** An argument that may be left out. */
export function optionalArgument<T>(value: ValueParser<T>, summary: string): Argument<T | undefined> {
  return {
    summary,
    required: false,
    value,
    read: ([text], where) => (text === undefined ? undefined : value.parse(text, where)),
  };
}

/** The same flags as a part of a group; those that are in one already go over to it. */
export function inGroup<F extends Flags>(group: FlagGroup, flags: F): F {
  return Object.fromEntries(
    Object.entries(flags).map(([key, flag]) => [key, { ...flag, group }]),
    // The same flags under the same keys.
  ) as unknown as F;
}

/** The same flags for a command that is about them: its page explains each. */
export function explained<F extends Flags>(flags: F): F {
  return Object.fromEntries(
    Object.entries(flags).map(([key, flag]) => [
      key,
      flag.group === undefined ? flag : { ...flag, group: { heading: flag.group.heading } },
    ]),
    // The same flags under the same keys.
  ) as unknown as F;
}

export type Flags = Readonly<Record<string, Flag<unknown>>>;
export type Arguments = Readonly<Record<string, Argument<unknown>>>;
/** The values of flags or arguments as `run` sees them. */
export type Given<D extends Flags | Arguments> = {
  readonly [K in keyof D]: D[K] extends { read(...given: never[]): infer T } ? T : never;
};

/** `idsFile` as it is typed: `--ids-file`; `environment` is `--env` for short. */
export function flagName(key: string): string {
  if (key === 'environment') return '--env';
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
