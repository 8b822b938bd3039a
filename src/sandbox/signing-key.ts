/** The key of the sandbox's own login service: it signs the tokens that the service gives out. */
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** Signs tokens, and publishes the key that proves it. */
export interface SigningKey {
  /** A JWT of these claims, signed with RS256. */
  token(claims: Readonly<Record<string, unknown>>): string;
  /** What is published for those who verify tokens: a JSON Web Key Set. */
  keySet(): { readonly keys: readonly object[] };
}

/** A key that is made when it is first used: that takes a moment. */
export function createSigningKey(): SigningKey {
  let pair: { readonly publicKey: KeyObject; readonly privateKey: KeyObject } | undefined;
  const keys = () => {
    pair ??= generateKeyPairSync('rsa', { modulusLength: 2048 });
    return pair;
  };
  /** As SuperOffice names its keys: by the thumbprint of a certificate, in two spellings. */
  const names = () => {
    const thumbprint = createHash('sha1')
      .update(keys().publicKey.export({ type: 'spki', format: 'der' }))
      .digest();
    return { kid: thumbprint.toString('hex').toUpperCase(), x5t: thumbprint.toString('base64url') };
  };
  return {
    token(claims) {
      const header = { alg: 'RS256', ...names(), typ: 'JWT' };
      const content = [header, claims]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.');
      return `${content}.${sign('RSA-SHA256', Buffer.from(content), keys().privateKey).toString('base64url')}`;
    },
    keySet: () => ({ keys: [{ ...keys().publicKey.export({ format: 'jwk' }), use: 'sig', ...names() }] }),
  };
}
