/** Who we are, and what proves it, with every scheme. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import { machineHere } from '../support/in-process.ts';

async function started() {
  const sandbox = await startSandbox({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => sandbox.close());
  const { credentials, url, tenant } = sandbox;
  const env: Readonly<Record<string, string>> = {
    ERPSYNC_PASSWORD: credentials.password,
    ERPSYNC_TICKET: credentials.ticket,
    ERPSYNC_TOKEN: credentials.token,
    ERPSYNC_APP_TOKEN: credentials.appToken,
    ERPSYNC_SYSTEM_USER_TOKEN: credentials.systemUserToken,
    ERPSYNC_PRIVATE_KEY: credentials.privateKey,
  };
  const on = machineHere();
  const onSite = (auth: string): string[] => [
    '--url',
    url,
    '--auth',
    auth,
    '--username',
    credentials.username,
  ];
  const online = ['--tenant', tenant, '--online-url', url, '--auth', 'system-user'];
  const serverOf = (auth: string): string[] => (auth === 'system-user' ? online : onSite(auth));
  return { on, env, url, credentials, serverOf };
}

/** A profile with its password stored, used over SOAP once, so that a ticket is kept. */
async function withTicket() {
  const { on, url, credentials } = await started();
  const add = [
    'profile',
    'add',
    'prod',
    '--url',
    url,
    '--username',
    credentials.username,
    '--password-stdin',
  ];
  await on.run(add, { input: credentials.password });
  expect((await on.run(['auth', 'status', '--transport', 'soap'])).exitCode).toBe(0);
  const kept = (name: string) =>
    JSON.parse(readFileSync(path.join(on.configDirectory, name), 'utf8')).profiles;
  return { on, kept };
}

const logins = ['basic', 'ticket', 'bearer', 'system-user'].flatMap((auth) =>
  ['rest', 'soap'].map((transport) => [auth, transport] as const),
);

describe('auth status', () => {
  test.each(logins)(
    'when auth is %s over %s then the server says who that is, and no secret is shown',
    async (auth, transport) => {
      const { on, env, serverOf, credentials } = await started();
      const finished = await on.run(
        ['auth', 'status', ...serverOf(auth), '--transport', transport, '-o', 'json'],
        { env },
      );
      const isSystem = auth === 'system-user';
      const user = isSystem
        ? { associateId: 2, fullName: 'System User' }
        : { associateId: 5, associate: 'tje0' };
      expect(documentOf(finished)).toMatchObject({
        profile: null,
        user,
        auth,
        transport,
        renewsItself: isSystem,
      });
      expect(documentOf(finished)['credentials']).toContainEqual({
        secret: 'appToken',
        from: 'ERPSYNC_APP_TOKEN',
      });
      for (const secret of [
        credentials.ticket,
        credentials.token,
        credentials.appToken,
        credentials.systemUserToken,
      ]) {
        expect(finished.stdout + finished.stderr).not.toContain(secret);
      }
    },
  );

  test.each(logins)(
    'when auth is %s over %s and the server does not take it then that is exit code 4',
    async (auth, transport) => {
      const { on, env, serverOf } = await started();
      const wrong = {
        ...env,
        ERPSYNC_PASSWORD: 'wrong',
        ERPSYNC_TICKET: '7T:wrong',
        ERPSYNC_TOKEN: '8A:wrong',
        ERPSYNC_SYSTEM_USER_TOKEN: 'wrong-x',
      };
      const finished = await on.run(['auth', 'status', ...serverOf(auth), '--transport', transport], {
        env: wrong,
      });
      expectRefusal(finished, 4, []);
    },
  );

  test('when it is for people then it says who, where and from what', async () => {
    const { on, env, serverOf, url } = await started();
    const { stdout } = await on.run(['auth', 'status', ...serverOf('basic')], { env });
    expect(stdout).toMatch(/^user +Terje Example \(tje0, associate 5\)\nrole +User level 0\nserver +http/);
    expect(stdout).toContain(`${url} over rest`);
    expect(stdout).toMatch(/password +from ERPSYNC_PASSWORD\n/);
  });
});

