/** Commands and their flags as data: what help, parsing and the snapshot of the interface are made from. */
import type { Effect } from '../agent/contract.ts';
import { usageError } from '../errors.ts';
import type { Style } from '../output/style.ts';
import type { Context } from './context.ts';

/** How the text of a flag or argument becomes a value. */
export interface ValueParser<T> {
  /** What help shows between angle brackets. */
  readonly placeholder: string;
  /** The only texts allowed, where there are such. */
  readonly choices?: readonly string[];
  /**
   * @param where what the error names: `--chunk-size`
   * @throws ErpsyncError (usage) naming the place, the text and what is allowed
   */
  parse(text: string, where: string): T;
}

/** A flag, its name being the key that it stands under: `idsFile` is `--ids-file`. */
export interface Flag<T> {
  readonly kind: 'toggle' | 'single' | 'repeated';
  readonly summary: string;
  /** One letter, without the dash. */
  readonly short?: string;
  /** Undefined for toggles. */
  readonly value?: ValueParser<unknown>;
  /** The default as help shows it. */
  readonly shownDefault?: string;
  /** The environment variable that stands in for it. */
  readonly environment?: string;
  /** Turns what was given (in order; nothing if it was not given) into the value. */
  read(given: readonly string[], where: string): T;
}

interface FlagDetails {
  readonly short?: string;
  readonly environment?: string;
}

/** On or off. A key that begins with `no` is a switch that is given as it is written: `--no-check`. */
export function toggle(summary: string, details: FlagDetails = {}): Flag<boolean> {
  return { kind: 'toggle', summary, ...details, read: (given) => given.length > 0 };
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
export function repeated<T>(value: ValueParser<T>, summary: string): Flag<readonly T[]> {
  return {
    kind: 'repeated',
    summary,
    value,
    read: (given, where) => given.map((text) => value.parse(text, where)),
  };
}

/** A word after the command's name. */
export interface Argument<T> {
  readonly summary: string;
  readonly required: boolean;
  readonly value: ValueParser<unknown>;
  read(text: string | undefined, where: string): T;
}

/** An argument that has to be there. */
export function argument<T>(value: ValueParser<T>, summary: string): Argument<T> {
  return {
    summary,
    required: true,
    value,
    read(text, where) {
      if (text === undefined) throw usageError(`${where} is missing: ${summary}`);
      return value.parse(text, where);
    },
  };
}

/** An argument that may be left out. */
export function optionalArgument<T>(value: ValueParser<T>, summary: string): Argument<T | undefined> {
  return {
    summary,
    required: false,
    value,
    read: (text, where) => (text === undefined ? undefined : value.parse(text, where)),
  };
}

export type Flags = Readonly<Record<string, Flag<unknown>>>;
export type Arguments = Readonly<Record<string, Argument<unknown>>>;
/** The values of flags or arguments as `run` sees them. */
export type Given<D extends Flags | Arguments> = {
  readonly [K in keyof D]: D[K] extends { read(...given: never[]): infer T } ? T : never;
};

/** A command line that is shown in help and run by a test. */
export interface Example {
  readonly run: string;
  readonly why: string;
}

/** What a command returns: the body of `-o json`; `exitCode` is 0 unless it says otherwise. */
export type CommandResult = Readonly<Record<string, unknown>> & { readonly exitCode?: number };

/** A command: what it is called, what it takes, what it does, how its result reads. */
export interface Command<
  F extends Flags = Flags,
  A extends Arguments = Arguments,
  R extends CommandResult = CommandResult,
> {
  /** Its words: `['profile', 'add']`; also its file below src/commands. */
  readonly path: readonly string[];
  readonly summary: string;
  /** Paragraphs for its help page. */
  readonly description?: readonly string[];
  /** `read` prints its result even with --quiet; the others then print errors only. */
  readonly effect: Effect;
  readonly arguments: A;
  readonly flags: F;
  readonly examples: readonly Example[];
  /** Exit codes besides 0, 1, 2 and 3. */
  readonly exitCodes?: readonly number[];
  /** Does it, and returns the body of `-o json`. Nothing but the context reaches the outside. */
  run(input: Given<F> & Given<A>, context: Context): Promise<R>;
  /** The result for people; `-o json` never calls it. Empty text prints nothing. */
  render(result: R, style: Style): string;
}

/** A command of any type, as the program handles it. */
export interface AnyCommand extends Omit<Command, 'run' | 'render'> {
  run(input: never, context: Context): Promise<CommandResult>;
  render(result: never, style: Style): string;
}

/** Declares a command; only there for its types. */
export function defineCommand<F extends Flags, A extends Arguments, R extends CommandResult>(
  command: Command<F, A, R>,
): Command<F, A, R> {
  return command;
}

/** `idsFile` as it is typed: `--ids-file`. */
export function flagName(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
