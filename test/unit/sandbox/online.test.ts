/** What SuperOffice Online answers beside its tenants: states, moves, the exchange for a system user's ticket. */
import { createPublicKey, type JsonWebKey, sign, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { admin, type Fixture, open } from './sandbox-fixture.ts';

const principal = '/api/v1/User/currentPrincipal';
const stateOf = async (sandbox: Fixture) =>
  (await sandbox.send('/api/state/Cust00000')).json as Record<string, string>;

describe('the state of the tenant', () => {
  test('when it is asked for then it is as documented, without a login and in any case', async () => {
    const sandbox = await open({ tenantName: 'Cust12345' });
    const { status, json } = await sandbox.send('/API/State/cust12345');
    expect([status, json]).toEqual([
      200,
      {
        ContextIdentifier: 'Cust12345',
        Endpoint: sandbox.url,
        State: 'Running',
        IsRunning: true,
        ValidUntil: '2026-01-15T09:30:00.0000000Z',
        Api: `${sandbox.url}/api`,
        Version: expect.any(String),
      },
    ]);
    expect((await sandbox.send('/api/state/Cust9')).status).toBe(404);
    expect((await sandbox.send('/api/state/Cust12345', { method: 'POST' })).status).toBe(405);
  });

  test.each([
    ['OnlineMaintenance', true, 200],
    ['OfflineMaintenance', false, 503],
    ['Suspended', false, 503],
  ] as const)('when it is %s then it runs: %s', async (tenantState, IsRunning, status) => {
    const sandbox = await open({ tenantState });
    expect(await stateOf(sandbox)).toMatchObject({ State: tenantState, IsRunning });
    expect((await sandbox.send(principal, { headers: { Authorization: admin } })).status).toBe(status);
  });
});

describe('a tenant that moves', () => {
  test('when the fault strikes then the old address is wrong at once, and the state tells the new one', async () => {
    const sandbox = await open({ faults: ['moved,every=2,times=1,path=currentPrincipal'] });
    const ask = async (at: string) =>
      (await sandbox.send(at + principal, { headers: { Authorization: admin } })).status;
    expect(await ask('')).toBe(200);
    expect(await ask('')).toBe(421);
    const { Endpoint = '', Api } = await stateOf(sandbox);
    expect([Endpoint, Api]).toEqual([`${sandbox.url}/moved1`, `${sandbox.url}/moved1/api`]);
    expect(await ask('/moved1')).toBe(200);
    expect(await ask('')).toBe(421);
    const wsdl = await sandbox.send('/moved1/Remote/Services88/ErpSync.svc?wsdl');
    expect(wsdl.text).toContain(`${Endpoint}/Remote/Services88/ErpSync.svc`);
    expect((await sandbox.send('/Remote/Services88/ErpSync.svc?wsdl')).status).toBe(421);
  });
});

const exchange = '/login/api/PartnerSystemUser/Authenticate';
const soapExchange = '/login/services/PartnerSystemUserService.svc';
const namespace = 'http://www.superoffice.com/superid/partnersystemuser/0.1';

/** A signed token as the documentation makes it, of the sandbox's time unless another is given. */
function signed(
  { credentials }: Fixture,
  change: { token?: string; time?: string; signature?: string } = {},
): string {
  const content = `${change.token ?? credentials.systemUserToken}.${change.time ?? '202601150830'}`;
  const signature = sign('RSA-SHA256', Buffer.from(content), credentials.privateKey).toString('base64');
  return `${content}.${change.signature ?? signature}`;
}

function post(sandbox: Fixture, change: Readonly<Record<string, unknown>> = {}) {
  const body = {
    SignedSystemToken: signed(sandbox),
    ApplicationToken: sandbox.credentials.appToken,
    ContextIdentifier: 'Cust00000',
    ReturnTokenType: 'JWT',
    ...change,
  };
  const headers = { 'Content-Type': 'application/json' };
  return sandbox.send(exchange, { method: 'POST', headers, body: JSON.stringify(body) });
}

const claims = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));

