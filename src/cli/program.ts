/** From a command line to an exit code: finds the command, reads its flags, runs it, writes its result. */
import { isAbsolute, join, resolve } from 'node:path';
import { Command as Commander, CommanderError, Option } from 'commander';
import { ErpsyncError, errorValue, exitCodes, usageError } from '../errors.ts';
import { jsonDocument, jsonLine, printable } from '../output/json.ts';
import { colourLevel, styleFor } from '../output/style.ts';
import { version } from '../version.ts';
import type { Context, Host } from './context.ts';
import type { AnyCommand, CommandEntry, CommandResult } from './define.ts';
import { type Argument, type Flag, type Flags, flagName } from './flags.ts';
import { type Globals, globalFlags, type OutputForm, outputForms } from './globals.ts';
import { commandHelp, groupHelp, programHelp } from './help.ts';
import { type Located, locateCommand } from './locate.ts';
import { terminalPrompts } from './prompts.ts';

/** Runs one command line. Writes to the host's streams and returns the exit code; throws only bugs. */
export async function runProgram(
  args: readonly string[],
  commands: readonly CommandEntry[],
  host: Host,
): Promise<number> {
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
      host.writeStdout(await helpPage(located, commands));
      return exitCodes.ok;
    }
    if (!located.entry) {
      host.writeStderr(await helpPage(located, commands));
      return exitCodes.usage;
    }
    const command = await located.entry.load();
    return await runCommand(command, located.rest, commands, host);
  } catch (error) {
    if (!(error instanceof ErpsyncError)) throw error;
    writeError(error, name, form, host);
    return error.exitCode;
  }
}

async function helpPage({ path, entry }: Located, commands: readonly CommandEntry[]): Promise<string> {
  if (entry) return commandHelp(await entry.load());
  return path.length === 0 ? programHelp(commands) : groupHelp(path, commands);
}

async function runCommand(
  command: AnyCommand,
  rest: readonly string[],
  commands: readonly CommandEntry[],
  host: Host,
): Promise<number> {
  const given = readCommandLine(command, rest);
  const { globals } = given;
  const name = command.path.join(' ');
  const context = contextFor(globals, commands, host);
  // The values were read by the declarations that `run` takes its types from.
  const result = await command.run(given.values as never, context);
  const body = { schemaVersion: 1, command: name, ...result };
  writeResult(command, body, result, globals, host);
  const error = (result as { error?: { message: string; hint?: string } | null }).error;
  if (error && globals.output === 'table') host.writeStderr(errorLine(error.message, error.hint));
  return result.exitCode ?? exitCodes.ok;
}

function writeResult(
  command: AnyCommand,
  body: CommandResult,
  result: CommandResult,
  globals: Globals,
  host: Host,
): void {
  const { output, quiet, noColor } = globals;
  if (output === 'json') host.writeStdout(jsonDocument(body));
  if (output === 'ndjson') host.writeStdout(ndjsonLines(body));
  if (output !== 'table' || (quiet && command.effect !== 'read')) return;
  const level = colourLevel(host.environment, host.stdoutIsTerminal, noColor);
  const text = command.render(result as never, styleFor(level, host.columns));
  if (text !== '') host.writeStdout(`${text}\n`);
}

/** The items of a list, one a line; of anything else its document as the last event. */
function ndjsonLines(body: CommandResult): string {
  const items: unknown = body['items'];
  return Array.isArray(items) ? items.map(jsonLine).join('') : jsonLine({ type: 'end', ...body });
}

function writeError(error: ErpsyncError, command: string, form: OutputForm, host: Host): void {
  if (form === 'table') {
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
function errorLine(message: string, hint: string | undefined): string {
  const line = hint === undefined ? message : `${message}; ${hint}`;
  return `erpsync: ${printable(line).replaceAll('\n', ' ')}\n`;
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
  for (const key of Object.keys(command.arguments)) commander.argument(`[${key}]`);
  try {
    commander.parse(rest, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const message = error.message.replace(/^error: /, '').replace(/\n\((.*)\)$/s, '; $1');
    throw usageError(message, error.code === 'commander.unknownOption' ? helpHint(command) : undefined);
  }
  const [excess] = commander.args.slice(Object.keys(command.arguments).length);
  if (excess !== undefined) {
    throw usageError(
      `${JSON.stringify(excess)} is one word too many`,
      `a list is written without blanks; ${helpHint(command)}`,
    );
  }
  for (const [key, values] of given) checkOccurrences(flagName(key), flags[key], values, rest);
  checkStdinUses(flags, given);
  return {
    globals: readAll(globalFlags, (key, flag) => flag.read(given.get(key) ?? [], flagName(key))) as Globals,
    values: {
      ...readAll(command.flags, (key, flag) => flag.read(given.get(key) ?? [], flagName(key))),
      ...readAll(command.arguments, (key, argument, index) =>
        readArgument(argument, commander.args[index], key),
      ),
    },
  };
}

function readArgument(argument: Argument<unknown>, text: string | undefined, key: string): unknown {
  return argument.read(text, `<${key}>`);
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
    return values.includes('-') ? [`${flagName(key)} -`] : [];
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
  for (const [index, arg] of args.entries()) {
    if (arg === '--') break;
    const attached = /^(?:--output=|-o=?)(.+)$/.exec(arg)?.[1];
    const text = arg === '-o' || arg === '--output' ? args[index + 1] : attached;
    const form = outputForms.find((known) => known === text);
    if (form) return form;
  }
  return 'table';
}

function contextFor(globals: Globals, commands: readonly CommandEntry[], host: Host): Context {
  const mayAsk = host.stdinIsTerminal && host.stderrIsTerminal && !globals.noInput;
  const warn = (text: string): void => host.writeStderr(`erpsync: ${printable(text)}\n`);
  return {
    host,
    globals,
    helpPage: (words) => helpPage(locateCommand(words, commands), commands),
    configDirectory: configDirectory(globals, host),
    prompts: terminalPrompts(mayAsk, host.stdin, host.stderr),
    userAgent: `erpsync/${version} (node ${host.nodeVersion}; ${host.platform})`,
    note(text) {
      if (!globals.quiet) host.writeStderr(`${printable(text)}\n`);
    },
    warn,
    event(event) {
      if (globals.output === 'ndjson') host.writeStdout(jsonLine(event));
    },
    announce: (line) => host.writeStdout(line),
  };
}

/** --config-dir, else ERPSYNC_CONFIG_DIR, else the platform's own place. */
function configDirectory({ configDir }: Globals, { environment, homeDirectory, platform }: Host): string {
  const chosen = configDir ?? environment['ERPSYNC_CONFIG_DIR'];
  if (chosen !== undefined && chosen !== '') return resolve(chosen);
  if (platform === 'win32') {
    return join(environment['APPDATA'] ?? join(homeDirectory, 'AppData', 'Roaming'), 'erpsync');
  }
  if (platform === 'darwin') return join(homeDirectory, 'Library', 'Preferences', 'erpsync');
  const xdg = environment['XDG_CONFIG_HOME'];
  // The XDG specification has relative paths ignored.
  return join(xdg !== undefined && isAbsolute(xdg) ? xdg : join(homeDirectory, '.config'), 'erpsync');
}
