/** Reads the flags and arguments of a command. */
import { Command as Commander, CommanderError, Option } from 'commander';
import { excluding, givenTwice, missing, unusable } from '../error-words.ts';
import { type ErpsyncError, internalError, usageError } from '../errors.ts';
import type { AnyCommand } from './define.ts';
import { type Argument, type Flag, type Flags, flagName } from './flags.ts';
import { type Globals, globalFlags } from './globals.ts';
import { unknownOption } from './unknown-option.ts';

/** What was typed, as values. */
export interface CommandLine {
  readonly globals: Globals;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * Reads the flags and arguments of a command with commander.
 *
 * @throws ErpsyncError (usage): unknown options come first, with the nearest name, then wrong values
 */
export function readCommandLine(command: AnyCommand, rest: readonly string[]): CommandLine {
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
  throw usageError({
    what: `--query does not go with -o ${globals.output}`,
    why: 'it takes a part of the document that -o json and -o yaml print',
    next: 'leave one of them out',
  });
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
    return missing(`the value of ${rest.at(-1)}`, 'nothing stands behind it', 'give it one');
  }
  const secret = rest.find((word) => secretOption.test(word) && message.includes(word));
  if (secret !== undefined) {
    const name = secretOption.exec(secret)?.[0] ?? '';
    const instead = `${name}-stdin, ${name}-file or ERPSYNC_${name.slice(2).replaceAll('-', '_').toUpperCase()}`;
    return unusable(name, 'others could read a secret on the command line', `give it with ${instead}`);
  }
  if (code !== 'commander.unknownOption') return internalError(message);
  // What stands behind an equals sign may be a secret.
  const [typed = ''] = (/'(.*)'/s.exec(message)?.[1] ?? '').split('=', 1);
  const isToggle = Object.keys({ ...globalFlags, ...command.flags }).some((key) => flagName(key) === typed);
  return isToggle
    ? unusable(`a value of ${typed}`, 'this option takes none', `write ${typed} alone`)
    : unknownOption(typed, command);
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
    throw usageError({
      what: `${JSON.stringify(excess)} is one word too many`,
      why: `erpsync ${command.path.join(' ')} takes ${declared.length === 0 ? 'none' : `${declared.length} of them`}`,
      next: declared.length === 0 ? 'leave it out' : 'write a list without blanks',
    });
  }
  const behindDashes = args.includes('--') ? args.length - args.indexOf('--') - 1 : 0;
  const before = given.length - behindDashes;
  if (takesRest === 'command' && before >= declared.length) {
    throw unusable(
      JSON.stringify(given[declared.length - 1]),
      'what is run has to stand behind --',
      'write -- before the command that is to be run',
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
  if (flag.kind === 'single' && values.length > 1) throw givenTwice(name);
  // Without this, `--ids --all` would take "--all" for the keys.
  const swallowed = values.find((value) => value.startsWith('--') && !args.includes(`${name}=${value}`));
  if (swallowed !== undefined) {
    throw missing(
      `the value of ${name}`,
      `${swallowed} stands behind it`,
      `give it one: what begins with -- is written ${name}=${swallowed}`,
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
    throw excluding(readers, 'standard input can be read once', 'give one of them a file');
  }
}

function readAll<D>(
  declared: Readonly<Record<string, D>>,
  read: (key: string, declaration: D, index: number) => unknown,
): Record<string, unknown> {
  const entries = Object.entries(declared);
  return Object.fromEntries(entries.map(([key, declaration], index) => [key, read(key, declaration, index)]));
}
