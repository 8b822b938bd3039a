/** Help pages from the declarations. */
import { exitCodeMeanings } from '../errors.ts';
import { secretSources } from '../identity/secrets.ts';
import type { AnyCommand, CommandEntry } from './define.ts';
import { type Argument, type Flag, type Flags, flagName } from './flags.ts';
import { globalFlags } from './globals.ts';

/** `erpsync --help`: every command with its summary. */
export function programHelp(commands: readonly CommandEntry[]): string {
  return page([
    'erpsync: force a resync between SuperOffice CRM and ERP systems, and look after the profiles for it',
    '',
    'Usage: erpsync <command> [options]',
    '',
    'Commands:',
    ...pairs(commands.map(({ path, summary }) => [path.join(' '), summary])),
    '',
    'Options of every command:',
    ...flagLines(globalFlags),
    ...pairs([
      ['-h, --help', 'help for erpsync or a command'],
      ['    --version', 'the version of erpsync'],
    ]),
    '',
    'More: erpsync <command> --help, erpsync help exit-codes, erpsync help environment',
  ]);
}

/** `erpsync profile --help`: the commands of a group. */
export function groupHelp(path: readonly string[], commands: readonly CommandEntry[]): string {
  const members = commands.filter((known) => path.every((word, index) => known.path[index] === word));
  return page([
    `Usage: erpsync ${path.join(' ')} <command> [options]`,
    '',
    'Commands:',
    ...pairs(members.map((known) => [known.path.join(' '), known.summary])),
    '',
    `More: erpsync ${path.join(' ')} <command> --help`,
  ]);
}

/** `erpsync force-resync --help`. */
export function commandHelp(command: AnyCommand): string {
  const name = `erpsync ${command.path.join(' ')}`;
  const words = Object.entries(command.arguments).map(([key, argument]) => argumentSyntax(key, argument));
  const codes = new Set(['0', '1', '2', '3', ...(command.exitCodes ?? []).map(String)]);
  return page([
    command.summary,
    '',
    `Usage: ${[name, ...words, '[options]'].join(' ')}`,
    ...(command.description === undefined ? [] : ['', ...command.description]),
    ...section(
      'Arguments:',
      pairs(Object.entries(command.arguments).map(([key, { summary }]) => [key, summary])),
    ),
    ...section('Options:', flagLines(command.flags)),
    ...section('Options of every command:', flagLines(globalFlags)),
    ...section(
      'Examples:',
      command.examples.flatMap(({ run, why }) => [`  ${run}`, `      ${why}`]),
    ),
    ...section(
      'Exit codes:',
      pairs(
        exitCodeMeanings
          .filter(([code]) => codes.has(code) || (codes.has('130') && code.includes('130')))
          .map(([code, , when]) => [code, when]),
      ),
    ),
  ]);
}

/** `erpsync help exit-codes`. */
export function exitCodesHelp(): string {
  return page([
    'Exit codes. Never 0 unless everything asked for was accepted.',
    '',
    ...pairs(exitCodeMeanings.map(([code, name, when]) => [code, `${name}: ${when}`])),
  ]);
}

/** `erpsync help environment`: the variables that stand in for flags, and the others that are obeyed. */
export function environmentHelp(flags: Flags): string {
  const variables = Object.entries({ ...globalFlags, ...flags }).flatMap(([key, { environment, summary }]) =>
    environment === undefined ? [] : [[environment, `${flagName(key)}: ${summary}`] as const],
  );
  return page([
    'Environment variables. A flag goes before its variable, a variable before the profile.',
    '',
    ...pairs([
      ...variables,
      ...Object.values(secretSources).map(
        ({ variable, words, use }) => [variable, `the ${words} ${use}`] as const,
      ),
      [
        'ERPSYNC_STATE_DIR',
        'where runs and locks are kept; else XDG_STATE_HOME, or the place of the platform',
      ],
      ['HTTPS_PROXY, HTTP_PROXY, NO_PROXY', 'the proxy for other machines, as usual'],
      ['GITHUB_ACTIONS', 'true: errors and warnings are annotations of the step'],
      ['GITHUB_STEP_SUMMARY', 'a file that a run adds its summary to'],
      ['NO_COLOR, FORCE_COLOR, TERM, CI', 'colour, as usual'],
      ['NODE_EXTRA_CA_CERTS', 'a PEM file with further trusted CAs'],
    ]),
  ]);
}

function flagLines(flags: Flags): string[] {
  return pairs(Object.entries(flags).map(([key, flag]) => [flagSyntax(key, flag), flagMeaning(flag)]));
}

function flagSyntax(key: string, { short, kind, value }: Flag<unknown>): string {
  const shortForm = short === undefined ? '    ' : `-${short}, `;
  return `${shortForm}${flagName(key)}${kind === 'toggle' ? '' : ` <${value?.placeholder ?? 'value'}>`}`;
}

function flagMeaning({ summary, kind, shownDefault, environment }: Flag<unknown>): string {
  const notes = [
    ...(kind === 'repeated' ? ['repeatable'] : []),
    ...(shownDefault === undefined ? [] : [`default ${shownDefault}`]),
    ...(environment === undefined ? [] : [environment]),
  ];
  return notes.length === 0 ? summary : `${summary} (${notes.join('; ')})`;
}

function argumentSyntax(key: string, { required, takesRest }: Argument<unknown>): string {
  if (takesRest !== undefined && !required) return `[${key}...]`;
  if (takesRest !== undefined) return `${takesRest === 'command' ? '-- ' : ''}<${key}...>`;
  return required ? `<${key}>` : `[${key}]`;
}

function section(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', heading, ...lines];
}

function pairs(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([left]) => left.length).filter((length) => length <= 30));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}

function page(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
