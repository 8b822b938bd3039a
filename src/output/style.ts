/** How text for people looks: colour and width. The only place that uses chalk. */
import { Chalk, type ChalkInstance, type ColorSupportLevel } from 'chalk';

/** Paint and room for text on one stream. */
export interface Style {
  readonly paint: ChalkInstance;
  /** Columns of the terminal; undefined when the stream is none. */
  readonly columns: number | undefined;
  /** What stands for the rest of a text that was shortened: one character where the terminal can show it. */
  readonly ellipsis: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The colour level for a stream. In this order: --no-color or NO_COLOR (not empty) turn colour off,
 * FORCE_COLOR turns it on (its number is the level, 0 or false is off), then only a terminal that is not
 * `dumb`, and not in CI, has colour.
 */
export function colourLevel(
  environment: Environment,
  isTerminal: boolean,
  noColor: boolean,
): ColorSupportLevel {
  const { NO_COLOR, FORCE_COLOR, TERM, CI, COLORTERM } = environment;
  if (noColor || (NO_COLOR !== undefined && NO_COLOR !== '')) return 0;
  if (FORCE_COLOR !== undefined) {
    if (FORCE_COLOR === '0' || FORCE_COLOR === 'false') return 0;
    if (FORCE_COLOR === '2') return 2;
    return FORCE_COLOR === '3' ? 3 : 1;
  }
  if (!isTerminal || TERM === 'dumb' || (CI !== undefined && CI !== '' && CI !== 'false')) return 0;
  if (COLORTERM === 'truecolor' || COLORTERM === '24bit') return 3;
  return TERM?.includes('256color') ? 2 : 1;
}

/**
 * Whether a terminal takes UTF-8: what the locale says, in the order of POSIX; without any it is C, which does not.
 * Windows has no such variables.
 */
export function showsUnicode({ LC_ALL, LC_CTYPE, LANG }: Environment, platform: string): boolean {
  return platform === 'win32' || /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || 'C');
}

/** A style for a stream. */
export function styleFor(level: ColorSupportLevel, columns: number | undefined, unicode = false): Style {
  return { paint: new Chalk({ level }), columns, ellipsis: unicode ? '\u2026' : '...' };
}
