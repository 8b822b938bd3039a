/** The secrets of a login, which may be renewed while it is in use: a credential command is asked again for them. */
import { ErpsyncError } from '../errors.ts';
import type { Secrets } from '../profiles/profile.ts';
import type { Renewal, RestCredentials } from '../transport/transport.ts';
import { type CredentialParts, credentialsFor } from './credentials.ts';

/** What a login is made with. */
export interface LoginSecrets {
  /** @throws ErpsyncError where they are not to be had any more */
  current(): Promise<Secrets>;
  /** Absent where there are no others. */
  readonly renewal?: Renewal | undefined;
  /** Whether all of them are those of the profile: only then its tickets are kept there. */
  readonly stored: boolean;
}

/** Everything that a login is made of. */
export interface LoginParts extends Omit<CredentialParts, 'secrets'> {
  readonly secrets: LoginSecrets;
}

/** The headers of a scheme, with the secrets as they are at each request. @throws as {@link credentialsFor} */
export async function credentialsAtHand(login: LoginParts): Promise<RestCredentials> {
  const { secrets } = login;
  const now = async () => credentialsFor({ ...login, secrets: await secrets.current() });
  const first = await now();
  if (secrets.renewal === undefined) return first;
  return { headers: async () => await (await now()).headers(), renewal: secrets.renewal };
}

/** Logs in; where that is refused and there are other secrets, once more with those. */
export async function loginWith<T>(
  secrets: LoginSecrets,
  fetch: (secrets: Secrets) => Promise<T>,
): Promise<T> {
  const generation = secrets.renewal?.generation;
  try {
    return await fetch(await secrets.current());
  } catch (error) {
    const refused = error instanceof ErpsyncError && error.code === 'auth';
    if (!refused || secrets.renewal === undefined || generation === undefined) throw error;
    await secrets.renewal.renew(generation);
    return await fetch(await secrets.current());
  }
}
