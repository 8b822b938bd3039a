/**
 * Answers the scripts that `erpsync completion` prints. They ask with `erpsync __complete <shell> ...` and what was typed,
 * quotes included:
 *
 *     bash <part> <word>...   the words, the one at the cursor last; <part> is what bash would replace of that one
 *     zsh <word>...
 *     fish <word>...          without their quotes, but for the last one
 *
 * The first line that comes back says how it is. With `words`, or `words nospace` (no blank behind it), a candidate is on
 * each further line, with a tab and what it is; for bash without that, and quoted as it is to be inserted. With
 * `files <n>` or `directories <n>` the shell completes a path, n characters into the word: the second line is what
 * stands before it, the third the path, both without quotes.
 */
import type { Host } from '../cli/context.ts';
import type { CommandEntry } from '../cli/define.ts';
import { flagName } from '../cli/flags.ts';
import { readTypedLine, type TypedLine } from '../cli/typed-line.ts';
import { quotedFor, readTypedWord } from '../cli/typed-word.ts';
import { exitCodes } from '../errors.ts';
import { printable } from '../output/json.ts';
import { type Candidate, commandWords, type ValueChoice, valueChoice } from './completion-values.ts';

/** Answers one question. Whatever is wrong has no candidates: a shell at its prompt is no place for an error. */
export async function answerCompletion(
  [shell = '', ...asked]: readonly string[],
  commands: readonly CommandEntry[],
  host: Host,
): Promise<number> {
  const [part, typed] = shell === 'bash' ? [asked[0] ?? '', asked.slice(1)] : ['', asked];
  const raw = typed.at(-1) ?? '';
  const read = (word: string): string => readTypedWord(word, host.homeDirectory).text;
  const text = read(raw);
  const words = [...(shell === 'fish' ? typed.slice(0, -1) : typed.slice(0, -1).map(read)), text];
  const { candidates, path, goesOn } = await choiceFor(words, commands, host).catch(() => noChoice);
  const safe = candidates.filter((candidate) => isPlain(candidate.text));
  const lines =
    path === undefined
      ? [
          goesOn ? 'words nospace' : 'words',
          ...(shell === 'bash' ? forBash(safe, raw, part, host) : safe.map(withNote)),
        ]
      : [`${path.kind} ${path.from}`, text.slice(0, path.from), text.slice(path.from)];
  host.writeStdout(lines.map((line) => `${line}\n`).join(''));
  return exitCodes.ok;
}

const noChoice: ValueChoice = { candidates: [] };

/** What can stand in place of the last word. */
async function choiceFor(
  words: readonly string[],
  commands: readonly CommandEntry[],
  host: Host,
): Promise<ValueChoice> {
  const line = await readTypedLine(words, commands);
  if (line === undefined) return noChoice;
  const { cursor, text, path } = line;
  const around = { line, host, commands };
  if (cursor.kind === 'command') return { candidates: commandWords(commands, path) };
  if (cursor.kind === 'flag') return { candidates: flagCandidates(line) };
  if (cursor.kind === 'value') {
    const { flag, before } = cursor;
    if (flag.value === undefined) return noChoice;
    return behind(before, await valueChoice(flag.value, text.slice(before.length), around));
  }
  // Where no argument can stand, only flags can.
  if (cursor.argument === undefined) return { candidates: flagCandidates(line) };
  return await valueChoice(cursor.argument.value, text, around);
}

/** A choice of values as one of whole words. */
function behind(before: string, { candidates, path, ...rest }: ValueChoice): ValueChoice {
  return {
    ...rest,
    candidates: candidates.map((candidate) => ({ ...candidate, text: before + candidate.text })),
    ...(path && { path: { ...path, from: before.length + path.from } }),
  };
}

/** The flags that may be given still. */
function flagCandidates({ flags, given, text, command }: TypedLine): readonly Candidate[] {
  const entries = Object.entries(flags).filter(
    ([key, { kind, counts }]) => kind === 'repeated' || counts === true || !given.has(key),
  );
  // Of every command first in the declarations, but the command's own are what is looked for.
  const own = entries.filter(([key]) => command !== undefined && Object.hasOwn(command.flags, key));
  const ordered = [...own, ...entries.filter((entry) => !own.includes(entry))];
  // Short ones stand as they are typed.
  if (/^-[^-]/.test(text)) return [{ text }];
  return [
    ...ordered.map(([key, { summary }]) => ({ text: flagName(key), note: summary })),
    { text: '--help', note: 'what it takes and does' },
    ...(command === undefined ? [{ text: '--version', note: 'the version of erpsync' }] : []),
  ];
}

/** Whether a text can be told on a line, and typed: what steers a terminal is no candidate. */
function isPlain(text: string): boolean {
  return text !== '' && printable(text) === text && !text.includes('\n');
}

function withNote({ text, note }: Candidate): string {
  return note === undefined ? text : `${text}\t${printable(note).replaceAll('\n', ' ')}`;
}

/**
 * The candidates that begin as what is typed, from where bash puts them: it cuts words at `=`, `:` and `@`, and
 * leaves a quote that is open in its place.
 */
function forBash(candidates: readonly Candidate[], raw: string, part: string, host: Host): readonly string[] {
  const { text, quote, quotedFrom } = readTypedWord(raw, host.homeDirectory);
  const replacedFrom = Math.max(quotedFrom, raw.length - part.length);
  const kept = readTypedWord(raw.slice(0, replacedFrom), host.homeDirectory).text.length;
  const begins = (candidate: string): boolean => candidate.toLowerCase().startsWith(text.toLowerCase());
  return candidates.flatMap((candidate) =>
    begins(candidate.text) ? [quotedFor(candidate.text.slice(kept), quote)] : [],
  );
}
