/** From a command line to an exit code: finds the command, reads its flags, runs it, writes its result. */

import { missing } from '../error-words.ts';
import { ErpsyncError, exitCodes, internalError, signalExitCodes } from '../errors.ts';
import { printable } from '../output/json.ts';
import { type Redactor, redactor } from '../output/redact.ts';
import type { Style } from '../output/style.ts';
import { version } from '../version.ts';
import { changedError } from './changed-error.ts';
import type { CommandLine } from './command-line.ts';
import { type Context, endingSignal, type Host } from './context.ts';
import type { AnyCommand, CommandEntry, Program } from './define.ts';
import { type OutputForm, outputForms } from './globals.ts';
import { nextWithHelp } from './help-of-command.ts';
import { locateCommand } from './locate.ts';
import { printerFor, writeError } from './printer.ts';
import { type RedactingHost, redactingHost } from './redacting-host.ts';
import { contextFor } from './run-context.ts';
import { plainStyle, stderrStyle, stdoutStyle } from './stream-style.ts';
import { writeResult } from './written-result.ts';

/** Runs one command line. Writes to the host's streams and returns the exit code; bugs have one too. */
export async function runProgram(given: readonly string[], program: Program, machine: Host): Promise<number> {
  const secrets = redactor();
  const host = redactingHost(machine, secrets.redact);
  const args = withoutShortEquals(given);
  const form = outputFormIn(args);
  const { commands } = program;
  let name = '';
  try {
    const located = locateCommand(args, commands);
    name = located.path.join(' ');
    if (located.early !== undefined) throw await misplacedOption(located.early, commands);
    if (located.wants === 'version') {
      host.writeStdout(`${version}\n`);
      return exitCodes.ok;
    }
    if (located.wants === 'help') {
      host.writeStdout(await helpPage(located.path, commands, stdoutStyle(host, noColorIn(args))));
      return exitCodes.ok;
    }
    if (!located.entry) {
      if (form !== 'table') throw noCommand(located.path);
      host.writeStderr(await helpPage(located.path, commands, stderrStyle(host, noColorIn(args))));
      return exitCodes.usage;
    }
    const [command, { readCommandLine }] = await Promise.all([
      located.entry.load(),
      import('./command-line.ts'),
    ]);
    const given = readCommandLine(command, located.rest);
    return await runCommand(command, given, program, host, secrets);
  } catch (error) {
    const told = error instanceof ErpsyncError ? withHelp(asInterruption(error, host), name) : bug(error);
    await writeError(told, name, { form, noColor: noColorIn(args) }, host);
    if (!(error instanceof ErpsyncError)) host.writeStderr(placeOf(error));
    return told.exitCode;
  }
}

/** The words of a group of commands, or none. */
function noCommand(path: readonly string[]): ErpsyncError {
  const group = path.join(' ');
  return missing(
    group === '' ? 'a command' : `a command of ${group}`,
    `erpsync${group === '' ? '' : ` ${group}`} does nothing by itself`,
    'name one',
  );
}

function withHelp(error: ErpsyncError, command: string): ErpsyncError {
  const next = nextWithHelp(error, command);
  return next === error.next ? error : changedError(error, { next });
}

/** What nobody has foreseen. */
function bug(error: unknown): ErpsyncError {
  return internalError(error instanceof Error ? error.message : String(error), error);
}

/** Where it happened, for those who look into it. */
function placeOf(error: unknown): string {
  const calls = (error instanceof Error ? (error.stack ?? '') : '').split(/\n(?= {4}at )/).slice(1);
  return calls.map((call) => `${printable(call)}\n`).join('');
}

/** What a command failed of because a signal stopped it is told as the interruption that it is. */
function asInterruption(error: ErpsyncError, { stopped }: Host): ErpsyncError {
  const signal = endingSignal(stopped);
  if (signal === undefined) return error;
  const words = error.code === 'interrupted' ? {} : { what: `ended by ${signal}`, why: error.message };
  return changedError(error, { code: 'interrupted', ...words, exitCode: signalExitCodes[signal] });
}

/** `-o=json` as `-o json`, as other tools take it; behind `--` words stay as they are. */
function withoutShortEquals(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return args.flatMap((arg, index) => {
    const [, option, value] = /^(-[a-z])=(.*)$/s.exec(arg) ?? [];
    return option === undefined || value === undefined || (end !== -1 && index > end)
      ? [arg]
      : [option, value];
  });
}

async function misplacedOption(option: string, commands: readonly CommandEntry[]): Promise<ErpsyncError> {
  const { earlyOption } = await import('./unknown-option.ts');
  return earlyOption(option, commands);
}

async function helpPage(
  words: readonly string[],
  commands: readonly CommandEntry[],
  style: Style,
): Promise<string> {
  const [{ helpFor }, { pageText }] = await Promise.all([import('./help.ts'), import('./help-page.ts')]);
  return pageText(await helpFor(words, commands), style);
}

/** Another command of the program, for the one that runs. */
async function perform(
  words: readonly string[],
  commands: readonly CommandEntry[],
  context: Context,
): Promise<string> {
  const { entry, rest } = locateCommand(words, commands);
  if (!entry) throw internalError(`there is no command ${words.join(' ')}`);
  const [command, { readCommandLine }] = await Promise.all([entry.load(), import('./command-line.ts')]);
  // The values were read by the declarations that `run` takes its types from.
  const result = await command.run(readCommandLine(command, rest).values as never, context);
  return command.render(result as never, plainStyle);
}

async function runCommand(
  command: AnyCommand,
  { globals, values }: CommandLine,
  { commands, loadSchemas }: Program,
  host: RedactingHost,
  secrets: Redactor,
): Promise<number> {
  const printer = await printerFor(command, globals, host, loadSchemas);
  const services = {
    ...secrets,
    loadSchemas,
    // A page within a document is plain.
    helpPage: (words: readonly string[]) =>
      helpPage(words, commands, globals.output === 'table' ? stdoutStyle(host, globals.noColor) : plainStyle),
    perform: (words: readonly string[]) => perform(words, commands, context),
  };
  const context: Context = contextFor(globals, host, services, printer);
  // The values were read by the declarations that `run` takes its types from.
  const result = await command.run(values as never, context);
  return writeResult(command, result, printer, globals, host);
}

function noColorIn(args: readonly string[]): boolean {
  return args.slice(0, args.includes('--') ? args.indexOf('--') : undefined).includes('--no-color');
}

/** The form of output that a command line asks for, before it is known to be right. */
function outputFormIn(args: readonly string[]): OutputForm {
  let form: OutputForm = 'table';
  for (const [index, arg] of args.entries()) {
    if (arg === '--') break;
    if (/^--query(?:=|$)/.test(arg)) form = 'json';
    const attached = /^(?:--output=|-o=?)(.+)$/.exec(arg)?.[1];
    const text = arg === '-o' || arg === '--output' ? args[index + 1] : attached;
    const given = outputForms.find((known) => known === text);
    if (given) return given;
  }
  return form;
}
