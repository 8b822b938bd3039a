/** Logins with a browser, against an OpenID provider that is not ours; then calls with what they gave. */
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import { machineOfBoth } from '../support/in-process.ts';
import { addOidcProfile, logIn, loginAddress } from '../support/login-runner.ts';
import { nativeApp, oidcTenant, openidProvider, type ProviderOptions } from '../support/openid-provider.ts';
import { proxyServer } from '../support/proxy-server.ts';

type OnMachine = ReturnType<typeof machineOfBoth>;

const status = ['auth', 'status', '-p', 'online', '-o', 'json'];

async function loggedIn(options: ProviderOptions = {}) {
  const provider = await openidProvider(options);
  const on = machineOfBoth();
  await addOidcProfile(on, provider.url, oidcTenant, nativeApp);
  const finished = await logIn(on, provider.browse, ['-o', 'json']);
  expect(finished.exitCode).toBe(0);
  return { provider, on, finished };
}

const fileOf = ({ configDirectory }: OnMachine, name: string): string => path.join(configDirectory, name);
const refreshTokenOf = (on: OnMachine): string =>
  JSON.parse(readFileSync(fileOf(on, 'secrets.json'), 'utf8')).profiles.online.refreshToken;
const accessTokenOf = (on: OnMachine): string =>
  JSON.parse(readFileSync(fileOf(on, 'tokens.json'), 'utf8')).profiles.online.ticket;

/** The kept access token has run out. */
function expire(on: OnMachine): void {
  const file = fileOf(on, 'tokens.json');
  const kept = JSON.parse(readFileSync(file, 'utf8'));
  kept.profiles.online.expiresAt = Date.now() - 1;
  writeFileSync(file, JSON.stringify(kept), { mode: 0o600 });
}

