/** What a command line prints at its end. */
import { ErpsyncError, type ErrorValue, errorValue } from '../errors.ts';
import { paintedText } from '../output/json.ts';
import type { AnyCommand, CommandResult } from './define.ts';
import { tellError } from './error-text.ts';
import type { Globals } from './globals.ts';
import { nextWithHelp } from './help-of-command.ts';
import { type Printer, printed } from './printer.ts';
import type { RedactingHost } from './redacting-host.ts';
import type { ResultStatus } from './result-schemas.ts';
import { stdoutStyle } from './stream-style.ts';

/** Prints what a command returned, in the form that was asked for, and returns the exit code. */
export function writeResult(
  command: AnyCommand,
  returned: CommandResult,
  printer: Printer,
  globals: Globals,
  host: RedactingHost,
): number {
  const result = withHelp(returned, command);
  const exitCode = result.exitCode ?? 0;
  if (command.announces) return exitCode;
  const { output, query, noColor } = globals;
  const { error } = result as { error?: ErrorValue | null };
  const name = command.path.join(' ');
  // The documents hold it, unless only a part of them is printed.
  const told = query === undefined && ['json', 'yaml', 'ndjson'].includes(output);
  if (output === 'table') writeTable(command, result, globals, host);
  const misfit = output === 'table' ? undefined : writePrinted(command, result, printer, host);
  if (error) tellError(error, { command: name, forPeople: !told, noColor }, host);
  if (misfit) tellError(errorValue(misfit), { command: name, forPeople: true, noColor }, host);
  return exitCode === 0 ? (misfit?.exitCode ?? exitCode) : exitCode;
}

/** A wrong command line can be found out while a command runs: it is looked up like any other. */
function withHelp(result: CommandResult, { path }: AnyCommand): CommandResult {
  const { error } = result as { error?: ErrorValue | null };
  if (!error) return result;
  const hint = nextWithHelp({ code: error.code, next: error.hint }, path.join(' '));
  return { ...result, error: { ...error, hint } };
}

/** Nothing of a result is lost because a query does not fit it: it is printed whole then. */
function writePrinted(
  { path }: AnyCommand,
  result: CommandResult,
  printer: Printer,
  host: RedactingHost,
): ErpsyncError | undefined {
  const body = { schemaVersion: 1, command: path.join(' '), ...statusOf(result), ...result };
  try {
    host.writeStdout(printed(printer, body));
    return undefined;
  } catch (error) {
    if (!(error instanceof ErpsyncError)) throw error;
    host.writeStdout(printer.whole?.(body) ?? '');
    return error;
  }
}

/** In a word how it ended, of a result that says so by its exit code alone. */
function statusOf(result: CommandResult): { readonly status?: ResultStatus } {
  const { exitCode, error } = result as { exitCode?: number; error?: ErrorValue | null };
  if (exitCode === undefined || 'status' in result) return {};
  if (exitCode === 0) return { status: 'ok' };
  return { status: error?.code === 'partial' ? 'partial' : 'failed' };
}

function writeTable(command: AnyCommand, result: CommandResult, globals: Globals, host: RedactingHost): void {
  const isData = command.effect === 'read' || command.yieldsData === true;
  if (globals.quiet && !isData) return;
  const text = command.render(result as never, stdoutStyle(host, globals.noColor));
  if (text !== '') host.writeStdout(`${host.stdoutIsTerminal ? paintedText(text) : text}\n`);
}
