/** A login service that answers what it should not: no such login is taken, and nothing of it stored. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { createSigningKey } from '../../src/sandbox/signing-key.ts';
import { documentOf } from '../support/expectations.ts';
import { machineHere } from '../support/in-process.ts';
import { addOidcProfile, broughtBack, logIn } from '../support/login-runner.ts';
import { type Received, tenantServer } from '../support/tenant-server.ts';

const server = tenantServer();
const [ours, theirs] = [createSigningKey(), createSigningKey()];
const claim = (name: string): string => `http://schemes.superoffice.net/identity/${name}`;
const seconds = (ms = 0): number => Math.floor((Date.now() + ms) / 1_000);

/** The claims of a good id token, for the login that asked with a nonce. */
type Asked = { readonly nonce: string; readonly issuer: string };
const good = ({ nonce, issuer }: Asked): Record<string, unknown> => ({
  ...{
    sub: 'terje',
    iss: issuer,
    aud: 'the-app',
    nonce,
    iat: seconds(),
    nbf: seconds(),
    exp: seconds(300_000),
  },
  [claim('ctx')]: 'Cust00000',
  [claim('upn')]: 'terje@example.com',
});

const tokens = {
  token_type: 'Bearer',
  access_token: '8A:Cust00000.Sentinel',
  expires_in: 3600,
  refresh_token: 'Sentinel-refresh',
};

interface Misbehaviour {
  readonly idToken?: (asked: Asked) => string | undefined;
  readonly reply?: (
    idToken: string | undefined,
    request: Received,
  ) => { readonly status: number; readonly body?: unknown };
  readonly keys?: object;
}

/** A login that such a service answers. */
async function answered(
  { idToken = (asked) => ours.token(good(asked)), reply, keys = ours.keySet() }: Misbehaviour,
  args: readonly string[] = [],
) {
  let nonce = '';
  const place = server((request) => {
    if (request.path === '/login/.well-known/jwks') return { status: 200, body: keys };
    const id_token = idToken({ nonce, issuer: place.url });
    return reply?.(id_token, request) ?? { status: 200, body: { ...tokens, id_token } };
  });
  const on = machineHere();
  await addOidcProfile(on, place.url, 'Cust00000', 'the-app');
  const browser = (address: string): string => {
    const asked = new URL(address);
    nonce = asked.searchParams.get('nonce') ?? '';
    return broughtBack(asked);
  };
  return { finished: await logIn(on, browser, ['--retries', '0', ...args]), on, place };
}

const has = (on: { readonly configDirectory: string }, name: string): boolean =>
  existsSync(path.join(on.configDirectory, name));
const changed = (change: object) => ({
  idToken: (asked: Asked) => ours.token({ ...good(asked), ...change }),
});
const unsigned = (asked: Asked): string =>
  `${[{ alg: 'none' }, good(asked)].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`;

