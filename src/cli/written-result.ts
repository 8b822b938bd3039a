/** What a command line prints at its end. */
import { type ErpsyncError, errorValue } from '../errors.ts';
import { idLine, jsonDocument, jsonLine, printable } from '../output/json.ts';
import type { Host } from './context.ts';
import type { AnyCommand, CommandResult } from './define.ts';
import type { Globals, OutputForm } from './globals.ts';
import { stderrStyle, stdoutStyle } from './stream-style.ts';

/** Prints what a command returned, in the form that was asked for. */
export function writeResult(
  command: AnyCommand,
  body: CommandResult,
  result: CommandResult,
  globals: Globals,
  host: Host,
): void {
  if (command.announces) return;
  const { output, quiet, noColor } = globals;
  if (output === 'json') host.writeStdout(jsonDocument(body));
  if (output === 'ids') host.writeStdout(idLines(body, command.idColumn ?? '', host.stdoutIsTerminal));
  if (output === 'ndjson') host.writeStdout(ndjsonLines(command, body));
  const isData = command.effect === 'read' || command.yieldsData === true;
  if (output !== 'table' || (quiet && !isData)) return;
  const text = command.render(result as never, stdoutStyle(host, noColor));
  if (text !== '') host.writeStdout(`${text}\n`);
}

/** The items of a list, one a line; of anything else, and of what has told events, its document as the last event. */
function ndjsonLines(command: AnyCommand, body: CommandResult): string {
  const items: unknown = body['items'];
  return Array.isArray(items) && !command.tellsEvents
    ? items.map(jsonLine).join('')
    : jsonLine({ type: 'end', ...body });
}

function idLines({ items }: CommandResult, column: string, isTerminal: boolean): string {
  return Array.isArray(items) ? items.map((item: object) => idLine(item, column, isTerminal)).join('') : '';
}

/** Prints an error in the form that was asked for: text on stderr, or the document on stdout. */
export function writeError(
  error: ErpsyncError,
  command: string,
  { form, noColor }: { readonly form: OutputForm; readonly noColor: boolean },
  host: Host,
): void {
  if (form === 'table' || form === 'ids') {
    writeErrorText(error, noColor, host);
    return;
  }
  const body = {
    schemaVersion: 1,
    command,
    status: 'failed',
    exitCode: error.exitCode,
    error: errorValue(error),
  };
  host.writeStdout(form === 'json' ? jsonDocument(body) : jsonLine({ type: 'end', ...body }));
}

/** The parts of an error that people are told. */
interface ToldError {
  readonly message: string;
  /** Undefined where the message cannot be told from its reason. */
  readonly what?: string;
  readonly why?: string | undefined;
  readonly hint?: string | undefined;
}

/**
 * Prints an error on stderr: what is wrong, why, and what to do next. At a terminal each has a line of its own,
 * elsewhere all are one line, as mails and logs want it.
 */
export function writeErrorText({ message, what, why, hint }: ToldError, noColor: boolean, host: Host): void {
  const line = (text: string): string => `${printable(text).replaceAll('\n', ' ')}\n`;
  if (!host.stderrIsTerminal) {
    host.writeStderr(line(`erpsync: ${hint === undefined ? message : `${message}; ${hint}`}`));
    return;
  }
  const { paint } = stderrStyle(host, noColor);
  const parts = [
    ...(why === undefined ? [] : [['why', why] as const]),
    ...(hint === undefined ? [] : [['next', hint] as const]),
  ];
  host.writeStderr(
    `${paint.red('erpsync:')} ${line(why === undefined ? message : (what ?? message))}${parts
      .map(([name, text]) => `${paint.bold(`${name}:`.padStart(8))} ${line(text)}`)
      .join('')}`,
  );
}
