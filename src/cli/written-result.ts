/** What a command line prints at its end. */
import { ErpsyncError, type ErrorValue, errorValue } from '../errors.ts';
import { paintedText } from '../output/json.ts';
import { colourLevel, showsUnicode, styleFor } from '../output/style.ts';
import type { Host } from './context.ts';
import type { AnyCommand, CommandResult } from './define.ts';
import type { Globals } from './globals.ts';
import { type Printer, printed, tellError } from './printer.ts';

/** Prints what a command returned, in the form that was asked for, and returns the exit code. */
export function writeResult(
  command: AnyCommand,
  result: CommandResult,
  printer: Printer,
  globals: Globals,
  host: Host,
): number {
  const exitCode = result.exitCode ?? 0;
  if (command.announces) return exitCode;
  const { output, query } = globals;
  const { error } = result as { error?: ErrorValue | null };
  const name = command.path.join(' ');
  // The documents hold it, unless only a part of them is printed.
  const told = query === undefined && ['json', 'yaml', 'ndjson'].includes(output);
  if (output === 'table') writeTable(command, result, globals, host);
  const misfit = output === 'table' ? undefined : writePrinted(command, result, printer, host);
  if (error) tellError(error, name, !told, host);
  if (misfit) tellError(errorValue(misfit), name, true, host);
  return exitCode === 0 ? (misfit?.exitCode ?? exitCode) : exitCode;
}

/** Nothing of a result is lost because a query does not fit it: it is printed whole then. */
function writePrinted(
  { path }: AnyCommand,
  result: CommandResult,
  printer: Printer,
  host: Host,
): ErpsyncError | undefined {
  const body = { schemaVersion: 1, command: path.join(' '), ...result };
  try {
    host.writeStdout(printed(printer, body));
    return undefined;
  } catch (error) {
    if (!(error instanceof ErpsyncError)) throw error;
    host.writeStdout(printer.whole?.(body) ?? '');
    return error;
  }
}

function writeTable(command: AnyCommand, result: CommandResult, globals: Globals, host: Host): void {
  const isData = command.effect === 'read' || command.yieldsData === true;
  if (globals.quiet && !isData) return;
  const { environment, platform, columns, stdoutIsTerminal } = host;
  const level = colourLevel(environment, stdoutIsTerminal, globals.noColor);
  const style = styleFor(level, columns, showsUnicode(environment, platform));
  const text = command.render(result as never, style);
  if (text !== '') host.writeStdout(`${stdoutIsTerminal ? paintedText(text) : text}\n`);
}