describe('what the login service answers', () => {
  test.each<[string, Misbehaviour]>([
    ['as it is documented', {}],
    ['for the tenant in another case', changed({ [claim('ctx')]: 'CUST00000' })],
    ['with addresses that lead elsewhere', changed({ [claim('webapi_url')]: 'https://evil.example/api/' })],
    [
      'with expires_in as text',
      { reply: (id_token) => ({ status: 200, body: { ...tokens, id_token, expires_in: '3600' } }) },
    ],
    [
      'without saying when it ends',
      { reply: (id_token) => ({ status: 200, body: { ...tokens, id_token, expires_in: undefined } }) },
    ],
  ])('when it is %s then the login is taken', async (_, misbehaviour) => {
    const { finished, on, place } = await answered(misbehaviour, ['-vv']);
    expect(finished).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('terje@example.com') });
    expect(readFileSync(path.join(on.configDirectory, 'secrets.json'), 'utf8')).toContain('Sentinel-refresh');
    const [request] = place.requests;
    const form = Object.fromEntries(new URLSearchParams(request?.body));
    expect(form).toEqual({
      ...{ grant_type: 'authorization_code', client_id: 'the-app', code: 'c0de-c0de' },
      redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      code_verifier: expect.any(String),
    });
    expect(place.requests.map((each) => each.path)).toEqual([
      '/login/common/oauth/tokens',
      '/login/.well-known/jwks',
    ]);
    for (const secret of ['Sentinel', 'c0de-c0de', form['code_verifier'] ?? '-'])
      expect(finished.stderr).not.toContain(secret);
  });

  test.each<[string, number, string, Misbehaviour]>([
    ['for another tenant', 4, 'tenant "Cust9"', changed({ [claim('ctx')]: 'Cust9' })],
    ['for no tenant', 4, 'tenant nothing', changed({ [claim('ctx')]: undefined })],
    ['of another login', 4, 'another login', changed({ nonce: 'other' })],
    ['without a nonce', 4, 'nonce', changed({ nonce: undefined })],
    ['for another app', 4, 'not for the app the-app', changed({ aud: 'other-app' })],
    ['from another issuer', 4, 'evil.example', changed({ iss: 'https://evil.example' })],
    [
      'an old one',
      4,
      'time',
      changed({ exp: seconds(-3_600_000), iat: seconds(-3_700_000), nbf: seconds(-3_700_000) }),
    ],
    ['of the future', 4, 'time', changed({ nbf: seconds(3_600_000) })],
    ['signed by another key', 4, 'not signed', { idToken: (asked) => theirs.token(good(asked)) }],
    ['not signed', 4, 'alg', { idToken: unsigned }],
    ['signed, and there are no keys', 4, 'not signed', { keys: { keys: [] } }],
    ['no token', 7, 'not that of the login service', { idToken: () => 'Sentinel' }],
    ['absent', 7, 'not that of the login service', { idToken: () => undefined }],
  ])('when the id token is %s then nothing is stored', async (_, exitCode, words, misbehaviour) => {
    const { finished, on } = await answered(misbehaviour);
    expect(finished).toMatchObject({ exitCode, stdout: '', stderr: expect.stringContaining(words) });
    expect(finished.stderr).not.toContain('Sentinel');
    expect([has(on, 'secrets.json'), has(on, 'tokens.json')]).toEqual([false, false]);
  });

  test.each<[string, number, string, NonNullable<Misbehaviour['reply']>]>([
    [
      'no refresh token',
      4,
      'no refresh token',
      (id_token) => ({ status: 200, body: { ...tokens, id_token, refresh_token: undefined } }),
    ],
    [
      'a token of two lines',
      4,
      'no header can carry',
      (id_token) => ({ status: 200, body: { ...tokens, id_token, access_token: 'Sentinel\r\nX: y' } }),
    ],
    [
      'another kind of token',
      7,
      'not that of the login service',
      (id_token) => ({ status: 200, body: { ...tokens, id_token, token_type: 'mac' } }),
    ],
    [
      'that the code is not good',
      4,
      'invalid_grant',
      () => ({ status: 400, body: { error: 'invalid_grant' } }),
    ],
    [
      'that it does not know the app',
      4,
      '--client-id',
      () => ({ status: 401, body: { error: 'invalid_client', error_description: 'unknown' } }),
    ],
    ['an error of its own', 4, 'Revoked', () => ({ status: 200, body: { ErrorMessage: 'Revoked' } })],
    ['that it is closed', 9, 'HTTP 503', () => ({ status: 503 })],
    ['a page of something else', 7, 'not that of the login service', () => ({ status: 404 })],
    ['that it has failed', 6, 'HTTP 500', () => ({ status: 500, body: 'x' })],
  ])('when it answers %s then that is told, and nothing is stored', async (_, exitCode, words, reply) => {
    const { finished, on } = await answered({ reply });
    expect(finished).toMatchObject({ exitCode, stdout: '', stderr: expect.stringContaining(words) });
    expect(finished.stderr).not.toContain('Sentinel');
    expect([has(on, 'secrets.json'), has(on, 'tokens.json')]).toEqual([false, false]);
  });

  test('when the browser brings an error then it is told in words', async () => {
    const on = machineHere();
    await addOidcProfile(on, 'http://127.0.0.1:9', 'Cust00000', 'the-app');
    const brought = { error: 'access_denied', error_description: 'NeedsReapproval' };
    const finished = await logIn(on, (address) => broughtBack(new URL(address), brought), ['-o', 'json']);
    expect(documentOf(finished)).toMatchObject({
      exitCode: 4,
      error: { message: expect.stringContaining('approved again') },
    });
  });

  test('when another page brings a wrong state first then the right answer is still taken', async () => {
    const place = server(() => ({ status: 400, body: { error: 'invalid_grant' } }));
    const on = machineHere();
    await addOidcProfile(on, place.url, 'Cust00000', 'the-app');
    const finished = await logIn(on, async (address) => {
      const asked = new URL(address);
      const back = asked.searchParams.get('redirect_uri');
      expect((await fetch(`${back}/?code=evil&state=evil`)).status).toBe(400);
      return broughtBack(asked);
    });
    expect(finished.exitCode).toBe(4);
    expect(place.requests.map(({ body }) => new URLSearchParams(body).get('code'))).toEqual(['c0de-c0de']);
  });

  test('when the profile has an application token then it is the secret of the app', async () => {
    const place = server(() => ({ status: 400, body: { error: 'invalid_grant' } }));
    const on = machineHere();
    await addOidcProfile(on, place.url, 'Cust00000', 'the-app');
    await on.run(['profile', 'set', 'online', '--app-token-stdin'], { input: 'app-secret\n' });
    await logIn(on, (address) => broughtBack(new URL(address)));
    expect(new URLSearchParams(place.requests[0]?.body).get('client_secret')).toBe('app-secret');
  });
});

