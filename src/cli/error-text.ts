/** Errors on stderr: for people, and on GitHub as annotations of the step. */
import type { ErrorValue } from '../errors.ts';
import { printable } from '../output/json.ts';
import type { Host } from './context.ts';
import { stderrStyle } from './stream-style.ts';

/** The parts of an error that people are told. */
interface ToldError extends Pick<ErrorValue, 'code' | 'exitCode' | 'message' | 'hint'> {
  /** Undefined where the message cannot be told from its reason. */
  readonly what?: string;
  readonly why?: string | undefined;
}

/** How an error is told. */
interface Telling {
  /** Its words; empty where the command line names none. */
  readonly command: string;
  /** Whether a line is wanted: stdout does not hold the error. */
  readonly forPeople: boolean;
  readonly noColor: boolean;
}

/**
 * Prints an error on stderr: what is wrong, why, and what to do next. On GitHub it is an annotation; at a terminal each
 * part has a line of its own, elsewhere all are one line, as mails and logs want it.
 */
export function tellError(error: ToldError, { command, forPeople, noColor }: Telling, host: Host): void {
  const { code, exitCode, message, what = message, why, hint } = error;
  const words = hint === undefined ? message : `${message}; ${hint}`;
  if (host.annotate) {
    const title = `erpsync${command === '' ? '' : ` ${command}`}: ${code} (${exitCode})`;
    host.annotate({ level: 'error', title, message: words });
  } else if (forPeople && !host.stderrIsTerminal) {
    host.writeStderr(`erpsync: ${printable(words)}\n`);
  } else if (forPeople) {
    const { paint } = stderrStyle(host, noColor);
    const parts = [
      ...(why === undefined ? [] : [['why', why] as const]),
      ...(hint === undefined ? [] : [['next', hint.replace(/^see: /, '')] as const]),
    ];
    const lines = parts.map(([name, text]) => `${paint.bold(`${name}:`.padStart(8))} ${printable(text)}\n`);
    host.writeStderr(
      `${paint.red('erpsync:')} ${printable(why === undefined ? message : what)}\n${lines.join('')}`,
    );
  }
}
