/** How many requests are under way at a time, how fast they leave, and when they stop. */
import { describe, expect, test } from 'vitest';
import { runHere } from '../support/in-process.ts';
import { answer, noContent, type Reaction, wireServer } from '../support/wire-server.ts';

function commandLine(url: string, keys: number, ...more: readonly string[]): readonly string[] {
  const source = ['--connection', '124', '--no-check', '--url', url, '--auth', 'none'];
  return ['force-resync', ...source, '--ids', `1-${keys}`, '--chunk-size', '1', '-o', 'json', ...more];
}

/** A server that answers no request before so many are under way, or none comes any more for a while. */
async function gatheringServer(whole: number) {
  const waiting: (() => void)[] = [];
  let most = 0;
  const land = () => {
    for (const answerIt of waiting.splice(0)) answerIt();
  };
  const server = await wireServer(() => (socket) => {
    waiting.push(() => socket.write(noContent));
    most = Math.max(most, waiting.length);
    if (waiting.length === whole) land();
    else setTimeout(land, 300);
  });
  return { url: server.url, most: () => most };
}

describe('requests at a time', () => {
  test.each<[string, readonly string[], number]>([
    ['nothing is said', [], 4],
    ['two are asked for', ['--concurrency', '2'], 2],
    ['the requests are direct', ['--mode', 'direct'], 1],
  ])('when %s then so many are under way', async (_, flags, expected) => {
    const server = await gatheringServer(expected + 1);
    await runHere(commandLine(server.url, 6, ...flags));
    expect(server.most()).toBe(expected);
  });
});

describe('requests a second', () => {
  test('when more are sent than the rate allows then no second sees more', async () => {
    const times: number[] = [];
    const server = await wireServer(() => {
      times.push(performance.now());
      return noContent;
    });
    const { exitCode } = await runHere(commandLine(server.url, 9, '--rate', '4', '--concurrency', '8'));
    expect([exitCode, times.length]).toEqual([0, 9]);
    // Requests are delayed on their way by less than this (ms).
    const slack = 400;
    for (const start of times) {
      const within = times.filter((time) => time >= start && time < start + 1_000 - slack);
      expect(within.length).toBeLessThanOrEqual(4);
    }
  });

  test('when tries are repeated then they count as well', async () => {
    const busy: Reaction = answer(503, '', { 'Retry-After': '0' });
    const server = await wireServer((_, index) => (index < 3 ? busy : noContent));
    const started = performance.now();
    const { exitCode } = await runHere(commandLine(server.url, 1, '--rate', '2'));
    expect([exitCode, server.requests.length]).toEqual([0, 4]);
    expect(performance.now() - started).toBeGreaterThan(950);
  });
});

describe('what ends the sending', () => {
  test('when the deadline passes then the rest is not sent, code 10', async () => {
    const server = await wireServer(() => noContent);
    const { exitCode, stdout } = await runHere(
      commandLine(server.url, 50, '--rate', '4', '--deadline', '500ms'),
    );
    const { error, keys } = JSON.parse(stdout);
    expect(exitCode).toBe(10);
    expect(error.message).toContain('the deadline passed');
    expect(keys.accepted).toBe(server.requests.length);
    expect(keys.accepted + keys.unsent).toBe(50);
  });

  test('when the deadline passes before anything was accepted then the code is 9', async () => {
    const server = await wireServer(() => answer(503, '', { 'Retry-After': '1' }));
    const { exitCode, stdout } = await runHere(commandLine(server.url, 1, '--deadline', '100ms'));
    expect(exitCode).toBe(9);
    expect(JSON.parse(stdout).keys).toMatchObject({ accepted: 0, unsent: 1 });
  });

  test('when so many answers in a row are lost as may be then the run stops', async () => {
    const server = await wireServer(() => (socket) => socket.resetAndDestroy());
    const line = commandLine(server.url, 9, '--max-unknown', '2', '--concurrency', '1');
    const { exitCode } = await runHere(line);
    expect([exitCode, server.requests.length]).toEqual([11, 2]);
  });

  test('when the server refuses the credential then no further request is begun', async () => {
    const server = await wireServer(() => answer(403, ''));
    const { exitCode } = await runHere(commandLine(server.url, 500, '--rate', '0', '--concurrency', '4'));
    expect(exitCode).toBe(5);
    expect(server.requests.length).toBeLessThanOrEqual(4);
  });

  test('when the server refuses nearly everything then retries are not made for each request', async () => {
    const server = await wireServer(() => answer(503, '', { 'Retry-After': '0' }));
    const { exitCode } = await runHere(
      commandLine(server.url, 200, '--rate', '0', '--concurrency', '4', '--retries', '1'),
    );
    expect(exitCode).toBe(9);
    expect(server.requests.length).toBeLessThanOrEqual(8);
  });
});