describe('a login with a browser', () => {
  test('when it is done then its refresh token is stored, and calls are made with what came with it', async () => {
    const { provider, on, finished } = await loggedIn();
    expect(documentOf(finished)).toMatchObject({
      ...{ profile: 'online', tenant: oidcTenant, user: 'terje@example.com', associateId: 5 },
      server: `${provider.url}/${oidcTenant}`,
    });
    for (const name of ['secrets.json', 'tokens.json'])
      expect(statSync(fileOf(on, name)).mode & 0o777).toBe(0o600);
    const shown = await on.run(status);
    expect(documentOf(shown)).toMatchObject({
      ...{ profile: 'online', auth: 'oidc', transport: 'rest', renewsItself: true },
      user: { associateId: 5, associate: 'tje0', fullName: 'Terje Example' },
      url: `${provider.url}/${oidcTenant}`,
      credentials: [{ secret: 'refreshToken', from: 'profile "online"' }],
      expiresAt: expect.stringMatching(/^20.*Z$/),
    });
    expect(provider.grants).toEqual(['authorization_code']);
    for (const secret of [refreshTokenOf(on), accessTokenOf(on)]) {
      expect(JSON.stringify([finished, shown])).not.toContain(secret);
    }
  });

  test('when its address is printed then it asks for what is documented, S256 and the tenant included', async () => {
    const provider = await openidProvider();
    const on = machineOfBoth();
    await addOidcProfile(on, provider.url, oidcTenant, nativeApp);
    const started = on.start(['auth', 'login', '-p', 'online', '--no-browser', '-q']);
    const { origin, pathname, searchParams } = await loginAddress(started);
    started.child.kill('SIGINT');
    expect([origin, pathname]).toEqual([provider.url, '/login/common/oauth/authorize']);
    const {
      redirect_uri: redirectUri,
      state,
      nonce,
      code_challenge: challenge,
      ...rest
    } = Object.fromEntries(searchParams);
    expect(redirectUri).toMatch(/^http:\/\/127\.0\.0\.1:\d{4,5}$/);
    for (const random of [state, nonce, challenge]) expect(random).toMatch(/^[\w-]{43}$/);
    expect(rest).toEqual({
      ...{ response_type: 'code', client_id: nativeApp, scope: 'openid', code_challenge_method: 'S256' },
      acr_values: `tenant:${oidcTenant}`,
    });
    expect(await started.finished).toMatchObject({ exitCode: 130, stdout: '' });
  });

  test('when a variable holds a refresh token, too, then it is told that calls log in with that one', async () => {
    const provider = await openidProvider();
    const on = machineOfBoth();
    await addOidcProfile(on, provider.url, oidcTenant, nativeApp);
    const options = { env: { ERPSYNC_REFRESH_TOKEN: 'Sentinel-variable' } };
    const finished = await logIn(on, provider.browse, [], options);
    expect(finished).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('ERPSYNC_REFRESH_TOKEN is set'),
    });
    expect(refreshTokenOf(on)).not.toBe('Sentinel-variable');
  });

  test('when there is a proxy then login, keys and calls go through it', async () => {
    const provider = await openidProvider();
    const on = machineOfBoth();
    await addOidcProfile(on, provider.url, oidcTenant, nativeApp);
    const proxy = await proxyServer({ login: 'user:pass' });
    const through = ['--proxy', `http://user@127.0.0.1:${proxy.port}`];
    const options = { env: { ERPSYNC_PROXY_PASSWORD: 'pass' } };
    expect(await logIn(on, provider.browse, through, options)).toMatchObject({ exitCode: 0 });
    expect((await on.run([...status, ...through], options)).exitCode).toBe(0);
    const asked = ['/login/common/oauth/tokens', '/login/.well-known/jwks', `/api/state/${oidcTenant}`];
    const call = `/${oidcTenant}/api/v1/User/currentPrincipal`;
    expect(proxy.asked).toEqual([...asked, call].map((each) => provider.url + each));
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'when %s ends it then the port is free again and nothing is stored',
    async (signal, exitCode) => {
      const on = machineOfBoth();
      await addOidcProfile(on, 'http://127.0.0.1:9', oidcTenant, nativeApp);
      const started = on.start(['auth', 'login', '-p', 'online', '--no-browser']);
      const back = (await loginAddress(started)).searchParams.get('redirect_uri') ?? '';
      started.child.kill(signal);
      const finished = await started.finished;
      expect(finished.exitCode).toBe(exitCode);
      expect(finished.stderr).toContain('nothing was stored');
      await expect(fetch(back)).rejects.toThrow();
      expect(existsSync(fileOf(on, 'secrets.json'))).toBe(false);
    },
  );

  test('when nobody comes then it ends by itself', async () => {
    const on = machineOfBoth();
    await addOidcProfile(on, 'http://127.0.0.1:9', oidcTenant, nativeApp);
    const finished = await on.run([
      'auth',
      'login',
      '-p',
      'online',
      '--no-browser',
      '--wait-timeout',
      '1s',
      '-o',
      'json',
    ]);
    expect(documentOf(finished)).toMatchObject({
      exitCode: 4,
      error: { message: expect.stringContaining('within 1 s') },
    });
  });

  test('when there is a display then the browser is opened with the address alone, and no secret', async () => {
    const provider = await openidProvider();
    const on = machineOfBoth();
    await addOidcProfile(on, provider.url, oidcTenant, nativeApp);
    const bin = path.join(on.home, 'bin');
    mkdirSync(bin);
    const [opener, opened] = [path.join(bin, 'xdg-open'), path.join(on.home, 'opened')];
    writeFileSync(
      opener,
      `#!/bin/sh\n{ printf '%s\\n' "$#" "$1"; env; } > '${opened}.new'\nmv '${opened}.new' '${opened}'\n`,
    );
    chmodSync(opener, 0o755);
    const env = { DISPLAY: ':9', PATH: `${bin}:${process.env['PATH']}`, ERPSYNC_PASSWORD: 'Sentinel-5' };
    const started = on.start(['auth', 'login', '-p', 'online'], { env });
    const shown = (await loginAddress(started)).href;
    await expect.poll(() => existsSync(opened), { timeout: 20_000 }).toBe(true);
    const [count, address, ...variables] = readFileSync(opened, 'utf8').split('\n');
    expect([count, address]).toEqual(['1', shown]);
    expect(variables.join()).not.toContain('Sentinel-5');
    await fetch(await provider.browse(shown));
    const finished = await started.finished;
    expect(finished).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('Opening the browser') });
    expect(finished.stdout).toContain('as terje@example.com');
  });

  test.each([
    ['cannot open it', '#!/bin/sh\nexit 3\n'],
    ['is none', 'no program'],
  ])('when the opener %s then the address is printed for the person', async (_, script) => {
    const on = machineOfBoth();
    await addOidcProfile(on, 'http://127.0.0.1:9', oidcTenant, nativeApp);
    writeFileSync(path.join(on.home, 'xdg-open'), script, { mode: 0o755 });
    const started = on.start(['auth', 'login', '-p', 'online', '-q'], {
      env: { DISPLAY: ':9', PATH: on.home },
    });
    await loginAddress(started);
    started.child.kill('SIGINT');
    expect((await started.finished).stderr).toContain('No browser could be opened');
  });
});

