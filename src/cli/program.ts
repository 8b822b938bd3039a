/** From a command line to an exit code: finds the command, reads its flags, runs it, writes its result. */
import { Command as Commander, CommanderError, Option } from 'commander';
import { ErpsyncError, exitCodes, signalExitCodes, usageError } from '../errors.ts';
import { printable } from '../output/json.ts';
import { type Redactor, redactor } from '../output/redact.ts';
import { version } from '../version.ts';
import { endingSignal, type Host } from './context.ts';
import type { AnyCommand, CommandEntry, Program } from './define.ts';
import { type Argument, type Flag, type Flags, flagName } from './flags.ts';
import { type Globals, globalFlags, type OutputForm, outputForms } from './globals.ts';
import { commandHelp, groupHelp, programHelp } from './help.ts';
import { type Located, locateCommand } from './locate.ts';
import { printerFor, writeError } from './printer.ts';
import { contextFor, redactingHost } from './run-context.ts';
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
    if (located.wants === 'version') {
      host.writeStdout(`${version}\n`);
      return exitCodes.ok;
    }
    if (located.wants === 'help') {
      host.writeStdout(await helpPage(located, commands));
      return exitCodes.ok;
    }
    if (!located.entry) {
      if (form !== 'table') throw usageError('no command is given', 'see: erpsync --help');
      host.writeStderr(await helpPage(located, commands));
      return exitCodes.usage;
    }
    const command = await located.entry.load();
    return await runCommand(command, located.rest, program, host, secrets);
  } catch (error) {
    const told = error instanceof ErpsyncError ? asInterruption(error, host) : bug(error);
    await writeError(told, name, form, host);
    if (!(error instanceof ErpsyncError)) host.writeStderr(placeOf(error));
    return told.exitCode;
  }
}

