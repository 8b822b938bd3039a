import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CredentialParts, credentialsFor, secretsOf } from '../../../src/identity/credentials.ts';

async function headersFor(parts: Partial<CredentialParts>) {
  return await credentialsFor({
    auth: 'none',
    username: undefined,
    secrets: {},
    ...parts,
  }).headers();
}

describe('headers', () => {
  test('when it is basic then user name and password are in it, whatever the characters', async () => {
    const username = fc.string().filter((name) => !name.includes(':'));
    await fc.assert(
      fc.asyncProperty(username, fc.string({ unit: 'grapheme' }), async (name, secret) => {
        const { Authorization = '' } = await headersFor({
          auth: 'basic',
          username: name,
          secrets: { password: secret },
        });
        expect(Authorization).toMatch(/^Basic [A-Za-z0-9+/]+=*$/);
        const decoded = Buffer.from(Authorization.slice('Basic '.length), 'base64').toString('utf8');
        expect(decoded).toBe(`${name}:${secret}`);
      }),
    );
  });

  test.each<[Partial<CredentialParts>, Record<string, string>]>([
    [
      { auth: 'basic', username: 'tje0', secrets: { password: 'Tje0' } },
      { Authorization: 'Basic dGplMDpUamUw' },
    ],
    [{ auth: 'ticket', secrets: { ticket: '7T:aGk+/=' } }, { Authorization: 'SOTicket 7T:aGk+/=' }],
    [{ auth: 'bearer', secrets: { token: '8A:Cust.x' } }, { Authorization: 'Bearer 8A:Cust.x' }],
    [{ auth: 'none', secrets: { password: 'unused' } }, {}],
    [{ auth: 'none', secrets: { appToken: 'app' } }, { 'SO-AppToken': 'app' }],
    [
      {
        auth: 'xsrf',
        secrets: { cookie: 'ASP.NET_SessionId=a1; XSRF-TOKEN=b%3D', xsrfToken: 'b=', appToken: 'app' },
      },
      { Cookie: 'ASP.NET_SessionId=a1; XSRF-TOKEN=b%3D', 'X-XSRF-TOKEN': 'b=', 'SO-AppToken': 'app' },
    ],
    [
      { auth: 'xsrf', secrets: { cookie: 'a=', xsrfToken: 'x' } },
      { Cookie: 'a=', 'X-XSRF-TOKEN': 'x' },
    ],
  ])('when the parts are %j then the headers are exactly these', async (parts, headers) => {
    expect(await headersFor(parts)).toEqual(headers);
  });

  test.each<[Partial<CredentialParts>, string]>([
    [
      { auth: 'basic', username: 'a:b', secrets: { password: 'x' } },
      'the user name cannot be used: it holds a colon',
    ],
    [{ auth: 'ticket', secrets: { ticket: 'Sent inel' } }, 'the ticket cannot be used: it holds blanks'],
    [{ auth: 'ticket', secrets: { ticket: '' } }, 'the ticket cannot be used: it holds blanks'],
    [{ auth: 'system-user', secrets: { systemUserToken: 'a\u0007Sentinel' } }, 'system user token'],
    [{ auth: 'system-user', secrets: { systemUserToken: 'a', appToken: 'Sent inel' } }, 'application token'],
    [
      { auth: 'bearer', secrets: { token: 'Sentinel\r\nX: y' } },
      'the access token cannot be used: it holds blanks',
    ],
    [{ auth: 'bearer', secrets: { token: 'Sentinelä' } }, 'the access token cannot be used: it holds blanks'],
    [
      { auth: 'none', secrets: { appToken: 'Sentinel\t' } },
      'the application token cannot be used: it holds blanks',
    ],
    [
      { auth: 'xsrf', secrets: { cookie: 'a=b', xsrfToken: 'Sent inel' } },
      'the XSRF token cannot be used: it holds blanks',
    ],
    [{ auth: 'xsrf', secrets: { cookie: 'a=b' } }, 'the XSRF token cannot be used: it holds blanks'],
    ...[
      '',
      'Sentinel',
      '=Sentinel',
      'Cookie: a=Sentinel',
      'a=Sentinel ',
      'a=Sentinel\r\nX: y',
      'a=Sentinelä',
    ].map((cookie): [Partial<CredentialParts>, string] => [
      { auth: 'xsrf', secrets: { cookie, xsrfToken: 'x' } },
      'the session cookie cannot be used: it is not written',
    ]),
  ])('when the parts are %j then they are refused without being shown', async (parts, words) => {
    const failed = headersFor(parts);
    await expect(failed).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining(words) });
    await expect(failed).rejects.not.toMatchObject({ message: expect.stringContaining('Sent') });
  });
});

test('when a scheme needs secrets then they are its own', () => {
  expect(secretsOf).toEqual({
    basic: ['password'],
    ticket: ['ticket'],
    'system-user': ['systemUserToken', 'privateKey', 'appToken'],
    bearer: ['token'],
    oidc: ['refreshToken'],
    xsrf: ['cookie', 'xsrfToken'],
    none: [],
  });
});
