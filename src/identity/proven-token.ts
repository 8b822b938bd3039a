/** JSON Web Tokens that the login service of SuperOffice Online has signed. */
import type { JWK } from 'jose';
import { ErpsyncError } from '../errors.ts';
import { readBoundedJson } from '../transport/bounded-json.ts';
import { type RawRequests, statusError } from '../transport/raw.ts';
import { jwksPath } from './online.ts';
import { checkService, notAnswered, notOfService, refusedBy } from './service-errors.ts';

/** The claims of a token. */
export type Claims = Readonly<Record<string, unknown>>;

/** The full name of a claim of SuperOffice. */
export function claim(name: string): string {
  return `http://schemes.superoffice.net/identity/${name}`;
}

/** A claim as errors show it, cut short. */
export function claimInWords(value: unknown): string {
  try {
    return (JSON.stringify(value) ?? 'nothing').slice(0, 80);
  } catch {
    return 'what nests too deep to be told';
  }
}

/** A service has one key, or two while it changes them; more are not tried. */
const mostKeys = 16;

/**
 * The claims of a token, once one of the service's published keys proves that it is from there (RS256 alone). The key
 * that the token names is tried first, then the others, since names of keys come in several spellings. What the
 * claims say is the caller's to judge: times come as text, too.
 *
 * @param keySet a JSON Web Key Set as it was published
 * @throws ErpsyncError (auth) for a token that none of them proves
 */
export async function provenClaims(token: string, keySet: unknown): Promise<Claims> {
  const { compactVerify } = await import('jose/jws/compact/verify');
  const { importJWK } = await import('jose/key/import');
  for (const key of signingKeys(keySet)) {
    try {
      const { payload } = await compactVerify(token, await importJWK(key, 'RS256'), {
        algorithms: ['RS256'],
      });
      const read = readBoundedJson(new TextDecoder().decode(payload));
      if (read.kind === 'json' && typeof read.value === 'object' && read.value !== null) {
        return read.value as Claims;
      }
    } catch {
      // The next key may be the right one; what libraries say of a token could quote it.
    }
  }
  throw new ErpsyncError('auth', {
    what: 'the token of the login service is not taken',
    why: 'it is not signed by one of its published keys',
    next: checkService,
  });
}

function signingKeys(keySet: unknown): readonly JWK[] {
  const keys: unknown =
    typeof keySet === 'object' && keySet !== null ? Reflect.get(keySet, 'keys') : undefined;
  if (!Array.isArray(keys)) return [];
  return keys.filter(isSigningKey).slice(0, mostKeys);
}

function isSigningKey(key: unknown): key is JWK {
  if (typeof key !== 'object' || key === null) return false;
  const use: unknown = Reflect.get(key, 'use');
  // Only public members: a secret key would prove what anybody could have signed.
  return (
    Reflect.get(key, 'kty') === 'RSA' &&
    (use === undefined || use === 'sig') &&
    !('k' in key) &&
    !('d' in key)
  );
}

/**
 * The keys that the login service publishes.
 *
 * @param requests to the environment
 * @throws ErpsyncError (network, unavailable, rejected) when it does not answer as it should
 */
export async function publishedKeys(requests: RawRequests): Promise<unknown> {
  const exchange = await requests.send({ method: 'GET', path: jwksPath });
  const where = requests.addressOf(jwksPath);
  if (exchange.kind === 'failure') throw notAnswered(untoldKeys, exchange);
  const error = statusError(exchange);
  if (error !== undefined) throw refusedBy(where, untoldKeys, error);
  try {
    return JSON.parse(exchange.body.toString('utf8'));
  } catch {
    throw notOfService(where, 'it holds no keys');
  }
}

const untoldKeys = 'the keys of the login service are not told';
