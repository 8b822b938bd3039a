/** All that a command sees of the outside. */
import type { Readable, Writable } from 'node:stream';
import type { EndingSignal } from '../errors.ts';
import type { Clock } from '../transport/retry.ts';
import type { Globals } from './globals.ts';
import type { Prompts } from './prompts.ts';

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
  /** User that must own stored files; undefined where the system knows no such thing. */
  readonly uid: number | undefined;
  readonly pid: number;
  readonly platform: string;
  readonly nodeVersion: string;
  readonly homeDirectory: string;
  readonly clock: Clock;
  writeStdout(text: string): void;
  writeStderr(text: string): void;
  /**
   * From here on the first SIGINT, SIGTERM or SIGHUP aborts the signal that is returned, with the
   * signal's name as the reason, and a second one ends the process at once.
   */
  interruption(): AbortSignal;
}

/** The name of the signal that aborted, or undefined. */
export function endingSignal(signal: AbortSignal): EndingSignal | undefined {
  return signal.aborted ? (signal.reason as EndingSignal) : undefined;
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
  /** Where profiles and secrets are stored. */
  readonly configDirectory: string;
  readonly prompts: Prompts;
  /** `User-Agent` of every request. */
  readonly userAgent: string;
  /** A line on stderr for people; nothing with --quiet. */
  note(text: string): void;
  /** A line on stderr that even --quiet shows. */
  warn(text: string): void;
  /** An event of `-o ndjson`; nothing with other forms. */
  event(event: Readonly<Record<string, unknown>>): void;
  /** A line on stdout before the result is there; only for commands that go on running. */
  announce(line: string): void;
}