describe('the exchange of a system user', () => {
  test('when all is right then its ticket is in a token that the published key proves', async () => {
    const sandbox = await open({ online: true });
    const { json } = await post(sandbox);
    const { Token } = json as { Token: string };
    expect(json).toMatchObject({ IsSuccessful: true, ErrorMessage: null });
    const { keys } = (await sandbox.send('/login/.well-known/jwks')).json as {
      keys: (JsonWebKey & { kid: string })[];
    };
    const [header = '', payload = '', signature = ''] = Token.split('.');
    const { alg, kid } = JSON.parse(Buffer.from(header, 'base64url').toString('utf8'));
    expect([alg, kid]).toEqual(['RS256', keys[0]?.kid]);
    const key = createPublicKey({ key: keys[0] ?? {}, format: 'jwk' });
    const proof = Buffer.from(signature, 'base64url');
    expect(verify('RSA-SHA256', Buffer.from(`${header}.${payload}`), key, proof)).toBe(true);
    const told = claims(Token);
    expect(told).toMatchObject({
      iss: 'SuperOffice AS',
      aud: `spn:${told['http://schemes.superoffice.net/identity/serial']}`,
      'http://schemes.superoffice.net/identity/ctx': 'Cust00000',
    });
    const ticket = told['http://schemes.superoffice.net/identity/ticket'];
    const headers = { Authorization: `SOTicket ${ticket}`, 'SO-AppToken': sandbox.credentials.appToken };
    expect((await sandbox.send(principal, { headers })).json).toMatchObject({
      UserType: 'SystemAssociate',
      UserName: 'SYSTEM',
    });
    expect((await sandbox.send(principal, { headers: { Authorization: `SOTicket ${ticket}` } })).status).toBe(
      401,
    );
  });

  test.each<[string, (sandbox: Fixture) => Readonly<Record<string, unknown>>, string]>([
    ['another app token', () => ({ ApplicationToken: 'x' }), 'application token'],
    ['another tenant', () => ({ ContextIdentifier: 'Cust9' }), 'context identifier'],
    ['another token', (on) => ({ SignedSystemToken: signed(on, { token: 'Other-x' }) }), '(1)'],
    [
      'a token from an hour ago',
      (on) => ({ SignedSystemToken: signed(on, { time: '202601150730' }) }),
      '(6)',
    ],
    ['a time that is none', (on) => ({ SignedSystemToken: signed(on, { time: '202613450730' }) }), '(6)'],
    [
      'a signature of something else',
      (on) => ({ SignedSystemToken: signed(on, { signature: 'AAAA' }) }),
      '(7)',
    ],
    ['no JWT wanted', () => ({ ReturnTokenType: 'Saml' }), 'token type'],
  ])('when there is %s then it is no success, with HTTP 200', async (_, change, message) => {
    const sandbox = await open();
    const { status, json } = await post(sandbox, change(sandbox));
    expect([status, json]).toEqual([
      200,
      { IsSuccessful: false, Token: null, ErrorMessage: expect.stringContaining(message) },
    ]);
  });

  test('when the token is some minutes off then it is taken', async () => {
    const sandbox = await open();
    sandbox.advance(4 * 60_000);
    expect((await post(sandbox)).json).toMatchObject({ IsSuccessful: true });
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['a member too many', { Extra: 1 }],
    ['a member of another type', { ContextIdentifier: 5 }],
  ])('when the request has %s then it is refused', async (_, change) => {
    expect((await post(await open(), change)).status).toBe(400);
  });

  const envelope = (sandbox: Fixture, change: (xml: string) => string = (xml) => xml): string =>
    change(
      `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:p="${namespace}"><e:Header><p:ApplicationToken>${sandbox.credentials.appToken}</p:ApplicationToken><p:ContextIdentifier>Cust00000</p:ContextIdentifier></e:Header><e:Body><p:AuthenticationRequest><p:SignedSystemToken>${signed(sandbox)}</p:SignedSystemToken><p:ReturnTokenType>Jwt</p:ReturnTokenType></p:AuthenticationRequest></e:Body></e:Envelope>`,
    );
  const soap = (
    sandbox: Fixture,
    body: string,
    action = `${namespace}/IPartnerSystemUserService/Authenticate`,
  ) =>
    sandbox.send(soapExchange, {
      method: 'POST',
      headers: { 'Content-Type': 'text/xml; charset=utf-8', SOAPAction: `"${action}"` },
      body,
    });

  test('when it is asked for over SOAP then the answer is the same', async () => {
    const sandbox = await open();
    const { status, text } = await soap(sandbox, envelope(sandbox));
    expect(status).toBe(200);
    expect(text).toContain(`<AuthenticationResponse xmlns="${namespace}"><IsSuccessful>true</IsSuccessful>`);
    const [, token = ''] = /<Token>(.*?)<\/Token>/.exec(text) ?? [];
    expect(claims(token)).toHaveProperty(['http://schemes.superoffice.net/identity/ticket']);
  });

  test.each<[string, (xml: string) => string, string]>([
    [
      'another namespace',
      (xml) => xml.replace('partnersystemuser/0.1', 'partnersystemuser/0.2'),
      'AuthenticationRequest',
    ],
    ['JWT for Jwt', (xml) => xml.replace('>Jwt<', '>JWT<'), 'neither Jwt nor Saml'],
    [
      'another order',
      (xml) => xml.replace(/(<p:SignedSystemToken>.*<\/p:SignedSystemToken>)(<p:Ret.*Type>)/, '$2$1'),
      'SignedSystemToken',
    ],
  ])('when the envelope has %s then it is a fault', async (_, change, words) => {
    const sandbox = await open();
    const { status, text } = await soap(sandbox, envelope(sandbox, change));
    expect([status, text]).toEqual([500, expect.stringContaining(words)]);
  });

  test('when the action is another one then it is a fault', async () => {
    const sandbox = await open();
    expect((await soap(sandbox, envelope(sandbox), `${namespace}/Authenticate`)).status).toBe(500);
  });
});
