/** Parsers of flag values, each with an error that says what is allowed. */
import { noneOf, unusable } from '../error-words.ts';
import type { Completion, ValueParser } from './flags.ts';

/** What shells complete a value with by its placeholder, where nothing else is said. */
const usualCompletions: Readonly<Record<string, Completion>> = {
  file: 'file',
  path: 'file',
  dir: 'directory',
  json: 'file-behind-at',
  list: 'file-behind-at',
};

/** Any text but none. */
export function text(
  placeholder: string,
  completes: Completion = usualCompletions[placeholder] ?? 'nothing',
): ValueParser<string> {
  return {
    placeholder,
    completes,
    parse(given, where) {
      if (given.trim() === '') throw unusable(where, 'it is empty', `give it a value: <${placeholder}>`);
      return given;
    },
  };
}

/** A whole number in a range, in ASCII digits. */
export function wholeNumber(placeholder: string, min: number, max: number): ValueParser<number> {
  return {
    placeholder,
    parse(given, where) {
      const number = /^[0-9]{1,15}$/.test(given) ? Number(given) : Number.NaN;
      if (number >= min && number <= max) return number;
      const why = `${JSON.stringify(given)} is not a whole number from ${min} to ${max}`;
      throw unusable(where, why, 'give such a number');
    },
  };
}

/** One of a few words. */
export function choice<const C extends string>(placeholder: string, choices: readonly C[]): ValueParser<C> {
  return {
    placeholder,
    choices,
    parse(given, where) {
      const found = choices.find((word) => word === given);
      if (found !== undefined) return found;
      throw noneOf(where, given, choices);
    },
  };
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** Timers of Node.js hold no more than this (ms); 24 days are enough. */
const longestMs = 2_147_483_647;

/** A duration in ms: `500ms`, `30s`, `5m`, `1h`, `2d`. */
export function duration(): ValueParser<number> {
  return {
    placeholder: 'duration',
    parse(given, where) {
      const [, number, unit] = /^([0-9]{1,10})(ms|s|m|h|d)$/.exec(given) ?? [];
      const ms = Number(number) * (unitMs[unit ?? ''] ?? Number.NaN);
      if (ms > 0 && ms <= longestMs) return ms;
      const why = `${JSON.stringify(given)} is not a duration`;
      throw unusable(where, why, 'write it as 500ms, 30s, 5m, 1h or 2d, up to 24d');
    },
  };
}

/** A name and a value. */
export interface Assignment {
  readonly name: string;
  readonly value: string;
}

/** `Name=value`; the value may be empty and may hold more equals signs. */
export function assignment(placeholder: string): ValueParser<Assignment> {
  return {
    placeholder,
    parse(given, where) {
      const at = given.indexOf('=');
      const name = given.slice(0, Math.max(0, at)).trim();
      if (name !== '') return { name, value: given.slice(at + 1) };
      // The text is not shown: what stands there may be a secret.
      throw unusable(where, 'its value stands without a name', 'write it as Name=value');
    },
  };
}
