/** Checks how the program told that something failed: every error has a reason, and says what to do next. */
import { parse } from 'yaml';
import type { Finished } from './program.ts';

/** @throws where a finished program told an error without its reason, or without anything to do next */
export function checkToldErrors(finished: Finished): void {
  const problems = problemsOfErrors(finished);
  if (problems.length > 0) throw new Error(`errors are told in three parts:\n${problems.join('\n')}`);
}

/** What is wrong with the errors that a program told, on stderr and in its documents; nothing where it ended well. */
export function problemsOfErrors({ exitCode, stdout, stderr }: Finished): readonly string[] {
  if (exitCode === 0 || exitCode === undefined) return [];
  return [...toldErrors(stderr), ...documentsIn(stdout).flatMap(errorsIn)].flatMap(problemsOf);
}

/** An error as it was told. */
interface Told {
  readonly text: string;
  readonly why: string | undefined;
  readonly next: string | undefined;
}

function problemsOf({ text, why, next }: Told): readonly string[] {
  if (text.startsWith('this is a bug in erpsync')) return [];
  return [
    ...(why ? [] : [`no reason: ${text}`]),
    ...(next ? [] : [`nothing to do next: ${text}`]),
    ...(next && !actionable.test(next) ? [`no command, option or variable to go on with: ${next}`] : []),
  ];
}

/** What can be typed: a command, an option or a variable, or once more the command that failed; or who has to act. */
const actionable =
  /\berpsync (?:--)?[a-z]|(?:^|[\s"'(])--?[a-zA-Z]|\b[A-Z][A-Z0-9]*_[A-Z_]+\b|\bHOME\b|\brun the same command again\b|\b(?:chmod|chown|mv|rm|ulimit|kill|secret-tool) |\bhave an administrator\b/;

// biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal is told beside the text
const terminalCodes = /\u001b\[[0-9;?]*[A-Za-z]/g;

/** The error that stands on stderr: behind warnings, which are told with the same word before them. */
function toldErrors(stderr: string): readonly Told[] {
  const lines = stderr.replace(terminalCodes, '').split(/\r?\n/);
  const annotations = lines.flatMap((line) => /^::error [^:]*::(.*)$/.exec(line)?.[1] ?? []);
  const at = lines.findLastIndex((line) => /^erpsync: (?!warning: )/.test(line));
  const [first = '', ...rest] = at === -1 ? [] : lines.slice(at);
  // A page of help begins with that word, too.
  const text = rest.some((line) => line.startsWith('Usage')) ? '' : first.replace('erpsync: ', '');
  const part = (name: string): string | undefined =>
    rest.flatMap((line) => new RegExp(`^ +${name}: (.+)$`).exec(line)?.[1] ?? [])[0];
  const [why, next] = [part('why'), part('next')];
  const inLines = why !== undefined || next !== undefined;
  return [
    ...annotations.map((line) => toldInOneLine(decodeURIComponent(line))),
    ...(text === '' ? [] : [inLines ? { text, why, next: next && `see: ${next}` } : toldInOneLine(text)]),
  ];
}

/** `what: why; next`, as mails and logs have it; behind the sentence of a server `what: why. Next`. */
function toldInOneLine(text: string): Told {
  const [, , why, next] = /^(.+?): (.+?(?:;|[.!?](?= [A-Z]))) (.+)$/s.exec(text) ?? [];
  return { text, why, next };
}

/** Documents of any form; other text has none. */
function documentsIn(stdout: string): readonly unknown[] {
  if (!/^(?:\{|schemaVersion: )/m.test(stdout)) return [];
  const whole = jsonIn(stdout);
  if (whole !== undefined) return [whole];
  const lines = stdout.trimEnd().split('\n').map(jsonIn);
  if (lines.every((line) => line !== undefined)) return lines;
  return stdout.startsWith('schemaVersion: ') ? [parse(stdout)] : [];
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Every error within a value, at whatever depth. */
function errorsIn(value: unknown): readonly Told[] {
  if (typeof value !== 'object' || value === null) return [];
  const { error, ...others } = value as { readonly error?: unknown };
  const inner = Object.values(others).flatMap(errorsIn);
  if (typeof error !== 'object' || error === null || !('exitCode' in error)) return inner;
  const { message, why, hint } = error as { message?: string; why?: string; hint?: string };
  return [...inner, { text: String(message), why, next: hint }];
}
