/** What tests expect of a finished program again and again. */
import { expect } from 'vitest';
import type { Finished } from './program.ts';

/** What steers a terminal or reorders text; a line feed does too, but ends the lines of output. */
export const steering =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get out
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/** The program refused: this code, nothing on stdout, and one line on stderr with all of these words. */
export function expectRefusal(finished: Finished, exitCode: number, words: readonly string[]): void {
  expect(finished).toMatchObject({ exitCode, stdout: '' });
  expect(finished.stderr).toMatch(/^erpsync: [^\n]+\n$/);
  expect(finished.stderr).not.toMatch(steering);
  for (const word of words) expect(finished.stderr).toContain(word);
}

/** The one JSON document that stdout holds. */
export function documentOf({ stdout }: Finished): Readonly<Record<string, unknown>> {
  expect(stdout).toMatch(/^\{.*\}\n$/s);
  return JSON.parse(stdout);
}

/** Whatever was answered: nothing on either output steers a terminal, and it was told as anything but a bug. */
export function expectSafeOutput({ exitCode, stdout, stderr }: Finished): void {
  expect(stdout).not.toMatch(steering);
  expect(stderr).not.toMatch(steering);
  expect(stderr).not.toContain('this is a bug');
  expect(exitCode).not.toBe(1);
}
