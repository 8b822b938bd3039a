/** All that a command sees of the outside. */
import type { Readable, Writable } from 'node:stream';
import type { EndingSignal } from '../errors.ts';
import type { AskProgram } from '../identity/asked-program.ts';
import type { Progress } from '../output/progress.ts';
import type { Annotation } from '../output/workflow-commands.ts';
import type { Clock } from '../transport/retry.ts';
import type { Globals } from './globals.ts';
import type { Prompts } from './prompts.ts';
import type { ResultSchemas } from './result-schemas.ts';

/** A program to run beside this one. */
export interface ProgramToRun {
  /** The program and its arguments; no shell reads them. */
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /**
   * Where its standard output goes; input and errors are those of this process. With `none` it has neither, no
   * signal of our terminal reaches it, and this process ends without it.
   */
  readonly output: 'stdout' | 'stderr' | 'none';
}

/** How it ended. */
export type ProgramEnd =
  | { readonly kind: 'exited'; readonly code: number }
  /** `number` is the signal's: a shell makes 128 + number of it. */
  | { readonly kind: 'signalled'; readonly signal: string; readonly number: number }
  | { readonly kind: 'not-started'; readonly problem: string };

/** A program that runs. */
export interface RunningProgram {
  readonly ended: Promise<ProgramEnd>;
  /** Passes a signal on; nothing happens when it has ended. */
  signal(signal: EndingSignal): void;
}

/** The machine and the process, as main.ts hands them in. */
export interface Host {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable;
  /** For prompts; lines go through {@link writeStderr}. */
  readonly stderr: Writable;
  readonly stdinIsTerminal: boolean;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  /** Columns of the terminal behind stdout; undefined when it is none. */
  readonly columns: number | undefined;
  /** The same of stderr. */
  readonly stderrColumns: number | undefined;
  /** User that must own stored files; undefined where the system knows no such thing. */
  readonly uid: number | undefined;
  readonly pid: number;
  readonly platform: string;
  readonly nodeVersion: string;
  readonly homeDirectory: string;
  /** What relative paths are relative to. */
  readonly workingDirectory: string;
  readonly clock: Clock;
  /** Bytes go as they are. */
  writeStdout(text: string | Uint8Array): void;
  writeStderr(text: string): void;
  /** Tells an error or a warning to the runner of GitHub; absent elsewhere, where it is a line. */
  annotate?(annotation: Annotation): void;
  /** Waits until what was written to stdout is taken; false if its reader has gone. */
  stdoutTaken(): Promise<boolean>;
  /**
   * From here on the first SIGINT, SIGTERM or SIGHUP aborts the signal that is returned, with the signal's
   * name as the reason, and the command is expected to finish what is under way. Only the second one
   * aborts {@link Host.stopped}. Without this call the first one does.
   */
  interruption(): AbortSignal;
  /** Aborts when all that is under way has to end at once; requests that are in flight are given up. */
  readonly stopped: AbortSignal;
  /** Until the returned function is called, no such signal ends the process; each goes to the listener. */
  onSignal(listener: (signal: EndingSignal) => void): () => void;
  /** Starts a program without a shell; one that cannot be started has ended as `not-started`. */
  startProgram(program: ProgramToRun): Promise<RunningProgram>;
  /** Runs a program for what it prints; it does not outlive {@link Host.stopped}. */
  readonly askProgram: AskProgram;
  /** The program that speaks with the keychain of the system, and its arguments. */
  keychainProgram(): readonly string[];
}

/** The name of the signal that aborted, or undefined. */
export function endingSignal(signal: AbortSignal): EndingSignal | undefined {
  return signal.aborted ? (signal.reason as EndingSignal) : undefined;
}

/** What became of a part of a list. */
export interface ItemsTaken {
  /** Whether it has been printed; else the result has to hold it. */
  readonly streamed: boolean;
  /** Whether anybody reads on: false once stdout is closed. */
  readonly wanted: boolean;
}

/** What `run` of a command gets besides its own flags. */
export interface Context {
  readonly host: Host;
  readonly globals: Globals;
  /**
   * The help page of a command or a group of commands, by its words; without words the first page.
   *
   * @throws ErpsyncError (usage) for words that name nothing
   */
  helpPage(words: readonly string[]): Promise<string>;
  /** What is known of the results of commands. */
  loadSchemas(): Promise<ResultSchemas>;
  /**
   * Does what another command line would do, with the options of every command as they are, and returns what it has to
   * say to people.
   *
   * @throws ErpsyncError as that command does
   */
  perform(words: readonly string[]): Promise<string>;
  /** Where profiles and secrets are stored. */
  readonly configDirectory: string;
  readonly prompts: Prompts;
  /** `User-Agent` of every request. */
  readonly userAgent: string;
  /** Has a secret masked in everything that is printed from here on. */
  conceal(secret: string): void;
  /** A text with every such secret masked: for what is written elsewhere than to stdout and stderr. */
  redact(text: string): string;
  /** Takes that back for a secret that was asked for. */
  reveal(secret: string): void;
  /** A line on stderr for people; nothing with --quiet. */
  note(text: string): void;
  /** A line on stderr that even --quiet shows. */
  warn(text: string): void;
  /** A line on stderr of what travels: only for who asked for it with -v. */
  trace(text: string): void;
  /** An event of `-o ndjson`; nothing with other forms. */
  event(event: Readonly<Record<string, unknown>>): void;
  /** Shows how far the work is, where there is somebody to see it; see {@link Context.progressEnd}. */
  progress(progress: Progress): void;
  /** Takes the progress away, before the result is told. */
  progressEnd(): void;
  /**
   * A part of a list, before the whole is there: printed at once where the form of output allows it, and then
   * no item of the result. Waits until stdout takes more.
   */
  items(items: readonly object[]): Promise<ItemsTaken>;
  /** A line on stdout before the result is there; only for commands that go on running. */
  announce(line: string): void;
}
