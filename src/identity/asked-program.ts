/** Other programs that are asked for something: the system's keychain, credential commands. */

/** A program, and what it is asked. */
export interface ProgramQuestion {
  /** The program and its arguments; no shell reads them. */
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Its standard input; empty for none. */
  readonly input: string;
  /** Told its standard error, as it comes; without it nobody is. */
  readonly onErrors?: (text: string) => void;
  /** It is killed then (ms). */
  readonly timeoutMs: number;
  /** It is killed when it prints more (bytes). */
  readonly longestAnswer: number;
}

/** How it ended, and what it printed. */
export type ProgramAnswer =
  | { readonly kind: 'exited'; readonly code: number; readonly output: string }
  | { readonly kind: 'signalled'; readonly signal: string }
  /** There is no such program, or it cannot be executed. */
  | { readonly kind: 'not-started'; readonly missing: boolean; readonly problem: string }
  | { readonly kind: 'too-late' | 'too-long' | 'stopped' };

/** Asks a program, and waits for its end. */
export type AskProgram = (question: ProgramQuestion) => Promise<ProgramAnswer>;
