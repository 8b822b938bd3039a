/** Words of a command line as a shell's user has typed them so far, quotes included; nothing is ever evaluated. */

/** A word that may not be finished. */
export interface TypedWord {
  /** What the shell would make of it, without its quotes. */
  readonly text: string;
  /** The quote that is open at its end, or none. */
  readonly quote: '' | "'" | '"';
  /** Where in the typed word, behind the quote, that quote begins; 0 for none. */
  readonly quotedFrom: number;
}

/** What a backslash takes the meaning of, within double quotes. */
const escapable = '$`"\\\n';

/**
 * Reads one word as POSIX shells quote it. Variables and commands in it stay as they are typed; only `~/` at its
 * beginning is the home directory.
 */
export function readTypedWord(typed: string, homeDirectory: string): TypedWord {
  const isHome = typed === '~' || typed.startsWith('~/');
  let text = isHome ? homeDirectory : '';
  let quote: TypedWord['quote'] = '';
  let quotedFrom = 0;
  for (let index = isHome ? 1 : 0; index < typed.length; index++) {
    const character = typed[index] ?? '';
    const next = typed[index + 1] ?? '';
    if (character === '\\' && quote !== "'" && (quote === '' || escapable.includes(next))) {
      // A backslash at the end of what is typed begins something.
      if (next !== '\n') text += next;
      index++;
    } else if (quote === '' && (character === "'" || character === '"')) {
      quote = character;
      quotedFrom = index + 1;
    } else if (character === quote && quote !== '') {
      quote = '';
      quotedFrom = 0;
    } else {
      text += character;
    }
  }
  return { text, quote, quotedFrom };
}

/**
 * A text as the rest of a word of bash whose quote is open, or without quotes: none of it is special, and the open
 * quote stays open.
 */
export function quotedFor(text: string, quote: TypedWord['quote']): string {
  if (quote === "'") return text.replaceAll("'", "'\\''");
  if (quote === '"') return text.replace(/[\\$`"]/g, '\\$&').replaceAll('!', '"\\!"');
  return text.replace(/[^\p{L}\p{N}\p{M}@%+=:,./_-]/gu, '\\$&');
}
