/**
 * Three of ten requests fail, in every way that the sandbox knows: a run and as many resumes as it takes. What the
 * server did is read from its own log: every key at least once, and none twice unless the run called it unknown.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseFault } from '../../src/sandbox/faults.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { type MachineHere, machineHere } from '../support/in-process.ts';

const keyCount = 40;
const env = { ERPSYNC_PASSWORD: 'Tje0' };

/** The same numbers in each run of the tests. */
function dice(): () => number {
  let state = 42;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

async function failingServer(specs: readonly string[]) {
  const user = machineHere();
  const logFile = path.join(user.home, 'server.ndjson');
  const running = await startSandbox({
    host: '127.0.0.1',
    port: 0,
    faults: specs.map(parseFault),
    logFile,
    surroundings: { random: dice() },
  });
  onTestFinished(() => running.close());
  return { user, url: running.url, logFile };
}

/** How often the server did the work for each key, by its own log. */
function workIn(logFile: string): Map<number, number> {
  const times = new Map<number, number>();
  for (const line of readFileSync(logFile, 'utf8').trim().split('\n')) {
    const { operation, keys, outcome } = JSON.parse(line);
    if (operation !== 'ForceResyncBatchTask' || !['done', 'answer-lost'].includes(outcome)) continue;
    for (const key of keys) times.set(key, (times.get(key) ?? 0) + 1);
  }
  return times;
}

async function keysIn(user: MachineHere, state: string): Promise<number[]> {
  const { stdout } = await user.run(['runs', 'keys', 'night', '--state', state, '-o', 'ids']);
  return stdout.split('\n').filter(Boolean).map(Number);
}

const flags = (url: string, transport: string): readonly string[] => [
  ...['--url', url, '--username', 'tje0', '--transport', transport, '--rate', '0'],
  ...['--retries', '1', '--timeout', '250ms', '--max-unknown', '1000'],
];

function start(url: string, transport: string, ...more: readonly string[]): readonly string[] {
  const run = [
    'force-resync',
    '--connection',
    '124',
    '--no-check',
    '--run',
    'night',
    '--ids',
    `1-${keyCount}`,
  ];
  return [...run, '--chunk-size', '2', ...flags(url, transport), ...more];
}

const kinds = [
  'status=503',
  'status=500',
  'status=502',
  'status=429,retry-after=0',
  'status=401',
  'status=400',
  'delay=20ms',
  'reset-before-body',
  'reset-after-body',
  'half-response',
  'html',
  'null',
  'soap-fault',
  'succeeded-false',
  'hang',
];

describe.each(['rest', 'soap'])('faults over %s', (transport) => {
  test.each(kinds)(
    'when three of ten requests end as %s then no key is lost, and none done twice without a word',
    async (kind) => {
      const at = transport === 'rest' ? 'path=forceresync' : 'path=erpsync.svc';
      const { user, url, logFile } = await failingServer([`${kind},rate=0.3,${at}`]);
      const unknowns = new Map<number, number>();
      let { exitCode } = await user.run(start(url, transport), { env });
      let resumes = 0;
      for (; exitCode !== 0 && resumes < 60; resumes++) {
        for (const key of await keysIn(user, 'unknown')) unknowns.set(key, (unknowns.get(key) ?? 0) + 1);
        const line = ['resume', 'night', '--unknown', 'retry', '--rejected', ...flags(url, transport)];
        ({ exitCode } = await user.run(line, { env }));
      }
      expect(exitCode, `after ${resumes} resumes`).toBe(0);
      const work = workIn(logFile);
      const all = Array.from({ length: keyCount }, (_, index) => index + 1);
      expect(all.filter((key) => !work.has(key))).toEqual([]);
      const twice = all.filter((key) => (work.get(key) ?? 0) > 1 + (unknowns.get(key) ?? 0));
      expect(twice).toEqual([]);
      expect((await keysIn(user, 'accepted')).length).toBe(keyCount);
    },
  );

  test('when one key is poison then all others are done once, and it stands alone as refused', async () => {
    const { user, url, logFile } = await failingServer(['poison=7']);
    const { exitCode } = await user.run(start(url, transport, '--split'), { env });
    expect([exitCode, await keysIn(user, 'rejected')]).toEqual([10, [7]]);
    const work = workIn(logFile);
    expect([work.size, work.has(7), [...work.values()].every((times) => times === 1)]).toEqual([
      keyCount - 1,
      false,
      true,
    ]);
  });

  test('when the source is switched off half-way then the run tells it', async () => {
    const { user, url } = await failingServer(['inactive-after=5']);
    const line = start(url, transport).filter((word) => word !== '--no-check');
    const { exitCode, stderr } = await user.run(line, { env });
    expect([exitCode, stderr]).toEqual([10, expect.stringContaining('not active')]);
  });
});

test('when two runs send to one failing server at once, each by itself, then no key of either is lost', async () => {
  const { user, url, logFile } = await failingServer(['reset-after-body,rate=0.3,path=forceresync']);
  const line = (name: string, ids: string) => [
    ...['force-resync', '--connection', '124', '--no-check', '--run', name, '--ids', ids, '--no-lock'],
    ...['--chunk-size', '2', ...flags(url, 'rest')],
  ];
  const both = await Promise.all(
    [line('one', '1-20'), line('two', '21-40')].map((each) => user.run(each, { env })),
  );
  expect(both.map(({ exitCode }) => exitCode)).toEqual([11, 11]);
  const work = workIn(logFile);
  expect([work.size, [...work.values()].every((times) => times === 1)]).toEqual([40, true]);
});
