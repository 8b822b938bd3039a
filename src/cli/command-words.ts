/** How commands, arguments and options are written in help and in the manual, from their declarations. */
import { everyCommandCodes, exitCodeMeanings } from '../errors.ts';
import type { AnyCommand } from './define.ts';
import { type Argument, type Flag, flagName } from './flags.ts';

/** How a command is typed: `erpsync runs show [run] [options]`. */
export function usageLine({ path, arguments: declared }: AnyCommand): string {
  const words = Object.entries(declared).map(([key, argument]) => argumentSyntax(key, argument));
  return ['erpsync', ...path, ...words, '[options]'].join(' ');
}

/** `<id>`, `[run]`, `<id...>`; `-- <command...>` where the words of another program follow. */
export function argumentSyntax(key: string, { required, takesRest }: Argument<unknown>): string {
  const name = takesRest === undefined ? key : `${key}...`;
  if (!required) return `[${name}]`;
  return takesRest === 'command' ? `-- <${name}>` : `<${name}>`;
}

/** More choices than these (characters) are told in the meaning of an option, not where its value stands. */
const shortChoices = 16;

/** `-o, --output <form>`, `--auth <basic|ticket>`. */
export function flagSyntax(key: string, { short, kind, value }: Flag<unknown>): string {
  const choices = value?.choices?.join('|') ?? '';
  const shown = choices !== '' && choices.length <= shortChoices ? choices : (value?.placeholder ?? 'value');
  const name = short === undefined ? flagName(key) : `-${short}, ${flagName(key)}`;
  return kind === 'toggle' ? name : `${name} <${shown}>`;
}

/** What an option is for, and in brackets its choices, where they are not told otherwise, its default and variable. */
export function flagMeaning({ summary, kind, value, shownDefault, environment }: Flag<unknown>): string {
  const { choices = [] } = value ?? {};
  const isTold =
    choices.join('|').length <= shortChoices || choices.every((choice) => summary.includes(choice));
  const notes = [
    ...(isTold ? [] : [`one of ${choices.join(', ')}`]),
    ...(kind === 'repeated' ? ['repeatable'] : []),
    ...(shownDefault === undefined ? [] : [`default ${shownDefault}`]),
    ...(environment === undefined ? [] : [environment]),
  ];
  return notes.length === 0 ? summary : `${summary} (${notes.join('; ')})`;
}

/** A row of {@link exitCodeMeanings}. */
export type ExitCodeMeaning = (typeof exitCodeMeanings)[number];

/** The exit codes that a command can give, and when. */
export function exitCodesOf({ exitCodes: own = [] }: AnyCommand): readonly ExitCodeMeaning[] {
  const codes = new Set([...everyCommandCodes, ...own].map(String));
  return exitCodeMeanings.filter(([code]) => code.split(', ').some((each) => codes.has(each)));
}
