/** Errors on stderr: for people, and on GitHub as annotations of the step. */
import { continued, type ErrorValue } from '../errors.ts';
import { printable } from '../output/json.ts';
import type { Host } from './context.ts';
import { stderrStyle } from './stream-style.ts';

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
export function tellError(error: ErrorValue, { command, forPeople, noColor }: Telling, host: Host): void {
  const { code, exitCode, message, why, hint } = error;
  const words = continued(message, hint);
  if (host.annotate) {
    const title = `erpsync${command === '' ? '' : ` ${command}`}: ${code} (${exitCode})`;
    host.annotate({ level: 'error', title, message: words });
  } else if (forPeople && !host.stderrIsTerminal) {
    host.writeStderr(`erpsync: ${printable(words)}\n`);
  } else if (forPeople) {
    const { paint } = stderrStyle(host, noColor);
    const parts = [
      ['why', why],
      ['next', hint.replace(/^see: /, '')],
    ] as const;
    const lines = parts.map(([name, text]) => `${paint.bold(`${name}:`.padStart(8))} ${printable(text)}\n`);
    host.writeStderr(`${paint.red('erpsync:')} ${printable(whatOf(error))}\n${lines.join('')}`);
  }
}

/** What cannot be done or used: the message without its reason. */
function whatOf({ message, why }: ErrorValue): string {
  return message.slice(0, -`: ${why}`.length);
}