describe('a login that cannot be begun', () => {
  test.each<[string, number, readonly string[], readonly string[]]>([
    ['the scheme is another one', 2, ['--auth', 'bearer'], ['auth bearer', '--auth']],
    ['the tenant is another one', 3, ['--tenant', 'Cust9'], ['Cust9']],
    ['nobody may be asked', 2, ['--no-input'], ['--no-input']],
    ['the port has too few digits', 2, ['--port', '80'], ['--port']],
    ['a refresh token is given', 2, ['--refresh-token-stdin'], ['refresh token']],
    [
      'a refresh token stands on the command line',
      2,
      ['--refresh-token', 'Sentinel'],
      ['--refresh-token-file'],
    ],
  ])('when %s then that is told at once', async (_, exitCode, args, words) => {
    const on = machineHere();
    await addOidcProfile(on, 'http://127.0.0.1:9', 'Cust00000', 'the-app');
    const finished = await on.run(['auth', 'login', '-p', 'online', ...args]);
    expect(finished).toMatchObject({ exitCode, stdout: '' });
    for (const word of words) expect(finished.stderr).toContain(word);
    expect(finished.stderr).not.toContain('Sentinel');
  });

  test('when no profile is there then that is told', async () => {
    const finished = await machineHere().run([
      'auth',
      'login',
      '--tenant',
      'Cust1',
      '--env',
      'sod',
      '--auth',
      'oidc',
      '--client-id',
      'x',
    ]);
    expect(finished).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('erpsync profile add') });
  });

  test('when a profile is to be stored without the id of the app then that is told', async () => {
    const add = ['profile', 'add', 'online', '--tenant', 'Cust1', '--env', 'sod', '--auth', 'oidc'];
    expect(await machineHere().run(add)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--client-id'),
    });
  });
});

test('when calls go over SOAP then the access token becomes a ticket, and one that is refused another one once', async () => {
  const sandbox = await startSandbox({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => sandbox.close());
  const place = server(({ path: asked }) => {
    if (asked.startsWith('/api/state/')) {
      const body = {
        ContextIdentifier: 'Cust00000',
        Endpoint: sandbox.url,
        Api: `${sandbox.url}/api`,
        State: 'Running',
      };
      return { status: 200, body };
    }
    const first = place.requests.filter((each) => each.path.includes('tokens')).length === 1;
    const access_token = first ? '8A:Cust00000.stale' : sandbox.credentials.token;
    return { status: 200, body: { ...tokens, access_token, refresh_token: undefined } };
  });
  const on = machineHere();
  await addOidcProfile(on, place.url, 'Cust00000', 'the-app');
  await on.run(['profile', 'set', 'online', '--refresh-token-stdin'], { input: 'Sentinel-refresh\n' });
  for (const _ of [1, 2]) {
    const finished = await on.run(['auth', 'status', '-p', 'online', '--transport', 'soap', '-o', 'json']);
    expect(documentOf(finished)).toMatchObject({ user: { associateId: 5 }, transport: 'soap' });
  }
  expect(place.requests.filter(({ path: asked }) => asked.includes('tokens'))).toHaveLength(2);
});
