/** JSON Web Tokens that the login service of SuperOffice Online has signed. */
import type { JWK } from 'jose';
import { ErpsyncError } from '../errors.ts';
import { readBoundedJson } from '../transport/bounded-json.ts';

/** The claims of a token. */
export type Claims = Readonly<Record<string, unknown>>;

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
  throw new ErpsyncError(
    'auth',
    'the token of the login service is not signed by one of its published keys',
    {
      hint: 'check --env, and that no proxy answers in its place',
    },
  );
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
