/** The sandbox's authorization endpoint: who may ask, how somebody signs in, and what the app is told. */
import { describe, expect, test } from 'vitest';
import { authorization, challenge, post, redirectUri, sentBack, signIn, verifier } from './openid-fixture.ts';
import { open } from './sandbox-fixture.ts';

describe('discovery', () => {
  test('when it is asked for then the issuer has no /login, and the keys are there', async () => {
    const sandbox = await open();
    const { status, json } = await sandbox.send('/Login/.well-known/OpenID-Configuration');
    expect([status, json]).toEqual([
      200,
      expect.objectContaining({
        issuer: sandbox.url,
        authorization_endpoint: `${sandbox.url}/login/common/oauth/authorize`,
        token_endpoint: `${sandbox.url}/login/common/oauth/tokens`,
        jwks_uri: `${sandbox.url}/login/.well-known/jwks`,
        response_modes_supported: ['form_post', 'fragment', 'query'],
      }),
    ]);
    const keys = await sandbox.send('/login/.well-known/jwks');
    expect(keys.json).toMatchObject({ keys: [{ kty: 'RSA', use: 'sig' }] });
    expect((await sandbox.send('/login/.well-known/jwks', { method: 'POST' })).status).toBe(405);
  });
});

describe('a request that may not be answered', () => {
  test.each<[string, Readonly<Record<string, string | undefined>>, string]>([
    ['no client id', { client_id: undefined }, 'client_id'],
    ['another client id', { client_id: 'x' }, 'client_id'],
    ['no address', { redirect_uri: undefined }, 'InvalidRedirectUrl (2)'],
    ['a slash behind the address', { redirect_uri: `${redirectUri}/` }, 'InvalidRedirectUrl (2)'],
    ['a path behind the address', { redirect_uri: `${redirectUri}/cb` }, 'InvalidRedirectUrl (2)'],
    ['a query behind the address', { redirect_uri: `${redirectUri}?a=1` }, 'InvalidRedirectUrl (2)'],
    ['a line end behind the address', { redirect_uri: `${redirectUri}\n` }, 'InvalidRedirectUrl (2)'],
    ['localhost', { redirect_uri: 'http://localhost:49152' }, 'InvalidRedirectUrl (2)'],
    ['another host', { redirect_uri: 'http://127.0.0.1.evil.example:49152' }, 'InvalidRedirectUrl (2)'],
    ['a host behind a user', { redirect_uri: `${redirectUri}@evil.example` }, 'InvalidRedirectUrl (2)'],
    ['https', { redirect_uri: 'https://127.0.0.1:49152' }, 'InvalidRedirectUrl (2)'],
    ['a port of three digits', { redirect_uri: 'http://127.0.0.1:999' }, 'InvalidRedirectUrl (2)'],
    ['IPv6, which is not registered', { redirect_uri: 'http://[::1]:49152' }, 'InvalidRedirectUrl (2)'],
    ['another tenant', { acr_values: 'tenant:Cust9' }, 'There is no tenant Cust9'],
  ])('when it has %s then a page says so, and nobody is sent anywhere', async (_, change, words) => {
    const sandbox = await open({ signIn: 'auto' });
    const { status, headers, text } = await sandbox.send(authorization(sandbox, change));
    expect(status).toBeGreaterThanOrEqual(400);
    expect(headers.get('location')).toBeNull();
    expect(headers.get('content-type')).toContain('text/html');
    expect(text).toContain(words);
  });

  test('when a parameter is given twice then a page says so', async () => {
    const sandbox = await open({ signIn: 'auto' });
    const { status, text } = await sandbox.send(`${authorization(sandbox)}&redirect_uri=http://evil.example`);
    expect([status, text]).toEqual([400, expect.stringContaining('redirect_uri is given twice')]);
  });

  test('when the path names another tenant then a page says so', async () => {
    const sandbox = await open({ signIn: 'auto' });
    expect((await sandbox.send(authorization(sandbox, {}, 'Cust9'))).status).toBe(404);
  });

  test('when a parameter holds markup then the page shows it as text', async () => {
    const sandbox = await open();
    const { text } = await sandbox.send(
      authorization(sandbox, { login_hint: '"><script>alert(1)</script>' }),
    );
    expect(text).not.toContain('<script');
    const elsewhere = await sandbox.send(authorization(sandbox, { acr_values: 'tenant:<b>x' }));
    expect(elsewhere.text).not.toContain('<b>x');
  });
});

describe('a request with a mistake', () => {
  test.each<[string, Readonly<Record<string, string | undefined>>, string]>([
    ['another response type', { response_type: 'code id_token' }, 'unsupported_response_type'],
    ['no response type', { response_type: undefined }, 'unsupported_response_type'],
    ['no scope', { scope: undefined }, 'invalid_scope'],
    ['another scope', { scope: 'profile openid2' }, 'invalid_scope'],
    ['no challenge', { code_challenge: undefined }, 'invalid_request'],
    ['another method', { code_challenge_method: 's256' }, 'invalid_request'],
    ['a challenge that is none of S256', { code_challenge: `${challenge}x` }, 'invalid_request'],
    ['a short plain one', { code_challenge: 'short', code_challenge_method: 'plain' }, 'invalid_request'],
    ['another response mode', { response_mode: 'web_message' }, 'invalid_request'],
    ['prompt=none', { prompt: 'none' }, 'login_required'],
  ])('when it has %s then the app is told, with its state', async (_, change, error) => {
    const sandbox = await open();
    const told = sentBack(await sandbox.send(authorization(sandbox, change)));
    expect(told).toEqual({ error, error_description: expect.any(String), state: 'st&te' });
  });
});