describe('calls of a person who logged in', () => {
  test('when 20 processes find the access token run out then one of them refreshes it', async () => {
    const { provider, on } = await loggedIn();
    expire(on);
    const ends = await Promise.all(Array.from({ length: 20 }, () => on.run(status)));
    expect(ends.map(({ exitCode }) => exitCode)).toEqual(Array.from({ length: 20 }, () => 0));
    expect(provider.grants).toEqual(['authorization_code', 'refresh_token']);
  });

  test('when the access token is refused then all requests under way get one new one', async () => {
    const { provider, on } = await loggedIn();
    await on.run(status);
    provider.endAccessTokens();
    const many = ['--ids', '1-40', '--chunk-size', '1', '--rate', '0', '--no-check', '--concurrency', '8'];
    const finished = await on.run(['force-resync', '-p', 'online', '--from-crm', ...many, '-o', 'json']);
    expect(documentOf(finished)).toMatchObject({ status: 'ok', keys: { accepted: 40 } });
    expect(provider.grants).toEqual(['authorization_code', 'refresh_token']);
  });

  test('when the new access token is refused, too, then that is the end', async () => {
    const { provider, on } = await loggedIn();
    provider.refuseAll();
    expectRefusal(await on.run(['engine', 'status', '-p', 'online']), 4, [
      'HTTP 401',
      'log in again: erpsync auth login',
    ]);
    expect(provider.grants).toEqual(['authorization_code', 'refresh_token']);
  });

  test('when the refresh token is refused then the next command is named, and no browser opened', async () => {
    const { provider, on } = await loggedIn();
    await provider.endRefreshToken(refreshTokenOf(on));
    expire(on);
    const finished = await on.run(['engine', 'status', '-p', 'online'], { env: { DISPLAY: ':9' } });
    expectRefusal(finished, 4, ['refresh token', 'erpsync auth login -p online']);
    expect(provider.grants).toEqual(['authorization_code', 'refresh_token refused']);
  });

  test('when another program asks for the access token then it is printed on its own', async () => {
    const { on } = await loggedIn();
    const finished = await on.run(['auth', 'token', '-p', 'online', '--show']);
    expect(finished).toMatchObject({ exitCode: 0, stdout: `${accessTokenOf(on)}\n`, stderr: '' });
  });

  test('when nobody has logged in then the next command is named', async () => {
    const on = machineOfBoth();
    await addOidcProfile(on, 'http://127.0.0.1:9', oidcTenant, nativeApp);
    expectRefusal(await on.run(['engine', 'status', '-p', 'online']), 4, ['erpsync auth login -p online']);
  });

  test('when a refresh gives another refresh token then that one takes its place', async () => {
    const { provider, on } = await loggedIn({ rotates: true });
    const first = refreshTokenOf(on);
    for (const _ of [1, 2]) {
      expire(on);
      expect((await on.run(status)).exitCode).toBe(0);
    }
    expect(refreshTokenOf(on)).not.toBe(first);
    expect(provider.grants).toEqual(['authorization_code', 'refresh_token', 'refresh_token']);
  });

  test('when the refresh token comes from a variable then it is used, and nothing is kept', async () => {
    const { provider, on } = await loggedIn();
    const other = machineOfBoth();
    const env = {
      ERPSYNC_REFRESH_TOKEN: refreshTokenOf(on),
      ERPSYNC_TENANT: oidcTenant,
      ERPSYNC_ONLINE_URL: provider.url,
      ERPSYNC_AUTH: 'oidc',
      ERPSYNC_CLIENT_ID: nativeApp,
    };
    const finished = await other.run(['auth', 'status', '-o', 'json'], { env });
    expect(documentOf(finished)).toMatchObject({
      credentials: [{ secret: 'refreshToken', from: 'ERPSYNC_REFRESH_TOKEN' }],
    });
    expect(existsSync(fileOf(other, 'tokens.json'))).toBe(false);
  });

  test('when what goes over the wire is shown then no token is', async () => {
    const { on } = await loggedIn();
    expire(on);
    const refresh = refreshTokenOf(on);
    const { stderr, exitCode } = await on.run(['engine', 'status', '-p', 'online', '-vv', '--retries', '0']);
    expect(stderr).toContain('/login/common/oauth/tokens');
    for (const secret of [refresh, accessTokenOf(on)]) expect(stderr).not.toContain(secret);
    expect(exitCode).not.toBe(1);
  });

  test('when the profile is turned to another tenant then the refresh token does not go along', async () => {
    const { provider, on } = await loggedIn();
    const finished = await on.run([...status.slice(0, 4), '--tenant', 'Cust9']);
    expectRefusal(finished, 3, ['refresh token', `${provider.url}/Cust9`]);
  });
});

