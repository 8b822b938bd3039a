/** Runs and lists at a real terminal: the progress, colours, Ctrl-C, and what is left on the screen. */
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { machine } from '../support/program.ts';
import { resyncServer, runLine } from '../support/resync-server.ts';
import { startSandbox } from '../support/sandbox.ts';
import { type AtTerminal, atTerminal, type TerminalOptions } from '../support/terminal.ts';
import { noContent } from '../support/wire-server.ts';

const shell = `trap : INT; stty -a > before; "$@"; code=$?; stty -a > after; exit $code`;

/** A run of eighty requests that are answered one by one, by `answer`. */
async function slowRun(options: TerminalOptions = {}, ...more: readonly string[]) {
  const user = machine();
  const server = await resyncServer(() => 'wait');
  const line = [...runLine(server.url, 80, '--concurrency', '1'), ...more];
  const seen = atTerminal(user, line, { shell, ...options });
  let answered = 0;
  /** Answers the request that waits; false if none does. */
  function answerWaiting(): boolean {
    const socket: Socket | undefined = server.waiting[answered];
    if (socket === undefined) return false;
    answered += 1;
    socket.write(noContent);
    return true;
  }
  async function answer(count = 1): Promise<void> {
    for (let left = count; left > 0; left -= 1) {
      await vi.waitUntil(answerWaiting, { timeout: 20_000, interval: 2 });
    }
  }
  /** Answers until something is seen: nothing is drawn in the first half second. */
  async function answerUntil(expected: RegExp): Promise<void> {
    const seesOrAnswers = async (): Promise<boolean> => {
      if (expected.test(seen.screen())) return true;
      if (answered >= 78) throw new Error(`${expected} was not seen, but:\n${seen.screen()}`);
      await answer();
      return false;
    };
    await vi.waitUntil(seesOrAnswers, { timeout: 20_000, interval: 60 });
  }
  return { user, server, seen, answer, answerWaiting, answerUntil, left: () => 80 - answered };
}

const bar = /\d+ of 80 keys \(\d+ %\), \d+ requests/;

