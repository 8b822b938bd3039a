/** What people see of requests that are tried again: each reason once, each time with -v, and how many in the end. */
import { describe, expect, test } from 'vitest';
import { runHere } from '../support/in-process.ts';
import { answer, noContent, wireServer } from '../support/wire-server.ts';

const busy = answer(429, '', { 'Retry-After': '0' });
const resync = ['force-resync', '--from-crm', '--ids', '1-3', '--no-check', '--chunk-size', '1'];

/** Refuses each request as often as there are answers in the list, one after the other. */
async function resynced(refusals: readonly string[], flags: readonly string[] = []) {
  const server = await wireServer((_, index) => refusals[index] ?? noContent);
  const line = [
    ...resync,
    '--concurrency',
    '1',
    '--rate',
    '0',
    '--url',
    server.url,
    '--auth',
    'none',
    ...flags,
  ];
  const { exitCode, stdout, stderr } = await runHere(line);
  return { exitCode, stdout, lines: stderr.split('\n').filter((text) => text.includes('trying again')) };
}

describe('a run whose requests are tried again', () => {
  test('when the reason is the same then it is told once, and the summary has the number', async () => {
    const { exitCode, stdout, lines } = await resynced([busy, busy, busy]);
    expect([exitCode, lines.length]).toEqual([0, 1]);
    expect(stdout).toMatch(/^Queued on the server, .* It took 3 retries\.\n$/);
  });

  test('when there are two reasons then each is told', async () => {
    const { lines } = await resynced([busy, answer(503, '', { 'Retry-After': '0' }), busy]);
    expect(lines.map((text) => /HTTP \d+/.exec(text)?.[0])).toEqual(['HTTP 429', 'HTTP 503']);
  });

  test('when it is to be verbose then each is told', async () => {
    expect((await resynced([busy, busy, busy], ['-v'])).lines).toHaveLength(3);
  });

  test('when nothing is tried again then the summary does not speak of it', async () => {
    expect((await resynced([])).stdout).not.toContain('retr');
  });
});
