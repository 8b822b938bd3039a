/** Names and values below each other: one thing for people, or the rows of a list that is too wide for the terminal. */
import stringWidth from 'fast-string-width';
import { wrapped } from './fitted-text.ts';
import { printable } from './json.ts';
import type { Style } from './style.ts';

/** Blanks between a name and its value. */
const gap = 2;
/** With less room than this beside its name (columns), or than its longest word takes, a value stands below it. */
const leastRoom = 12;

/**
 * Names and values below each other, the values aligned. At a terminal long values go on in further lines; a word that
 * is longer than those stays whole, so that it can be copied.
 */
export function details(
  rows: readonly (readonly [name: string, value: string])[],
  { paint, columns = Number.POSITIVE_INFINITY }: Style,
): string {
  const names = rows.map(([name]) => printable(name));
  const beside = Math.max(0, ...names.map((name) => stringWidth(name))) + gap;
  return rows
    .map(([, value], index) => {
      const name = names[index] ?? '';
      const shown = printable(value);
      const room = columns - beside;
      if (room < leastRoom || longestWord(shown) > room) {
        const lines = wrapped(shown, columns - gap).filter((line) => line !== '');
        return [paint.bold(name), ...lines.map((line) => ' '.repeat(gap) + line)].join('\n');
      }
      const [first = '', ...others] = wrapped(shown, room);
      const label = paint.bold(name + ' '.repeat(beside - gap - stringWidth(name)));
      const further = others.map((line) => ' '.repeat(beside) + line);
      return [`${label}${' '.repeat(gap)}${first}`.trimEnd(), ...further].join('\n');
    })
    .join('\n');
}

function longestWord(text: string): number {
  return Math.max(...text.split(/\s+/).map((word) => stringWidth(word)));
}
