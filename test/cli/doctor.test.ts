/** doctor: each thing that can be wrong is found, with what to do, and what builds on it is skipped. */
import { chmodSync, mkdirSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { type MachineHere, machineHere } from '../support/in-process.ts';
import { answer, jsonAnswer, wireServer } from '../support/wire-server.ts';

const env = { ERPSYNC_PASSWORD: 'Tje0' };

interface Shown {
  readonly name: string;
  readonly status: string;
  readonly detail: string;
  readonly fix: string | null;
}

async function examined(
  user: MachineHere,
  flags: readonly string[],
  variables: Record<string, string> = env,
) {
  const { exitCode, stdout, stderr } = await user.run(
    ['doctor', '-o', 'json', '--retries', '0', '--timeout', '2s', ...flags],
    { env: variables },
  );
  const { checks, node } = JSON.parse(stdout);
  expect(node).toBe(process.versions.node);
  const of = (name: string): Shown | undefined => checks.find((check: Shown) => check.name === name);
  return { exitCode, stdout, stderr, of, checks: checks as readonly Shown[] };
}

async function sandbox() {
  const running = await startSandbox({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => running.close());
  return running.url;
}

describe('doctor', () => {
  test.each(['rest', 'soap'])(
    'when all is well over %s then every check says so, and no secret is told',
    async (transport) => {
      const flags = ['--url', await sandbox(), '--username', 'tje0', '--transport', transport];
      const { exitCode, checks, stdout } = await examined(machineHere(), flags);
      expect(checks.filter(({ status }) => status !== 'ok')).toEqual([]);
      expect([exitCode, checks.length >= 11, stdout.includes('Tje0')]).toEqual([0, true, false]);
    },
  );

  test('when no profile is stored then the rest is skipped, and it says how to go on', async () => {
    const { exitCode, of } = await examined(machineHere(), [], {});
    expect([exitCode, of('settings')]).toMatchObject([
      3,
      { status: 'failed', fix: expect.stringContaining('profile add') },
    ]);
    expect(of('dns')).toMatchObject({ status: 'skipped', detail: 'needs address' });
  });

  test.each<[string, readonly string[], string, number]>([
    ['the name is not known', ['--url', 'https://no.such.host.invalid'], 'dns', 7],
    ['nobody listens at the port', ['--url', 'http://127.0.0.1:1'], 'port', 7],
  ])('when %s then that check fails and names its fix', async (_, flags, name, code) => {
    const { exitCode, of } = await examined(machineHere(), [...flags, '--username', 'x']);
    expect([exitCode, of(name)]).toMatchObject([code, { status: 'failed', fix: expect.any(String) }]);
    expect(of('agent')?.status).toBe('skipped');
  });

  test('when the password is wrong then the login fails, and the agent is not asked', async () => {
    const flags = ['--url', await sandbox(), '--username', 'tje0'];
    const { exitCode, of } = await examined(machineHere(), flags, { ERPSYNC_PASSWORD: 'wrong' });
    expect([exitCode, of('server')?.status, of('login')?.status, of('agent')?.status]).toEqual([
      4,
      'ok',
      'failed',
      'skipped',
    ]);
  });

  test('when no password is there then that is told before anything is asked', async () => {
    const flags = ['--url', await sandbox(), '--username', 'tje0'];
    const { exitCode, of } = await examined(machineHere(), flags, {});
    expect([exitCode, of('login data')]).toMatchObject([4, { status: 'failed' }]);
  });

  test('when the agent is not for us then the code is 5', async () => {
    const server = await wireServer((request) =>
      request.includes('/currentPrincipal')
        ? jsonAnswer(200, { AssociateId: 7 })
        : request.includes('/Agents/')
          ? jsonAnswer(403, { ErrorMessage: 'not for this app' })
          : jsonAnswer(200, { NetServerVersion: '10.3', ServicesCurrent: 'Services88' }),
    );
    const { exitCode, of } = await examined(machineHere(), ['--url', server.url, '--auth', 'none'], {});
    expect([exitCode, of('agent')?.status, of('login')?.status]).toEqual([5, 'failed', 'ok']);
  });

  test('when the server is another one or its clock differs then that is worth a word', async () => {
    const server = await wireServer((request) =>
      request.includes('/currentPrincipal')
        ? jsonAnswer(200, { AssociateId: 7 })
        : answer(200, '{"IsRunning":true}', { Date: new Date(Date.now() + 3_600_000).toUTCString() }),
    );
    const { of } = await examined(machineHere(), ['--url', server.url, '--auth', 'none'], {});
    expect(of('server')).toMatchObject({
      status: 'warning',
      detail: expect.stringContaining('not as SuperOffice'),
    });
    expect(of('clock')).toMatchObject({
      status: 'warning',
      detail: expect.stringContaining('60 min behind'),
    });
  });

  test('when others may read the stored files then that is the first thing to see to', async () => {
    const user = machineHere();
    mkdirSync(user.configDirectory, { recursive: true });
    chmodSync(user.configDirectory, 0o777);
    const { exitCode, of } = await examined(user, ['--url', 'http://127.0.0.1:1', '--auth', 'none'], {});
    expect([exitCode, of('config directory')?.status]).toEqual([3, 'failed']);
  });

  test('when people ask then each check is a line, and the first failure is the error', async () => {
    const user = machineHere();
    const { exitCode, stdout, stderr } = await user.run([
      'doctor',
      '--url',
      'http://127.0.0.1:1',
      '--auth',
      'none',
      '--retries',
      '0',
    ]);
    expect(exitCode).toBe(7);
    expect(stdout).toMatch(/port +failed +the connection was refused; is the server running/);
    expect(stderr).toContain('checks failed; port: the connection was refused');
  });
});
