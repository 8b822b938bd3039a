import { createPublicKey, generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readPrivateKey } from '../../../src/identity/private-key.ts';
import { signedToken } from '../../../src/identity/system-user.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = (type: 'pkcs1' | 'pkcs8'): string => privateKey.export({ type, format: 'pem' }).toString();

/** As .NET writes a key: `RSA.ToXmlString(true)`. */
function xmlOf(key: KeyObject): string {
  const jwk = key.export({ format: 'jwk' });
  const names = {
    Modulus: 'n',
    Exponent: 'e',
    P: 'p',
    Q: 'q',
    DP: 'dp',
    DQ: 'dq',
    InverseQ: 'qi',
    D: 'd',
  } as const;
  const parts = Object.entries(names).map(
    ([name, member]) =>
      `<${name}>${Buffer.from(jwk[member] ?? '', 'base64url').toString('base64')}</${name}>`,
  );
  return `<RSAKeyValue>${parts.join('')}</RSAKeyValue>`;
}

describe('the private key of an app', () => {
  test.each([
    ['PKCS#1', pem('pkcs1')],
    ['PKCS#8', pem('pkcs8')],
    ['PEM with the line ends of Windows', pem('pkcs8').replaceAll('\n', '\r\n')],
    ['PEM in one line, as CI systems keep it', pem('pkcs8').replaceAll('\n', '\\n')],
    ['XML of .NET', xmlOf(privateKey)],
    [
      'XML in lines, behind a declaration',
      `<?xml version="1.0"?>\n${xmlOf(privateKey).replaceAll('><', '>\n  <')}`,
    ],
  ])('when it comes as %s then it is the same key', (_, text) => {
    expect(readPrivateKey(text).export({ format: 'jwk' })).toEqual(privateKey.export({ format: 'jwk' }));
  });

  const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const locked = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' });
  test.each<[string, string, string]>([
    ['no key', 'Sentinel', 'neither PEM nor'],
    [
      'the public half',
      createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString(),
      'public half',
    ],
    [
      'the public half in XML',
      '<RSAKeyValue><Modulus>AA==</Modulus><Exponent>AQAB</Exponent></RSAKeyValue>',
      'public',
    ],
    ['a locked one', locked.toString(), 'passphrase'],
    ['one of another kind', elliptic.export({ type: 'pkcs8', format: 'pem' }).toString(), 'not RSA'],
    ['XML with nonsense', xmlOf(privateKey).replace(/<P>.*?<\/P>/, '<P>Sentinel!</P>'), 'missing'],
    [
      'XML with numbers that make no key',
      xmlOf(privateKey).replace(/<Modulus>.{40}/, `<Modulus>${'A'.repeat(40)}`),
      'belong together',
    ],
  ])('when it is %s then it is refused without being shown', (_, text, words) => {
    expect(() => readPrivateKey(text)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining(words) }),
    );
    expect(() => readPrivateKey(text)).not.toThrow(/Sentinel/);
  });
});

test('when a token is signed then the minute is in UTC, and the signature covers both', () => {
  const now = Date.UTC(2026, 1, 3, 4, 5, 59, 999);
  const [, signed = '', signature = ''] =
    /^(.*)\.([\w+/=]+)$/.exec(signedToken('My App-x.y', privateKey, now)) ?? [];
  expect(signed).toBe('My App-x.y.202602030405');
  const proof = Buffer.from(signature, 'base64');
  expect(verify('RSA-SHA256', Buffer.from(signed), createPublicKey(privateKey), proof)).toBe(true);
});