describe('the sign-in', () => {
  test('when a browser comes then it gets a form, without a script, that nobody may frame', async () => {
    const sandbox = await open({ tenantName: 'Cust12345' });
    const { status, headers, text } = await sandbox.send(authorization(sandbox, { login_hint: 'tje0' }));
    expect(status).toBe(200);
    expect(text).toContain('Sign in to Cust12345');
    expect(text).toMatch(/<input name="username" value="tje0"/);
    expect(text).toMatch(/<input name="password" type="password"/);
    expect(headers.get('content-security-policy')).toContain("script-src 'none'; frame-ancestors 'none'");
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test.each([
    ['the path', {}, 'cust12345'],
    ['acr_values', { acr_values: 'x tenant:CUST12345' }, 'common'],
  ])('when the tenant is named by %s then that is right in any case', async (_, change, tenant) => {
    const sandbox = await open({ tenantName: 'Cust12345', signIn: 'auto' });
    const told = sentBack(await sandbox.send(authorization(sandbox, change, tenant)));
    expect(told).toEqual({ code: expect.any(String), state: 'st&te' });
  });

  test('when name and password are right then the app gets a code and its state', async () => {
    const sandbox = await open();
    const user = { username: 'tje0', password: 'Tje0', answer: 'allow' };
    const told = sentBack(await post(sandbox, authorization(sandbox), user));
    expect(told).toEqual({ code: expect.stringMatching(/^[\w-]{43}$/), state: 'st&te' });
    const again = await signIn(sandbox, { state: undefined });
    expect(again).not.toBe(told['code']);
  });

  test.each([
    ['the password is wrong', { username: 'tje0', password: 'tje0' }],
    ['nothing is given', {}],
  ])('when %s then the form comes again and says so', async (_, user) => {
    const sandbox = await open();
    const { status, text, headers } = await post(sandbox, authorization(sandbox), user);
    expect([status, headers.get('location')]).toEqual([200, null]);
    expect(text).toContain('User name or password is wrong.');
    expect(sandbox.logLines().at(-1)).toMatchObject({ status: 200, outcome: 'refused' });
  });

  test('when it is cancelled then the app is told, even with the right password', async () => {
    const sandbox = await open();
    const user = { username: 'tje0', password: 'Tje0', answer: 'deny' };
    const told = sentBack(await post(sandbox, authorization(sandbox), user));
    expect(told).toMatchObject({ error: 'access_denied', error_description: 'Denied (4).', state: 'st&te' });
  });

  test('when nobody is asked then it succeeds or fails at once', async () => {
    const auto = await open({ signIn: 'auto' });
    expect(sentBack(await auto.send(authorization(auto)))).toHaveProperty('code');
    const refuse = await open({ signIn: 'refuse' });
    expect(sentBack(await refuse.send(authorization(refuse)))).toMatchObject({ error: 'access_denied' });
  });
});

describe('the way back', () => {
  test('when form_post is asked for then a form posts code and state to the app', async () => {
    const sandbox = await open({ signIn: 'auto' });
    const change = { response_mode: 'form_post', state: '"><i>' };
    const { status, text, headers } = await sandbox.send(authorization(sandbox, change));
    expect(status).toBe(200);
    expect(text).toContain(`<form method="post" action="${redirectUri}">`);
    expect(text).toMatch(/<input type="hidden" name="code" value="[\w-]{43}"\/>/);
    expect(text).toContain('<input type="hidden" name="state" value="&#34;&#62;&#60;i&#62;"/>');
    const [, nonce] = /<script nonce="([^"]+)">/.exec(text) ?? [];
    expect(headers.get('content-security-policy')).toContain(`script-src 'nonce-${nonce}'`);
  });

  test('when fragment is asked for then the values stand behind a hash', async () => {
    const sandbox = await open({ signIn: 'auto' });
    const { headers } = await sandbox.send(authorization(sandbox, { response_mode: 'fragment' }));
    expect(headers.get('location')).toMatch(/^http:\/\/127\.0\.0\.1:49152#code=[\w-]{43}&state=st%26te$/);
  });
});

test('when somebody signs in then the log holds no code, password or query', async () => {
  const sandbox = await open();
  const code = await signIn(sandbox, { code_challenge: verifier, code_challenge_method: 'plain' });
  const log = sandbox.logText();
  expect(sandbox.logLines().at(-1)).toMatchObject({
    method: 'POST',
    path: '/login/common/oauth/authorize',
    status: 302,
    outcome: 'done',
  });
  for (const secret of [code, 'Tje0', verifier, 'st%26te']) expect(log).not.toContain(secret);
});
