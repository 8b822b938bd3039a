/** The sandbox's token endpoint: codes, verifiers, clients, refreshes, revocation, and what the tokens are good for. */
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import {
  authorization,
  challenge,
  post,
  redeem,
  redirectUri,
  refresh,
  sentBack,
  signIn,
  statusOf,
  type Tokens,
  tokens,
  verifier,
} from './openid-fixture.ts';
import { type Fixture, open } from './sandbox-fixture.ts';
import { callSoap, textOf } from './soap-fixture.ts';

const claim = (name: string) => `http://schemes.superoffice.net/identity/${name}`;
const minute = 60_000;

function refusal(error: string, words = '') {
  return { error, error_description: expect.stringContaining(words) };
}

async function claimsOf(sandbox: Fixture, idToken: string): Promise<Readonly<Record<string, unknown>>> {
  const keys = (await sandbox.send('/login/.well-known/jwks')).json as JSONWebKeySet;
  const { payload } = await jwtVerify(idToken, createLocalJWKSet(keys), {
    algorithms: ['RS256'],
    issuer: sandbox.url,
    audience: sandbox.credentials.clientId,
    currentDate: new Date(Date.UTC(2026, 0, 15, 8, 30)),
  });
  return payload;
}

describe('a code', () => {
  test('when it is redeemed then there are tokens as documented, which nobody keeps', async () => {
    const sandbox = await open({ tenantName: 'Cust12345' });
    const { status, json, headers } = await redeem(sandbox, await signIn(sandbox));
    expect([status, json]).toEqual([
      200,
      {
        token_type: 'Bearer',
        access_token: expect.stringMatching(/^8A:Cust12345\.[\w-]{43}$/),
        expires_in: 3600,
        refresh_token: expect.stringMatching(/^[\w-]{43}$/),
        id_token: expect.any(String),
      },
    ]);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test('when it is used again then it is refused, and what it gave is revoked', async () => {
    const sandbox = await open();
    const code = await signIn(sandbox);
    const { access_token, refresh_token } = (await redeem(sandbox, code)).json as Tokens;
    expect(await statusOf(sandbox, access_token)).toBe(200);
    const again = await redeem(sandbox, code);
    expect([again.status, again.json]).toEqual([400, refusal('invalid_grant', 'used before')]);
    expect(await statusOf(sandbox, access_token)).toBe(401);
    expect((await refresh(sandbox, refresh_token)).json).toEqual(refusal('invalid_grant', 'Revoked (1)'));
  });

  test('when it is ten minutes old then it has expired', async () => {
    const sandbox = await open();
    const [first, second] = [await signIn(sandbox), await signIn(sandbox)];
    sandbox.advance(10 * minute - 1);
    expect((await redeem(sandbox, first)).status).toBe(200);
    sandbox.advance(1);
    expect((await redeem(sandbox, second)).json).toEqual(refusal('invalid_grant', 'Expired (3)'));
  });

  test.each<[string, Readonly<Record<string, string | undefined>>, string, string]>([
    ['no verifier', { code_verifier: undefined }, 'invalid_grant', 'missing'],
    ['another verifier', { code_verifier: `${verifier}x` }, 'invalid_grant', 'S256'],
    ['the challenge as verifier', { code_verifier: challenge }, 'invalid_grant', 'S256'],
    ['another address', { redirect_uri: `${redirectUri}/` }, 'invalid_grant', 'InvalidRedirectUrl (2)'],
    ['no address', { redirect_uri: undefined }, 'invalid_grant', 'InvalidRedirectUrl (2)'],
    ['no code', { code: undefined }, 'invalid_request', 'code'],
    ['another code', { code: 'x' }, 'invalid_grant', 'not known'],
    ['no grant type', { grant_type: undefined }, 'invalid_request', 'grant_type'],
    ['another grant type', { grant_type: 'client_credentials' }, 'unsupported_grant_type', ''],
  ])('when it is redeemed with %s then it is refused', async (_, change, error, words) => {
    const sandbox = await open();
    const { status, json } = await redeem(sandbox, await signIn(sandbox), change);
    expect([status, json]).toEqual([400, refusal(error, words)]);
    expect(sandbox.logLines().at(-1)).toMatchObject({ status: 400, outcome: 'refused' });
  });

  test('when the method was left out then the challenge is the verifier itself, and S256 fails', async () => {
    const sandbox = await open();
    const trap = await signIn(sandbox, { code_challenge_method: undefined });
    expect((await redeem(sandbox, trap)).json).toEqual(refusal('invalid_grant', '(plain)'));
    const plain = await signIn(sandbox, { code_challenge: verifier, code_challenge_method: undefined });
    expect((await redeem(sandbox, plain)).status).toBe(200);
  });
});

describe('the client', () => {
  const basic = (id: string, secret: string) => ({
    Authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`,
  });

  test('when its secret is right, in the form or as Basic, or empty, then it is taken', async () => {
    const sandbox = await open();
    const { clientId, appToken } = sandbox.credentials;
    const tries = [
      await redeem(sandbox, await signIn(sandbox), { client_secret: appToken }),
      await redeem(sandbox, await signIn(sandbox), { client_secret: '' }),
      await redeem(sandbox, await signIn(sandbox), { client_id: undefined }, basic(clientId, appToken)),
      await redeem(sandbox, await signIn(sandbox), {}, basic(clientId, appToken)),
    ];
    expect(tries.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  test.each<
    [string, Readonly<Record<string, string | undefined>>, Readonly<Record<string, string>> | undefined]
  >([
    ['no id', { client_id: undefined }, undefined],
    ['another id', { client_id: 'x' }, undefined],
    ['another secret', { client_secret: 'x' }, undefined],
    ['another id beside Basic', { client_id: 'x' }, basic('5eb1c3a0d2f94e7c8a6b9d0e1f2a3b4c', '')],
    ['another secret as Basic', {}, basic('5eb1c3a0d2f94e7c8a6b9d0e1f2a3b4c', 'x')],
    ['what is no Basic', {}, { Authorization: 'Bearer x' }],
  ])('when it has %s then it is refused, and the code is not used up', async (_, change, headers) => {
    const sandbox = await open();
    const code = await signIn(sandbox);
    const reply = await redeem(sandbox, code, change, headers);
    expect([reply.status, reply.json]).toEqual([401, refusal('invalid_client')]);
    expect(reply.headers.get('www-authenticate')).toContain('Basic');
    expect((await redeem(sandbox, code)).status).toBe(200);
  });

  test('when it authenticates in two ways then it is refused', async () => {
    const sandbox = await open();
    const { clientId, appToken } = sandbox.credentials;
    const { json } = await redeem(sandbox, 'x', { client_secret: appToken }, basic(clientId, appToken));
    expect(json).toEqual(refusal('invalid_request', 'two ways'));
  });

  test('when a parameter comes twice, no form comes, or a secret stands in the address then it is refused', async () => {
    const sandbox = await open();
    const path = '/login/common/oauth/tokens';
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const twice = await sandbox.send(path, { method: 'POST', headers: form, body: 'code=a&code=b' });
    expect([twice.status, twice.json]).toEqual([400, refusal('invalid_request', 'code is given twice')]);
    const json = await sandbox.send(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    });
    expect([json.status, json.json]).toEqual([415, refusal('invalid_request', 'media type')]);
    const inAddress = await post(sandbox, `${path}?code=${await signIn(sandbox)}`, {});
    expect([inAddress.status, inAddress.json]).toEqual([400, refusal('invalid_request', 'body')]);
    expect((await sandbox.send(path)).status).toBe(405);
  });
});

describe('the id token', () => {
  test('when somebody signs in then it says who and where, and the published key proves it', async () => {
    const sandbox = await open({ tenantName: 'Cust12345' });
    const claims = await claimsOf(sandbox, (await tokens(sandbox)).id_token);
    const seconds = Date.UTC(2026, 0, 15, 8, 30) / 1000;
    expect(claims).toEqual({
      iss: sandbox.url,
      aud: sandbox.credentials.clientId,
      iat: seconds,
      nbf: seconds,
      exp: seconds + 300,
      nonce: 'n-1',
      sub: 'tje0@example.com',
      [claim('ctx')]: 'Cust12345',
      [claim('associateid')]: '5',
      [claim('identityprovider')]: expect.any(String),
      [claim('is_administrator')]: 'True',
      [claim('serial')]: '1234567890',
      [claim('netserver_url')]: `${sandbox.url}/Remote/Services88/`,
      [claim('webapi_url')]: `${sandbox.url}/api/`,
      [claim('upn')]: 'tje0@example.com',
      [claim('email')]: 'tje0@example.com',
      [claim('so_primary_email_address')]: 'tje0@example.com',
      [claim('initials')]: 'TE',
      [claim('company_name')]: 'Example AS',
      [claim('system_token')]: sandbox.credentials.systemUserToken,
    });
  });

  test('when no administrator signs in then it has no system user token, and no nonce that was not given', async () => {
    const sandbox = await open();
    const user = { username: 'reader', password: 'Reader0' };
    const { json } = await redeem(sandbox, await signIn(sandbox, { nonce: undefined }, user));
    const claims = await claimsOf(sandbox, (json as Tokens).id_token);
    expect(claims).toMatchObject({ [claim('is_administrator')]: 'False', [claim('associateid')]: '6' });
    expect(Object.keys(claims)).not.toContain(claim('system_token'));
    expect(claims).not.toHaveProperty('nonce');
  });
});

describe('an access token', () => {
  test('when it is an hour old then REST answers 401, and a refresh gives another one and no refresh token', async () => {
    const sandbox = await open();
    const { access_token, refresh_token } = await tokens(sandbox);
    sandbox.advance(60 * minute - 1);
    expect(await statusOf(sandbox, access_token)).toBe(200);
    sandbox.advance(1);
    expect(await statusOf(sandbox, access_token)).toBe(401);
    const { status, json } = await refresh(sandbox, refresh_token, { redirect_uri: redirectUri });
    expect([status, json]).toEqual([
      200,
      {
        token_type: 'Bearer',
        access_token: expect.stringMatching(/^8A:/),
        expires_in: 3600,
        id_token: expect.any(String),
      },
    ]);
    expect(await statusOf(sandbox, (json as Tokens).access_token)).toBe(200);
    expect((await refresh(sandbox, refresh_token)).status).toBe(200);
  });

  test('when it lives for two seconds then expires_in says so', async () => {
    const sandbox = await open({ tokenLife: 2000 });
    const { access_token, expires_in } = await tokens(sandbox);
    expect(expires_in).toBe(2);
    sandbox.advance(2000);
    expect(await statusOf(sandbox, access_token)).toBe(401);
  });

  test('when the sandbox plays Online then it needs no application token beside it, but a wrong one is refused', async () => {
    const sandbox = await open({ online: true });
    const { access_token } = await tokens(sandbox);
    expect(await statusOf(sandbox, access_token)).toBe(200);
    const headers = { Authorization: `Bearer ${access_token}`, 'SO-AppToken': 'x' };
    expect((await sandbox.send('/api/v1/User/currentPrincipal', { headers })).status).toBe(401);
    expect(await statusOf(sandbox, sandbox.credentials.token)).toBe(401);
  });

  test('when SOAP gets it then it answers a ticket of the user', async () => {
    const sandbox = await open();
    const { access_token } = await tokens(sandbox);
    const login = () =>
      callSoap(sandbox, 'AuthenticateWithAccessToken', `<n:AccessToken>${access_token}</n:AccessToken>`, {
        service: 'SoPrincipal',
        blocks: '',
      });
    const headers = { Authorization: `SOTicket ${textOf(await login(), 'Ticket')}` };
    const { json } = await sandbox.send('/api/v1/User/currentPrincipal', { headers });
    expect(json).toMatchObject({ Associate: 'tje0' });
    sandbox.advance(60 * minute);
    expect(textOf(await login(), 'AuthenticationSucceeded')).toBe('false');
  });
});

describe('a refresh', () => {
  test.each<[string, Readonly<Record<string, string | undefined>>, string]>([
    ['no token', { refresh_token: undefined }, 'invalid_request'],
    ['another token', { refresh_token: 'x' }, 'invalid_grant'],
    ['an address that is not registered', { redirect_uri: 'http://evil.example' }, 'invalid_grant'],
  ])('when it comes with %s then it is refused', async (_, change, error) => {
    const sandbox = await open();
    const { refresh_token } = await tokens(sandbox);
    const { status, json } = await refresh(sandbox, refresh_token, change);
    expect([status, json]).toEqual([400, refusal(error)]);
  });
});

describe('revocation', () => {
  const revoke = (sandbox: Fixture, token: string | undefined, client_id = sandbox.credentials.clientId) =>
    post(sandbox, '/login/common/oauth/Revoke', { token, client_id });

  test('when the refresh token is revoked then all that came of it is dead', async () => {
    const sandbox = await open();
    const { access_token, refresh_token } = await tokens(sandbox);
    const another = (await refresh(sandbox, refresh_token)).json as Tokens;
    const other = await tokens(sandbox);
    expect((await revoke(sandbox, refresh_token)).status).toBe(200);
    expect(await statusOf(sandbox, access_token)).toBe(401);
    expect(await statusOf(sandbox, another.access_token)).toBe(401);
    expect((await refresh(sandbox, refresh_token)).json).toEqual(refusal('invalid_grant', 'Revoked (1)'));
    expect(await statusOf(sandbox, other.access_token)).toBe(200);
  });

  test('when an access token is revoked then it alone is dead', async () => {
    const sandbox = await open();
    const { access_token, refresh_token } = await tokens(sandbox);
    expect((await revoke(sandbox, access_token)).status).toBe(200);
    expect(await statusOf(sandbox, access_token)).toBe(401);
    expect((await refresh(sandbox, refresh_token)).status).toBe(200);
  });

  test('when nobody knows the token then that is a success; without one, or from another client, it is not', async () => {
    const sandbox = await open();
    const { access_token, refresh_token } = await tokens(sandbox);
    expect((await revoke(sandbox, 'x')).status).toBe(200);
    expect((await revoke(sandbox, undefined)).json).toEqual(refusal('invalid_request', 'token'));
    expect((await revoke(sandbox, refresh_token, 'x')).status).toBe(401);
    expect(await statusOf(sandbox, access_token)).toBe(200);
  });
});

describe('faults', () => {
  test('when one strikes a path of the login service then it fails in the words of OAuth', async () => {
    const sandbox = await open({
      signIn: 'auto',
      faults: ['status=400,times=1,path=oauth/tokens', 'status=503,times=1,path=oauth/authorize'],
    });
    expect((await sandbox.send(authorization(sandbox))).status).toBe(503);
    const { code = '' } = sentBack(await sandbox.send(authorization(sandbox)));
    const failed = await redeem(sandbox, code);
    expect([failed.status, failed.json]).toEqual([400, refusal('server_error', 'status=400')]);
    expect((await redeem(sandbox, code)).status).toBe(200);
  });

  test('when tokens are asked for then the log holds none of them', async () => {
    const sandbox = await open();
    const given = await tokens(sandbox);
    await sandbox.send(`/api/v1/${given.access_token}`);
    const log = sandbox.logText();
    for (const secret of [given.access_token, given.refresh_token, given.id_token, verifier]) {
      expect(log).not.toContain(secret.replace(/^8A:/, ''));
    }
    expect(sandbox.logLines().at(-1)).toMatchObject({ path: '/api/v1/***' });
  });
});