describe('the progress of a run', () => {
  test('when the run lasts then a bar is drawn in one line, and it is gone at the end', async () => {
    const { seen, answer, answerUntil, left } = await slowRun({ columns: 120 });
    await answerUntil(/\[=+ +\] \d+ of 80 keys/);
    const [first = ''] = bar.exec(seen.screen()) ?? [];
    await answerUntil(/3\d of 80 keys/);
    expect(seen.screen()).not.toContain(first);
    await answer(left());
    expect(await seen.ended).toBe(0);
    expect(seen.screen()).toBe(
      [
        'Resync of 80 keys in 80 requests, from SuperOffice CRM to all ERP connections.',
        'Queued on the server, not yet synced: 80 keys in 80 requests, from SuperOffice CRM to all ERP connections.',
      ].join('\n'),
    );
  });

  test.each([40, 200])('when the window has %i columns then it takes one row of them', async (columns) => {
    const { seen, answerUntil } = await slowRun({ columns });
    await answerUntil(/of 80 keys \(/);
    const rows = seen
      .screen()
      .split('\n')
      .filter((row) => row.includes('of 80 keys ('));
    expect(rows).toHaveLength(1);
    expect(rows[0]?.includes('[=')).toBe(columns > 100);
  });

  test('when the window is made smaller then nothing of the wider line is left', async () => {
    const { seen, answer, answerUntil, left } = await slowRun({ columns: 120 });
    await answerUntil(/\[=+ +\] \d+ of 80 keys/);
    await seen.resize(50);
    await answerUntil(/3\d of 80 keys/);
    await answer(left());
    expect(await seen.ended).toBe(0);
    expect(seen.screen().replaceAll('\n', '')).toBe(
      'Resync of 80 keys in 80 requests, from SuperOffice CRM to all ERP connections.' +
        'Queued on the server, not yet synced: 80 keys in 80 requests, from SuperOffice CRM to all ERP connections.',
    );
  });

  test.each([
    ['a dumb terminal', { TERM: 'dumb' }, '"$@"'],
    ['CI', { CI: '1' }, '"$@"'],
    ['a pipe for errors', {}, '"$@" 2>&1 | cat'],
    ['a closed terminal, as at night', {}, 'setsid -w "$@" < /dev/null > out 2>&1; cat out'],
  ])('when there is %s then no line is drawn again', async (_, env, line) => {
    const { seen, answer, left } = await slowRun({ env: env as Record<string, string>, shell: line });
    await answer();
    const barIsDue = performance.now() + 700;
    await vi.waitUntil(() => performance.now() > barIsDue, { timeout: 10_000, interval: 20 });
    await answer(left());
    await seen.ended;
    expect(seen.screen()).toContain('Queued on the server');
    // The terminal itself makes \r\n of line ends.
    expect(seen.written().replaceAll('\r\n', '')).not.toMatch(/\p{Cc}/u);
  });
});

describe('Ctrl-C', () => {
  test('when it is typed during a run then the request under way is finished and the way on is told', async () => {
    const { user, server, seen, answer, answerUntil } = await slowRun();
    await answerUntil(bar);
    const sent = server.requests.length;
    seen.type('\u0003');
    await seen.sees('what is under way is finished first');
    await answer();
    expect(await seen.ended).toBe(130);
    expect(server.requests.length - sent).toBeLessThanOrEqual(1);
    expect(seen.screen()).toMatch(/erpsync resume \S+/);
    expect(seen.screen()).not.toMatch(bar);
    expectRestored(user.home, seen);
  });

  test('when it is typed twice then the run ends at once, and says what is not known', async () => {
    const { user, server, seen } = await slowRun();
    await vi.waitUntil(() => server.waiting.length === 1, { timeout: 10_000, interval: 5 });
    seen.type('\u0003');
    await seen.sees('what is under way is finished first');
    seen.type('\u0003');
    expect(await seen.ended).toBe(130);
    expect(seen.screen()).toContain('0 of 80 keys accepted, 1 unknown, 79 not sent');
    expectRestored(user.home, seen);
  });
});

test('when the window is closed during a run then the request under way is finished, and the rest can be sent', async () => {
  const { user, server, seen, answerWaiting, answerUntil } = await slowRun({
    shell: 'echo $$ > pid; exec "$@"',
  });
  await answerUntil(bar);
  seen.close();
  const pid = Number(readFileSync(path.join(user.home, 'pid'), 'utf8'));
  await vi.waitUntil(() => !answerWaiting() && hasEnded(pid), { timeout: 30_000, interval: 20 });
  const { stdout } = await user.run(['runs', 'list', '-o', 'json']);
  const [{ counts }] = JSON.parse(stdout).items;
  expect(counts).toMatchObject({ accepted: server.requests.length, unknown: 0 });
  expect(counts.accepted).toBeLessThan(80);
});

function hasEnded(pid: number): boolean {
  try {
    return !process.kill(pid, 0);
  } catch {
    return true;
  }
}

function expectRestored(home: string, seen: AtTerminal): void {
  const [before, after] = ['before', 'after'].map((name) => readFileSync(path.join(home, name), 'utf8'));
  expect(after).toBe(before);
  expect(seen.cursorVisible()).toBe(true);
}

describe('the colour of a list', () => {
  async function listed({ env, shell: line = '"$@"' }: TerminalOptions, ...more: readonly string[]) {
    const user = machine();
    const { url, username, password } = await startSandbox(user);
    const words = ['connections', 'list', '--url', url, '--username', username, ...more];
    const secret = { ERPSYNC_PASSWORD: password };
    const seen = atTerminal(user, words, { shell: line, env: { ...env, ...secret }, columns: 200 });
    expect(await seen.ended).toBe(0);
    expect(seen.screen()).toMatch(/124 +Visma Net/);
    return seen;
  }

  test.each([
    ['a terminal', {}, '"$@"', [], true],
    ['NO_COLOR', { NO_COLOR: '1' }, '"$@"', [], false],
    ['an empty NO_COLOR', { NO_COLOR: '' }, '"$@"', [], true],
    ['a dumb terminal', { TERM: 'dumb' }, '"$@"', [], false],
    ['CI', { CI: 'true' }, '"$@"', [], false],
    ['FORCE_COLOR in CI', { CI: 'true', FORCE_COLOR: '1' }, '"$@"', [], true],
    ['--no-color', { FORCE_COLOR: '1' }, '"$@"', ['--no-color'], false],
    ['a pipe', {}, '"$@" | cat', [], false],
    ['FORCE_COLOR and a pipe', { FORCE_COLOR: '1' }, '"$@" | cat', [], true],
  ] as const)('when there is %s then the heading is painted or not', async (_, env, line, flags, painted) => {
    const seen = await listed({ env, shell: line }, ...flags);
    expect(seen.isStyled('NAME')).toBe(painted);
    expect(seen.isStyled('Visma Net')).toBe(false);
  });

  test('when stdout is a pipe and stderr a terminal then only the terminal gets progress', async () => {
    const { seen, answer, answerUntil, left } = await slowRun({ shell: '"$@" > out; cat out' });
    await answerUntil(bar);
    await answer(left());
    await seen.ended;
    expect(seen.screen()).not.toMatch(bar);
    expect(seen.screen()).toContain('Queued on the server');
  });
});
