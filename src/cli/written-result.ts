/** What a command line prints at its end. */
import { type ErpsyncError, type ErrorValue, errorValue } from '../errors.ts';
import { idLine, jsonDocument, jsonLine, paintedText, printable } from '../output/json.ts';
import { colourLevel, styleFor } from '../output/style.ts';
import type { Host } from './context.ts';
import type { AnyCommand, CommandResult } from './define.ts';
import type { Globals, OutputForm } from './globals.ts';

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
  const level = colourLevel(host.environment, host.stdoutIsTerminal, noColor);
  const text = command.render(result as never, styleFor(level, host.columns));
  if (text !== '') host.writeStdout(`${host.stdoutIsTerminal ? paintedText(text) : text}\n`);
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
  const value = errorValue(error);
  tellError(value, command, form, host);
  if (form === 'table' || form === 'ids') return;
  const body = {
    schemaVersion: 1,
    command,
    status: 'failed',
    exitCode: error.exitCode,
    error: value,
  };
  host.writeStdout(form === 'json' ? jsonDocument(body) : jsonLine({ type: 'end', ...body }));
}

/** An error on stderr: a line for people, and on GitHub an annotation whatever the form of the result. */
export function tellError(error: ErrorValue, command: string, form: OutputForm, host: Host): void {
  const { code, exitCode, message, hint } = error;
  const words = hint === undefined ? message : `${message}; ${hint}`;
  const title = `erpsync${command === '' ? '' : ` ${command}`}: ${code} (${exitCode})`;
  if (host.annotate) host.annotate({ level: 'error', title, message: words });
  else if (form === 'table' || form === 'ids') {
    host.writeStderr(`erpsync: ${printable(words)}\n`);
  }
}
