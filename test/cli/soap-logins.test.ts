/** Logging in over SOAP, tickets that are kept, and services of other versions. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { type MachineHere, machineHere } from '../support/in-process.ts';
import { temporaryDirectory } from '../support/program.ts';

async function sandbox(online = false) {
  const logFile = path.join(temporaryDirectory(), 'log');
  const running = await startSandbox({ host: '127.0.0.1', port: 0, logFile, online });
  onTestFinished(() => running.close());
  const operations = (): readonly string[] =>
    readFileSync(logFile, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line).operation);
  const logins = (): number => operations().filter((name) => name?.startsWith('Authenticate')).length;
  return { ...running, operations, logins };
}
type Sandbox = Awaited<ReturnType<typeof sandbox>>;

/** A user with a profile over SOAP whose password is stored. */
async function profiled({ url }: Sandbox, ...more: readonly string[]): Promise<MachineHere> {
  const user = machineHere();
  const add = ['profile', 'add', 'prod', '--url', url, '--transport', 'soap', ...more];
  const login = more.includes('--auth') ? [] : ['--username', 'tje0', '--password-stdin'];
  expect(await user.run([...add, ...login], { input: 'Tje0' })).toMatchObject({ exitCode: 0 });
  return user;
}

const ticketsOf = ({ configDirectory }: MachineHere): string => path.join(configDirectory, 'tickets.json');
const status = ['engine', 'status', '-o', 'json'];

describe('a ticket', () => {
  test('when the password is stored then it is fetched once, kept for the owner alone, and never shown', async () => {
    const server = await sandbox();
    const user = await profiled(server);
    const outputs: string[] = [];
    for (const line of [status, ['connections', 'list'], status]) {
      const { exitCode, stdout, stderr } = await user.run(line);
      expect(exitCode).toBe(0);
      outputs.push(stdout, stderr);
    }
    expect(server.logins()).toBe(1);
    expect(statSync(ticketsOf(user)).mode & 0o777).toBe(0o600);
    const { ticket } = JSON.parse(readFileSync(ticketsOf(user), 'utf8')).profiles.prod;
    expect(ticket).toMatch(/^7T:/);
    expect(outputs.join('')).not.toContain(ticket);
  });

  test('when the server no longer knows it then another one is fetched, once', async () => {
    const server = await sandbox();
    const user = await profiled(server);
    await user.run(status);
    const kept = JSON.parse(readFileSync(ticketsOf(user), 'utf8'));
    kept.profiles.prod.ticket = '7T:forgotten';
    writeFileSync(ticketsOf(user), JSON.stringify(kept), { mode: 0o600 });
    expect((await user.run(status)).exitCode).toBe(0);
    expect(server.logins()).toBe(2);
  });

  test('when the profile changes, or another user name is given, then the kept one is not taken', async () => {
    const server = await sandbox();
    const user = await profiled(server);
    await user.run(status);
    expect((await user.run([...status, '--username', 'nobody'])).exitCode).toBe(4);
    await user.run(['profile', 'set', 'prod', '--language', 'nb']);
    expect(existsSync(ticketsOf(user))).toBe(false);
    expect((await user.run(status)).exitCode).toBe(0);
    expect(server.logins()).toBe(3);
  });

  test('when the password comes from elsewhere then none is kept, and a wrong one is refused', async () => {
    const server = await sandbox();
    const user = await profiled(server);
    await user.run(status);
    const wrong = await user.run(status, { env: { ERPSYNC_PASSWORD: 'wrong' } });
    expect([wrong.exitCode, JSON.parse(wrong.stdout).error.code]).toEqual([4, 'auth']);
  });

  test('when an access token is given then a ticket is fetched for it', async () => {
    const server = await sandbox();
    const user = await profiled(server, '--auth', 'bearer');
    const env = { ERPSYNC_TOKEN: server.credentials.token };
    expect((await user.run(status, { env })).exitCode).toBe(0);
    expect(server.operations()).toContain('AuthenticateWithAccessToken');
    expect((await user.run(status, { env: { ERPSYNC_TOKEN: '8A:wrong' } })).exitCode).toBe(4);
  });

  test('when the login is one of the web client then it is refused before anything is sent', async () => {
    const server = await sandbox();
    const user = await profiled(server, '--auth', 'xsrf');
    const env = { ERPSYNC_COOKIE: 'a=b', ERPSYNC_XSRF_TOKEN: 'x' };
    const { exitCode, stdout } = await user.run(status, { env });
    expect([exitCode, JSON.parse(stdout).error.message]).toEqual([3, expect.stringContaining('xsrf')]);
    expect(server.logins()).toBe(0);
  });

  test('when the server asks for the application token then it goes along', async () => {
    const server = await sandbox(true);
    const user = await profiled(server);
    expect((await user.run(status)).exitCode).toBe(4);
    expect(
      (await user.run(status, { env: { ERPSYNC_APP_TOKEN: server.credentials.appToken } })).exitCode,
    ).toBe(0);
  });
});