describe('a logout', () => {
  const logout = ['auth', 'logout', '-p', 'online', '-o', 'json'];

  test('when it is done then the refresh token is revoked, and nothing of the login is kept', async () => {
    const { provider, on } = await loggedIn();
    expect(documentOf(await on.run(logout))).toMatchObject({
      revoked: true,
      forgotten: ['refreshToken'],
      forgottenTickets: ['token'],
      exitCode: 0,
    });
    expect(provider.paths.at(-1)).toBe('POST /login/common/oauth/Revoke');
    expect(readFileSync(fileOf(on, 'secrets.json'), 'utf8')).not.toContain('refreshToken');
    expect(existsSync(fileOf(on, 'tokens.json'))).toBe(false);
    expectRefusal(await on.run(status.slice(0, 4)), 4, ['erpsync auth login -p online']);
    expect(documentOf(await on.run(logout))).toMatchObject({
      revoked: null,
      forgotten: [],
      forgottenTickets: [],
      exitCode: 0,
    });
  });

  test('when the refresh token cannot be revoked then it is forgotten all the same, and that is told', async () => {
    const { on } = await loggedIn();
    const file = fileOf(on, 'config.json');
    const gone = (text: string): string => text.replace(/http:\/\/127\.0\.0\.1:\d+/, 'http://127.0.0.1:9');
    for (const each of [file, fileOf(on, 'secrets.json')]) {
      writeFileSync(each, gone(readFileSync(each, 'utf8')), { mode: 0o600 });
    }
    const finished = await on.run([...logout.slice(0, 4), '--retries', '0']);
    expect(finished.exitCode).toBe(7);
    expect(finished.stderr).toContain('not revoked');
    expect(finished.stdout).toContain('Forgot of profile online: refresh token');
    expect(readFileSync(fileOf(on, 'secrets.json'), 'utf8')).not.toContain('refreshToken');
  });
});