/** What nobody has foreseen. */
function bug(error: unknown): ErpsyncError {
  const words = error instanceof Error ? error.message : String(error);
  return new ErpsyncError('internal', `this is a bug in erpsync, please report it: ${words}`, {
    cause: error,
  });
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
  const { code, message, hint, httpStatus, cause } = error;
  const words = code === 'interrupted' ? message : `ended by ${signal}: ${message}`;
  return new ErpsyncError('interrupted', words, {
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

async function helpPage({ path, entry }: Located, commands: readonly CommandEntry[]): Promise<string> {
  if (entry) return commandHelp(await entry.load());
  return path.length === 0 ? programHelp(commands) : groupHelp(path, commands);
}

async function runCommand(
  command: AnyCommand,
  rest: readonly string[],
  { commands, loadSchemas }: Program,
  host: Host,
  secrets: Redactor,
): Promise<number> {
  const given = readCommandLine(command, rest);
  const { globals } = given;
  const printer = await printerFor(command, globals, host, loadSchemas);
  const services = {
    ...secrets,
    loadSchemas,
    helpPage: (words: readonly string[]) => helpPage(locateCommand(words, commands), commands),
  };
  const context = contextFor(globals, host, services, printer);
  // The values were read by the declarations that `run` takes its types from.
  const result = await command.run(given.values as never, context);
  return writeResult(command, result, printer, globals, host);
}

interface CommandLine {
  readonly globals: Globals;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * Reads the flags and arguments of a command with commander.
 *
 * @throws ErpsyncError (usage): unknown options come first, with the nearest name, then wrong values
 */
function readCommandLine(command: AnyCommand, rest: readonly string[]): CommandLine {
  const flags: Flags = { ...globalFlags, ...command.flags };
  const given = new Map<string, string[]>();
  const commander = new Commander(`erpsync ${command.path.join(' ')}`)
    .exitOverride()
    .configureOutput({ writeErr: () => {}, writeOut: () => {} })
    .helpOption(false)
    .allowExcessArguments(true);
  for (const [key, flag] of Object.entries(flags)) {
    const option = commanderOption(key, flag);
    commander.addOption(option);
    const values: string[] = [];
    given.set(key, values);
    commander.on(`option:${option.name()}`, (value: string | null) => {
      values.push(value ?? '');
    });
  }
  for (const [key, { takesRest }] of Object.entries(command.arguments)) {
    commander.argument(takesRest === undefined ? `[${key}]` : `[${key}...]`);
  }
  try {
    commander.parse(rest, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    throw commandLineError(error, command, rest);
  }
  for (const [key, values] of given) checkOccurrences(flagName(key), flags[key], values, rest);
  checkStdinUses(flags, given);
  const words = argumentWords(command, commander.args, rest);
  const globals = readAll(globalFlags, (key, flag) =>
    flag.read(given.get(key) ?? [], flagName(key)),
  ) as Globals;
  return {
    globals: queriedForm(globals, given.get('output')?.length === 0),
    values: {
      ...readAll(command.flags, (key, flag) => flag.read(given.get(key) ?? [], flagName(key))),
      ...readAll(command.arguments, (key, argument, index) => argument.read(words[index] ?? [], `<${key}>`)),
    },
  };
}

/** What is queried is a document, JSON where no form is asked for. */
function queriedForm(globals: Globals, isDefault: boolean): Globals {
  if (globals.query === undefined) return globals;
  if (isDefault) return { ...globals, output: 'json' };
  if (['json', 'yaml'].includes(globals.output)) return globals;
  throw usageError(
    `--query is about the document of -o json or yaml, and -o ${globals.output} prints none`,
    'leave one of them out',
  );
}

/** Options that would hold a secret: their value is never repeated. */
const secretOption =
  /^--(?:password|ticket|(?:(?:app|xsrf|system-user|refresh)-)?token|cookie|private-key|secret)\b/;

function commandLineError(
  { code, message }: CommanderError,
  command: AnyCommand,
  rest: readonly string[],
): ErpsyncError {
  if (code === 'commander.optionMissingArgument') {
    return usageError(`${rest.at(-1)} has no value`, helpHint(command));
  }
  const [first = '', nearest] = message.replace(/^error: /, '').split('\n');
  const secret = rest.find((word) => secretOption.test(word) && first.includes(word));
  if (secret !== undefined) {
    const name = secretOption.exec(secret)?.[0] ?? '';
    const instead = `${name}-stdin, ${name}-file or ERPSYNC_${name.slice(2).replaceAll('-', '_').toUpperCase()}`;
    return usageError(
      `${name} takes no secret: others could read it on the command line`,
      `give it with ${instead}`,
    );
  }
  const hint =
    nearest === undefined ? helpHint(command) : `${nearest.slice(1, -1)} See: ${helpHint(command).slice(5)}`;
  return usageError(first, hint);
}

/** The words of each argument. The last argument may take all that are left, no other takes more than one. */
function argumentWords(
  command: AnyCommand,
  given: readonly string[],
  args: readonly string[],
): readonly (readonly string[])[] {
  const declared: readonly Argument<unknown>[] = Object.values(command.arguments);
  const takesRest = declared.at(-1)?.takesRest;
  const excess = given[declared.length];
  if (excess !== undefined && takesRest === undefined) {
    throw usageError(
      `${JSON.stringify(excess)} is one word too many`,
      `a list is written without blanks; ${helpHint(command)}`,
    );
  }
  const behindDashes = args.includes('--') ? args.length - args.indexOf('--') - 1 : 0;
  const before = given.length - behindDashes;
  if (takesRest === 'command' && before >= declared.length) {
    throw usageError(
      `${JSON.stringify(given[declared.length - 1])} does not stand behind --`,
      `write -- before the command; ${helpHint(command)}`,
    );
  }
  return declared.map((argument, index) => given.slice(index, argument.takesRest ? undefined : index + 1));
}

function commanderOption(key: string, flag: Flag<unknown>): Option {
  const short = flag.short === undefined ? '' : `-${flag.short}, `;
  const value = flag.kind === 'toggle' ? '' : ` <${flag.value?.placeholder ?? 'value'}>`;
  return new Option(`${short}${flagName(key)}${value}`, flag.summary);
}

function checkOccurrences(
  name: string,
  flag: Flag<unknown> | undefined,
  values: readonly string[],
  args: readonly string[],
): void {
  if (!flag || flag.kind === 'toggle') return;
  if (flag.kind === 'single' && values.length > 1) throw usageError(`${name} is given twice`, 'give it once');
  // Without this, `--ids --all` would take "--all" for the keys.
  const swallowed = values.find((value) => value.startsWith('--') && !args.includes(`${name}=${value}`));
  if (swallowed !== undefined) {
    throw usageError(
      `${name} has no value before ${swallowed}`,
      `a value that begins with -- is written ${name}=${swallowed}`,
    );
  }
}

/** Standard input can be read once only, and the second reader would find it empty. */
function checkStdinUses(flags: Flags, given: ReadonlyMap<string, readonly string[]>): void {
  const readers = Object.entries(flags).flatMap(([key, { kind, readsStdin }]) => {
    const values = readsStdin ? (given.get(key) ?? []) : [];
    if (kind === 'toggle') return values.length > 0 ? [flagName(key)] : [];
    return values.filter((value) => value === '-').map(() => `${flagName(key)} -`);
  });
  if (readers.length > 1) {
    throw usageError(`${readers.join(' and ')} both read standard input`, 'give one of them a file');
  }
}

function readAll<D>(
  declared: Readonly<Record<string, D>>,
  read: (key: string, declaration: D, index: number) => unknown,
): Record<string, unknown> {
  const entries = Object.entries(declared);
  return Object.fromEntries(entries.map(([key, declaration], index) => [key, read(key, declaration, index)]));
}

function helpHint(command: AnyCommand): string {
  return `see: erpsync ${command.path.join(' ')} --help`;
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
