/** Commands as data: what help, parsing and the snapshot of the interface are made from. */
import type { Effect } from '../agent/contract.ts';
import type { Style } from '../output/style.ts';
import type { Context } from './context.ts';
import type { Arguments, Flags, Given } from './flags.ts';
import type { ResultSchemas } from './result-schemas.ts';

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
  /** Lines for its help page: those that follow each other are one paragraph, unless they begin with a blank. */
  readonly description?: readonly string[];
  /** `read` prints its result even with --quiet; the others then print errors only. */
  readonly effect: Effect;
  /** Its result is data that was asked for, whatever the effect: --quiet prints it. */
  readonly yieldsData?: boolean;
  /** It has told its result while it ran ({@link Context.announce}): nothing is printed at its end. */
  readonly announces?: boolean;
  /** Of a list: the member of its items that `-o ids` prints, one a line. Others have no `-o ids` and no `-o csv`. */
  readonly idColumn?: string;
  /** It tells events while it runs ({@link Context.event}), of which its document is the last, also when it is a list. */
  readonly tellsEvents?: boolean;
  readonly arguments: A;
  readonly flags: F;
  readonly examples: readonly Example[];
  /** Exit codes besides those of every command. */
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

/** A command before it is loaded. */
export interface CommandEntry {
  readonly path: readonly string[];
  readonly summary: string;
  load(): Promise<AnyCommand>;
}

/** The commands of a program, and what is known of their results. */
export interface Program {
  readonly commands: readonly CommandEntry[];
  loadSchemas(): Promise<ResultSchemas>;
}

/** Declares a command; only there for its types. */
export function defineCommand<F extends Flags, A extends Arguments, R extends CommandResult>(
  command: Command<F, A, R>,
): Command<F, A, R> {
  return command;
}
