/** The key that an app signs with: RSA, in PEM as OpenSSL writes it, or in the XML of .NET. */
import {
  createPrivateKey,
  createPublicKey,
  type JsonWebKey,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { unusable } from '../error-words.ts';
import type { ErpsyncError } from '../errors.ts';

/** The elements of `RSAKeyValue`, and what a JSON Web Key calls them. */
const xmlMembers = {
  Modulus: 'n',
  Exponent: 'e',
  D: 'd',
  P: 'p',
  Q: 'q',
  DP: 'dp',
  DQ: 'dq',
  InverseQ: 'qi',
} as const;

/** Shorter keys prove nothing (bits). */
const shortestKey = 1024;

/**
 * Reads a private key.
 *
 * @throws ErpsyncError (usage) for anything else, without repeating any of it
 */
export function readPrivateKey(text: string): KeyObject {
  const key = /<RSAKeyValue[\s>]/.test(text) ? fromXml(text) : fromPem(text);
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== 'rsa') throw unfitKey(`it is of type ${key.asymmetricKeyType}, not RSA`);
  if (bits < shortestKey) throw unfitKey(`${bits} bits are too few`);
  if (!provesItself(key)) throw unfitKey('its parts do not belong together');
  return key;
}

/** Reading a key does not look at whether its numbers fit. */
function provesItself(key: KeyObject): boolean {
  const text = Buffer.from('erpsync');
  try {
    return verify('RSA-SHA256', text, createPublicKey(key), sign('RSA-SHA256', text, key));
  } catch {
    return false;
  }
}

function fromPem(text: string): KeyObject {
  if (/-----BEGIN (?:RSA )?PUBLIC KEY-----|-----BEGIN CERTIFICATE-----/.test(text)) {
    throw unfitKey('it is the public half');
  }
  if (/-----BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED/.test(text))
    throw unfitKey('it is locked by a passphrase');
  // CI systems keep a secret in one line, with \n for its line ends.
  const lines = text.includes('\n') ? text : text.replaceAll('\\n', '\n');
  try {
    return createPrivateKey(lines);
  } catch {
    // The cause is left out: it could quote the key.
    throw unfitKey('it is neither PEM nor RSAKeyValue XML');
  }
}

function fromXml(text: string): KeyObject {
  const jwk: JsonWebKey = { kty: 'RSA' };
  for (const [element, member] of Object.entries(xmlMembers)) {
    const [, content] = new RegExp(`<${element}>([\\s\\w+/=]*)</${element}>`).exec(text) ?? [];
    if (content === undefined) {
      throw unfitKey(element === 'D' ? 'it is the public half' : `its element ${element} is missing`);
    }
    jwk[member] = Buffer.from(content, 'base64').toString('base64url');
  }
  try {
    return createPrivateKey({ key: jwk, format: 'jwk' });
  } catch {
    throw unfitKey('the numbers in its XML make no key');
  }
}

function unfitKey(problem: string): ErpsyncError {
  return unusable(
    'the private key',
    problem,
    'give the RSA key of the app, as PEM without a passphrase or as RSAKeyValue XML',
  );
}
