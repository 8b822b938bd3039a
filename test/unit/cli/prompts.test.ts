/** Questions at a terminal: what stands in them steers it no more than any other text. */
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { type Prompts, terminalPrompts } from '../../../src/cli/prompts.ts';
import { evil } from '../../support/hostile-tenant.ts';

/** What the library itself writes to draw: sequences that begin with an escape, and its returns and line ends. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are looked for
const drawing = /\u001b\[\??[\d;]*[A-Za-z]|[\r\n]/g;

async function drawn(
  ask: (prompts: Prompts) => Promise<unknown>,
  answers: readonly string[],
): Promise<string> {
  const [stdin, stderr] = [new PassThrough(), new PassThrough()];
  const terminal = { stdin, stderr, stopped: new AbortController().signal };
  const prompts = terminalPrompts(true, terminal, { colour: true, unicode: true });
  const asked = ask(prompts);
  let written = '';
  const left = [...answers];
  stderr.on('data', (chunk: Buffer) => {
    written += chunk.toString('utf8');
    // Each answer is typed once what is written shows that it is awaited.
    const next = left.length > 0 && written.includes('\\u202e') ? left.shift() : undefined;
    if (next !== undefined) setImmediate(() => stdin.write(next));
  });
  await asked;
  return written;
}

test.each<[string, (prompts: Prompts) => Promise<unknown>, readonly string[]]>([
  ['a text', (prompts) => prompts.text(`Type ${evil}`), ['yes\r']],
  ['a secret', (prompts) => prompts.secret(`Password for ${evil}`), ['Tje0\r']],
  ['a choice', (prompts) => prompts.select(`Which of ${evil}`, [`a${evil}`, 'b']), ['\r']],
])('when %s is asked for then the question steers nothing', async (_, ask, answers) => {
  const written = await drawn(ask, answers);
  expect(written).toContain('\\u202e');
  expect(written).toContain('\\u009b31m');
  expect(written.replace(drawing, '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u);
  expect(written).not.toContain('\u001b[31m\u001b]0;title');
});
