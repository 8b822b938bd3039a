/** Signals and a closed stdout while a run is under way. The server decides when its first answer comes. */
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { constants } from 'node:os';
import { describe, expect, test, vi } from 'vitest';
import { machine, type Started } from '../support/program.ts';
import { noContent, type WireServer, wireServer } from '../support/wire-server.ts';

const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type EndingSignal = (typeof endingSignals)[number];

interface UnderWay {
  readonly server: WireServer;
  readonly program: Started;
  /** The socket on which the first request waits for its answer. */
  readonly waiting: Socket;
}

/** A run of three requests whose first one has reached the server. */
async function runUnderWay(...more: readonly string[]): Promise<UnderWay> {
  let arrived: (socket: Socket) => void = () => undefined;
  const first = new Promise<Socket>((resolve) => {
    arrived = resolve;
  });
  const server = await wireServer((_, index) => (index === 0 ? arrived : noContent));
  const flags = ['--chunk-size', '1', '--no-check', '--auth', 'none', ...more];
  const program = machine().start([
    'force-resync',
    '--from-crm',
    '--ids',
    '1-3',
    '--url',
    server.url,
    ...flags,
  ]);
  const waiting = await Promise.race([first, program.finished.then(failEarly)]);
  return { server, program, waiting };
}

function failEarly(finished: object): never {
  throw new Error(`the program ended before its first request: ${JSON.stringify(finished)}`);
}

/** Waits until a running program has written a text to stderr. */
async function saysOnStderr({ child }: Started, text: string): Promise<void> {
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += String(chunk);
  });
  await vi.waitUntil(() => said.includes(text), { timeout: 10_000, interval: 5 });
}

/** Sends a signal and waits until the program has taken it: from then on it catches none of them. */
async function interrupt({ child }: Started, signal: EndingSignal): Promise<void> {
  expect(endingSignals.every((name) => catches(child.pid, name))).toBe(true);
  child.kill(signal);
  await vi.waitUntil(() => !endingSignals.some((name) => catches(child.pid, name)), {
    timeout: 10_000,
    interval: 5,
  });
}

/** Whether a process has a handler for a signal (Linux tells). */
function catches(pid: number | undefined, signal: EndingSignal): boolean {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mask = BigInt(`0x${/^SigCgt:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  return ((mask >> BigInt(constants.signals[signal] - 1)) & 1n) === 1n;
}

describe.skipIf(process.platform !== 'linux')('a signal', () => {
  test.each<[EndingSignal, number]>([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])(
    'when %s comes during a request then that one is finished, no other sent, code %i',
    async (signal, code) => {
      const { server, program, waiting } = await runUnderWay('-o', 'json');
      await interrupt(program, signal);
      waiting.write(noContent);
      const { exitCode, stdout } = await program.finished;
      expect([exitCode, server.requests.length]).toEqual([code, 1]);
      expect(JSON.parse(stdout)).toMatchObject({
        status: 'interrupted',
        exitCode: code,
        keys: { given: 3, accepted: 1, rejected: 0, unsent: 2, unknown: 0 },
        error: { code: 'interrupted', exitCode: code, message: expect.stringContaining(signal) },
      });
    },
  );

  test('when the request under way is lost after a signal then the document says so', async () => {
    const { program, waiting } = await runUnderWay('-o', 'json');
    await interrupt(program, 'SIGINT');
    waiting.resetAndDestroy();
    const { exitCode, stdout } = await program.finished;
    expect(exitCode).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'interrupted', keys: { unsent: 2, unknown: 1 } });
  });

  test('when it comes during the wait for another try then the wait ends', async () => {
    const { server, program, waiting } = await runUnderWay('-o', 'json');
    const waits = saysOnStderr(program, 'trying again');
    waiting.write('HTTP/1.1 503 Busy\r\nRetry-After: 250\r\nContent-Length: 0\r\n\r\n');
    await waits;
    await interrupt(program, 'SIGINT');
    const { exitCode, stdout } = await program.finished;
    expect([exitCode, server.requests.length]).toEqual([130, 1]);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'interrupted', keys: { accepted: 0, unsent: 3 } });
  });

  test.each(endingSignals)('when SIGINT is followed by %s then the program ends at once', async (second) => {
    const { server, program } = await runUnderWay('-o', 'json');
    await interrupt(program, 'SIGINT');
    program.child.kill(second);
    expect(await program.finished).toMatchObject({ signal: second, stdout: '' });
    expect(server.requests).toHaveLength(1);
  });
});

describe('a closed stdout', () => {
  test.each(['json', 'ndjson', 'table'])('when the reader of %s goes away then all is sent', async (form) => {
    const { server, program, waiting } = await runUnderWay('-o', form);
    const closed = new Promise((resolve) => program.child.stdout?.once('close', resolve));
    program.child.stdout?.destroy();
    await closed;
    waiting.write(noContent);
    const { exitCode } = await program.finished;
    expect([exitCode, server.requests.length]).toEqual([0, 3]);
  });
});
