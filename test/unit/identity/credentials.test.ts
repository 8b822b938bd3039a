import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CredentialParts, credentialsFor, secretOf } from '../../../src/identity/credentials.ts';

async function headersFor(parts: Partial<CredentialParts>) {
  return await credentialsFor({
    auth: 'none',
    username: undefined,
    secret: undefined,
    appToken: undefined,
    ...parts,
  }).headers();
}

describe('headers', () => {
  test('when it is basic then user name and password are in it, whatever the characters', async () => {
    const username = fc.string().filter((name) => !name.includes(':'));
    await fc.assert(
      fc.asyncProperty(username, fc.string({ unit: 'grapheme' }), async (name, secret) => {
        const { Authorization = '' } = await headersFor({ auth: 'basic', username: name, secret });
        expect(Authorization).toMatch(/^Basic [A-Za-z0-9+/]+=*$/);
        const decoded = Buffer.from(Authorization.slice('Basic '.length), 'base64').toString('utf8');
        expect(decoded).toBe(`${name}:${secret}`);
      }),
    );
  });

  test.each<[Partial<CredentialParts>, Record<string, string>]>([
    [{ auth: 'basic', username: 'tje0', secret: 'Tje0' }, { Authorization: 'Basic dGplMDpUamUw' }],
    [{ auth: 'ticket', secret: '7T:aGk+/=' }, { Authorization: 'SOTicket 7T:aGk+/=' }],
    [{ auth: 'bearer', secret: '8A:Cust.x' }, { Authorization: 'Bearer 8A:Cust.x' }],
    [{ auth: 'none', secret: 'unused' }, {}],
    [{ auth: 'none', appToken: 'app' }, { 'SO-AppToken': 'app' }],
  ])('when the parts are %j then the headers are exactly these', async (parts, headers) => {
    expect(await headersFor(parts)).toEqual(headers);
  });

  test.each<[Partial<CredentialParts>, string]>([
    [{ auth: 'basic', username: 'a:b', secret: 'x' }, 'colon'],
    [{ auth: 'ticket', secret: 'Sent inel' }, 'ticket holds blanks'],
    [{ auth: 'ticket', secret: '' }, 'ticket holds blanks'],
    [{ auth: 'bearer', secret: 'Sentinel\r\nX: y' }, 'access token holds blanks'],
    [{ auth: 'bearer', secret: 'Sentinelä' }, 'access token holds blanks'],
    [{ auth: 'none', appToken: 'Sentinel\t' }, 'application token holds blanks'],
  ])('when the parts are %j then they are refused without being shown', async (parts, words) => {
    const failed = headersFor(parts);
    await expect(failed).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining(words) });
    await expect(failed).rejects.not.toMatchObject({ message: expect.stringContaining('Sent') });
  });
});

test('when a scheme needs a secret then it is its own', () => {
  expect(secretOf).toEqual({ basic: 'password', ticket: 'ticket', bearer: 'token', none: undefined });
});