describe('services', () => {
  const over = (version: string): readonly string[] => ['--transport', 'soap', '--services', version];
  const env = { ERPSYNC_PASSWORD: 'Tje0' };

  test.each(['86', '87', '88', 'auto'])(
    'when they are %s then lists are the same as over REST',
    async (version) => {
      const { url } = await sandbox();
      const at = ['--url', url, '--username', 'tje0', '-o', 'json'];
      for (const command of [
        ['connections', 'list'],
        ['connections', 'list', '--deleted'],
        ['connectors', 'list'],
      ]) {
        const [rest, soap] = [
          await machineHere().run([...command, ...at], { env }),
          await machineHere().run([...command, ...at, ...over(version)], { env }),
        ];
        expect([rest.exitCode, soap.exitCode]).toEqual([0, 0]);
        expect(JSON.parse(soap.stdout)).toEqual(JSON.parse(rest.stdout));
      }
    },
  );

  test('when they lack an operation then that is told before anything is sent, code 2', async () => {
    const server = await sandbox();
    const line = [
      'call',
      'GetAllConnections',
      '-F',
      'IncludeDeleted=false',
      '--url',
      server.url,
      '--username',
      'tje0',
    ];
    const { exitCode, stderr } = await machineHere().run([...line, ...over('86')], { env });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('--services 88')]);
    expect(server.operations()).not.toContain('GetAllConnections');
  });

  test('when SOAP 1.2 is spoken then the same comes of it', async () => {
    const { url } = await sandbox();
    const line = [
      ...status,
      '--url',
      url,
      '--username',
      'tje0',
      '--transport',
      'soap',
      '--soap-version',
      '1.2',
    ];
    expect(await machineHere().run(line, { env })).toMatchObject({ exitCode: 0 });
  });

  test.each(['rest', 'soap'])(
    'when the log is read over %s then the newest changes come first',
    async (transport) => {
      const { url } = await sandbox();
      const at = ['--url', url, '--username', 'tje0', '-o', 'json', '--transport', transport];
      const all = JSON.parse((await machineHere().run(['log', ...at], { env })).stdout).items;
      expect(all.length).toBeGreaterThan(1);
      const times = all.map(({ updated }: { updated: string }) => updated);
      expect(times).toEqual(times.toSorted().toReversed());
      const one = JSON.parse((await machineHere().run(['log', '--limit', '1', ...at], { env })).stdout).items;
      expect(one).toEqual([all[0]]);
      const none = await machineHere().run(['log', '--connection', "O'Neill", ...at], { env });
      expect([none.exitCode, JSON.parse(none.stdout).items]).toEqual([0, []]);
      const words = await machineHere().run(
        ['log', '--connection', "O'Neill", '--url', url, '--username', 'tje0', '--transport', transport],
        { env },
      );
      expect([words.exitCode, words.stdout]).toEqual([
        0,
        'The sync log has no change of an ERP connection "O\'Neill".\n',
      ]);
    },
  );
});
