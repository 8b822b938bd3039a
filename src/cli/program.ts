/** From a command line to an exit code: finds the command, reads its flags, runs it, writes its result. */
import { ErpsyncError, exitCodes, signalExitCodes, usageError } from '../errors.ts';
import { redactor } from '../output/redact.ts';
import type { Style } from '../output/style.ts';
import { version } from '../version.ts';
import type { CommandLine } from './command-line.ts';
import { type Context, endingSignal, type Host } from './context.ts';
import type { AnyCommand, CommandEntry } from './define.ts';
import { type OutputForm, outputForms } from './globals.ts';
import { locateCommand } from './locate.ts';
import { contextFor, redactingHost } from './run-context.ts';
import { plainStyle, stderrStyle, stdoutStyle } from './stream-style.ts';
import { writeError, writeErrorText, writeResult } from './written-result.ts';

/** Runs one command line. Writes to the host's streams and returns the exit code; throws only bugs. */
export async function runProgram(
  given: readonly string[],
  commands: readonly CommandEntry[],
  machine: Host,
): Promise<number> {
  const { conceal, redact } = redactor();
  const host = redactingHost(machine, redact);
  const args = withoutShortEquals(given);
  const form = outputFormIn(args);
  let name = '';
  try {
    const located = locateCommand(args, commands);
    name = located.path.join(' ');
    if (located.wants === 'version') {
      host.writeStdout(`${version}\n`);
      return exitCodes.ok;
    }
    if (located.wants === 'help') {
      host.writeStdout(await helpPage(located.path, commands, stdoutStyle(host, noColorIn(args))));
      return exitCodes.ok;
    }
    if (!located.entry) {
      if (form !== 'table') throw usageError('no command is given', 'see: erpsync --help');
      host.writeStderr(await helpPage(located.path, commands, stderrStyle(host, noColorIn(args))));
      return exitCodes.usage;
    }
    const [command, { readCommandLine }] = await Promise.all([
      located.entry.load(),
      import('./command-line.ts'),
    ]);
    const given = readCommandLine(command, located.rest);
    return await runCommand(command, given, commands, host, conceal);
  } catch (error) {
    if (!(error instanceof ErpsyncError)) throw error;
    const told = asInterruption(error, host);
    writeError(told, name, { form, noColor: noColorIn(args) }, host);
    return told.exitCode;
  }
}

/** What a command failed of because a signal stopped it is told as the interruption that it is. */
function asInterruption(error: ErpsyncError, { stopped }: Host): ErpsyncError {
  const signal = endingSignal(stopped);
  if (signal === undefined) return error;
  const { code, what, why, hint, httpStatus, cause } = error;
  const words = code === 'interrupted' ? what : `ended by ${signal}: ${what}`;
  return new ErpsyncError('interrupted', words, {
    why,
    hint,
    httpStatus,
    cause,
    exitCode: signalExitCodes[signal],
  });
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
  if (!entry) throw new ErpsyncError('internal', `there is no command ${words.join(' ')}`);
  const [command, { readCommandLine }] = await Promise.all([entry.load(), import('./command-line.ts')]);
  // The values were read by the declarations that `run` takes its types from.
  const result = await command.run(readCommandLine(command, rest).values as never, context);
  return command.render(result as never, plainStyle);
}

async function runCommand(
  command: AnyCommand,
  { globals, values }: CommandLine,
  commands: readonly CommandEntry[],
  host: Host,
  conceal: (secret: string) => void,
): Promise<number> {
  const name = command.path.join(' ');
  if (globals.output === 'ids' && command.idColumn === undefined) {
    throw usageError(`${name} is no list of things with ids`, 'leave out -o ids');
  }
  const services = {
    conceal,
    // A page within a document is plain.
    helpPage: (words: readonly string[]) =>
      helpPage(words, commands, globals.output === 'table' ? stdoutStyle(host, globals.noColor) : plainStyle),
    perform: (words: readonly string[]) => perform(words, commands, context),
  };
  const context: Context = contextFor(globals, host, services, command.idColumn);
  // The values were read by the declarations that `run` takes its types from.
  const result = await command.run(values as never, context);
  const body = { schemaVersion: 1, command: name, ...result };
  writeResult(command, body, result, globals, host);
  const error = (result as { error?: { message: string; hint?: string } | null }).error;
  if (error && ['table', 'ids'].includes(globals.output)) writeErrorText(error, globals.noColor, host);
  return result.exitCode ?? exitCodes.ok;
}

function noColorIn(args: readonly string[]): boolean {
  return args.slice(0, args.includes('--') ? args.indexOf('--') : undefined).includes('--no-color');
}

/** The form of output that a command line asks for, before it is known to be right. */
function outputFormIn(args: readonly string[]): OutputForm {
  for (const [index, arg] of args.entries()) {
    if (arg === '--') break;
    const attached = /^(?:--output=|-o=?)(.+)$/.exec(arg)?.[1];
    const text = arg === '-o' || arg === '--output' ? args[index + 1] : attached;
    const form = outputForms.find((known) => known === text);
    if (form) return form;
  }
  return 'table';
}