describe('auth token', () => {
  const isBearer = (auth: string, transport: string) => auth === 'bearer' && transport === 'rest';
  test.each(logins.filter(([auth, transport]) => auth !== 'basic' || transport === 'soap'))(
    'when auth is %s over %s then what is printed logs in',
    async (auth, transport) => {
      const { on, env, url, serverOf, credentials } = await started();
      const finished = await on.run(
        ['auth', 'token', '--show', ...serverOf(auth), '--transport', transport],
        { env },
      );
      expect(finished).toMatchObject({ exitCode: 0, stderr: '' });
      const scheme = isBearer(auth, transport) ? 'Bearer' : 'SOTicket';
      const headers = {
        Authorization: `${scheme} ${finished.stdout.trim()}`,
        'SO-AppToken': credentials.appToken,
      };
      expect((await fetch(`${url}/api/v1/User/currentPrincipal`, { headers })).status).toBe(200);
    },
  );

  test('when a program asks then it gets scheme and token', async () => {
    const { on, env, serverOf, credentials } = await started();
    const finished = await on.run(['auth', 'token', '--show', ...serverOf('bearer'), '-o', 'json'], { env });
    expect(documentOf(finished)).toMatchObject({
      scheme: 'Bearer',
      token: credentials.token,
      expiresAt: null,
    });
  });

  test('when --show is missing then nothing is sent, and it is named', async () => {
    const { on, env, serverOf } = await started();
    expectRefusal(await on.run(['auth', 'token', ...serverOf('bearer')], { env }), 2, ['--show']);
  });

  test('when the login has none then another way is named', async () => {
    const { on, env, serverOf } = await started();
    expectRefusal(await on.run(['auth', 'token', '--show', ...serverOf('basic')], { env }), 2, [
      '--transport soap',
    ]);
  });

  test('when the server does not take it then it is not printed', async () => {
    const { on, env, serverOf } = await started();
    const wrong = { ...env, ERPSYNC_TOKEN: '8A:Sentinel' };
    const finished = await on.run(['auth', 'token', '--show', ...serverOf('bearer')], { env: wrong });
    expectRefusal(finished, 4, []);
    expect(finished.stderr).not.toContain('Sentinel');
  });
});

describe('auth logout', () => {
  test('when the login is one with a password then its ticket is forgotten, and the password stays', async () => {
    const { on, kept } = await withTicket();
    expect(Object.keys(kept('tickets.json'))).toEqual(['prod']);
    const finished = await on.run(['auth', 'logout', '-o', 'json']);
    expect(documentOf(finished)).toMatchObject({
      profile: 'prod',
      revoked: null,
      forgotten: [],
      forgottenTickets: ['ticket'],
      error: null,
    });
    expect(Object.keys(kept('tickets.json'))).toEqual([]);
    expect((await on.run(['auth', 'status'])).exitCode).toBe(0);
  });

  test('when a ticket was kept then that is told, and of the next logout that there was none', async () => {
    const { on } = await withTicket();
    expect(await on.run(['auth', 'logout'])).toMatchObject({
      exitCode: 0,
      stdout:
        'Forgot of profile prod: kept ticket.\nNo ticket or access token of profile prod is kept on this machine any more.\n',
    });
    expect(await on.run(['auth', 'logout'])).toMatchObject({
      exitCode: 0,
      stdout:
        'There was nothing to forget: no ticket or access token of profile prod was kept on this machine.\n',
    });
    expect(documentOf(await on.run(['auth', 'logout', '-o', 'json']))).toMatchObject({
      forgotten: [],
      forgottenTickets: [],
      exitCode: 0,
    });
  });

  test('when the secrets shall go, too, then they do', async () => {
    const { on, kept } = await withTicket();
    const finished = await on.run(['auth', 'logout', '--secrets']);
    const told = expect.stringContaining('Forgot of profile prod: password, kept ticket.');
    expect(finished).toMatchObject({ exitCode: 0, stdout: told });
    expect(kept('secrets.json')).toEqual({});
    expect(existsSync(path.join(on.configDirectory, 'tickets.json'))).toBe(false);
    expectRefusal(await on.run(['auth', 'status']), 4, ['password']);
  });

  test('when another profile holds the refresh token then that one is named, and nothing done', async () => {
    const on = machineHere();
    const app = [
      'profile',
      'add',
      'app',
      '--env',
      'sod',
      '--auth',
      'oidc',
      '--client-id',
      'x',
      '--refresh-token-stdin',
    ];
    await on.run(app, { input: 'Sentinel\n' });
    await on.run(['profile', 'add', 'customer', '--extends', 'app', '--tenant', 'Cust1']);
    expectRefusal(await on.run(['auth', 'logout', '-p', 'customer']), 3, ['erpsync auth logout -p app']);
  });
});
