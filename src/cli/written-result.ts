/** What a command line prints at its end. */
import { type ErpsyncError, errorValue } from '../errors.ts';
import { idLine, jsonDocument, jsonLine, printable } from '../output/json.ts';
import type { Host } from './context.ts';
import type { AnyCommand, CommandResult } from './define.ts';
import type { Globals, OutputForm } from './globals.ts';
import { stdoutStyle } from './stream-style.ts';

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

/** Prints an error in the form that was asked for: a line on stderr, or the document on stdout. */
export function writeError(error: ErpsyncError, command: string, form: OutputForm, host: Host): void {
  if (form === 'table' || form === 'ids') {
    host.writeStderr(errorLine(error.message, error.hint));
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

/** An error on one line: what is wrong, then what to do next. */
export function errorLine(message: string, hint: string | undefined): string {
  const line = hint === undefined ? message : `${message}; ${hint}`;
  return `erpsync: ${printable(line).replaceAll('\n', ' ')}\n`;
}
