/** Signals and a closed stdout while a run is under way. The server decides when its first answer comes. */
import type { Socket } from 'node:net';
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
  const flags = ['--chunk-size', '1', '--concurrency', '1', '--no-check', '--auth', 'none', ...more];
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

/** Sends a signal and waits until the program says that it has taken it. */
async function interrupt(program: Started, signal: EndingSignal): Promise<void> {
  const taken = saysOnStderr(program, `${signal}: what is under way is finished first`);
  program.child.kill(signal);
  await taken;
}

describe('a signal', () => {
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

  test.each(endingSignals)(
    'when SIGINT is followed by %s then it ends at once and tells what is not known',
    async (second) => {
      const { server, program } = await runUnderWay('-o', 'json');
      await interrupt(program, 'SIGINT');
      program.child.kill(second);
      const { exitCode, stdout } = await program.finished;
      expect([exitCode, server.requests.length]).toEqual([130, 1]);
      expect(JSON.parse(stdout)).toMatchObject({
        status: 'interrupted',
        keys: { accepted: 0, unknown: 1, unsent: 2 },
      });
    },
  );

  test.each<[EndingSignal, number]>([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])(
    'when %s comes while the source is looked at then nothing is sent and the document says so',
    async (signal, code) => {
      let asked: () => void = () => undefined;
      const first = new Promise<void>((resolve) => {
        asked = resolve;
      });
      const server = await wireServer(() => () => asked());
      const line = [
        'force-resync',
        '--connection',
        '124',
        '--ids',
        '1',
        '--auth',
        'none',
        '--url',
        server.url,
        '-o',
        'json',
      ];
      const { child, finished } = machine().start(line);
      await first;
      child.kill(signal);
      const { exitCode, stdout } = await finished;
      expect(exitCode).toBe(code);
      expect(JSON.parse(stdout)).toMatchObject({
        status: 'interrupted',
        keys: { unsent: 1, accepted: 0 },
        error: { message: expect.stringMatching(new RegExp(`^ended by ${signal}: .*nothing was sent$`)) },
      });
      expect(server.count('ForceResyncBatchTask')).toBe(0);
    },
  );

  test.skipIf(process.platform !== 'linux')(
    'when it comes while keys are read from standard input then none of them is sent',
    async () => {
      const server = await wireServer(() => noContent);
      const line = [
        'force-resync',
        '--from-crm',
        '--ids-file',
        '-',
        '--auth',
        'none',
        '--url',
        server.url,
        '-o',
        'json',
      ];
      const { child, finished } = machine().start(line, { openStdin: true });
      // More than a pipe holds: when it is written, the program is reading.
      await new Promise((resolve) => child.stdin?.write('1\n'.repeat(500_000), resolve));
      child.kill('SIGTERM');
      const { exitCode, stdout } = await finished;
      expect(exitCode).toBe(143);
      expect(JSON.parse(stdout)).toMatchObject({
        status: 'failed',
        exitCode: 143,
        error: { code: 'interrupted' },
      });
      expect(server.requests).toEqual([]);
    },
  );
});

describe('an output that cannot be written', () => {
  test.skipIf(process.platform !== 'linux')(
    'when stdout is full then all is sent, and the code is that of storage',
    async () => {
      const server = await wireServer(() => noContent);
      const line = [
        'force-resync',
        '--from-crm',
        '--ids',
        '1-3',
        '--chunk-size',
        '1',
        '--auth',
        'none',
        '--url',
        server.url,
      ];
      const { exitCode, stderr } = await machine().run([...line, '-o', 'ndjson'], { redirect: '>/dev/full' });
      expect([exitCode, server.requests.length]).toEqual([14, 3]);
      expect(stderr.split('\n')).toContain(
        'erpsync: standard output cannot be written: no space left on device (ENOSPC); make room there; run the same command again where it only reads',
      );
    },
  );

  test.skipIf(process.platform !== 'linux')(
    'when stderr is full then the code is that of the run',
    async () => {
      const server = await wireServer(() => noContent);
      const line = [
        'force-resync',
        '--from-crm',
        '--ids',
        '1-3',
        '--chunk-size',
        '1',
        '--auth',
        'none',
        '--url',
        server.url,
      ];
      const { exitCode } = await machine().run(line, { redirect: '2>/dev/full' });
      expect([exitCode, server.requests.length]).toEqual([0, 3]);
    },
  );
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
