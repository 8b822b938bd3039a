/** Secrets in the system's keychain, as far as the store of profiles knows of them: accounts, and what stands there. */
import { randomBytes } from 'node:crypto';
import { configError, ErpsyncError } from '../errors.ts';
import { shellWord } from '../files/shell-word.ts';
import { isMembers, own, type SecretName, type StoredSecrets, secretNames } from './profile.ts';
import type { SecretStore } from './setting-table.ts';

/**
 * The keychain of the system. A call takes 3 s at most.
 *
 * @throws ErpsyncError (config) where there is none; (auth) where it is locked, denied or does not answer. What was
 *   asked for may then be done in part.
 */
export interface Keychain {
  /** Stores texts by their accounts, and reads each back. */
  write(texts: ReadonlyMap<string, string>): Promise<void>;
  /** The texts of accounts; absent where there is none. */
  read(accounts: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Also of accounts that are not there. */
  remove(accounts: readonly string[]): Promise<void>;
}

/** Where a secret stands in the keychain, and what it has to be. */
export interface KeychainPlace {
  readonly account: string;
  readonly kind: SecretName;
  readonly profile: string;
  readonly origin: string;
}

/** The secrets at these places, by account. @throws ErpsyncError as the keychain; (auth) for one that is not there */
export async function readPlaces(
  places: readonly KeychainPlace[],
  keychain: Keychain,
): Promise<ReadonlyMap<string, string>> {
  if (places.length === 0) return new Map();
  const texts = await keychain.read(places.map(({ account }) => account));
  return new Map(places.map((place) => [place.account, secretIn(texts.get(place.account), place)]));
}

/** The secret goes only where both the file beside the profiles and the keychain itself say that it belongs. */
function secretIn(text: string | undefined, { account, kind, profile, origin }: KeychainPlace): string {
  const what = `the ${kind} of profile "${profile}" cannot be used`;
  const next =
    kind === 'refreshToken'
      ? `log in again: erpsync auth login -p ${shellWord(profile)}`
      : `store it again: erpsync profile set ${shellWord(profile)} ${flagOf(kind)} <file>`;
  if (text === undefined) {
    const why = `it is not in the keychain any more (account ${account})`;
    throw new ErpsyncError('auth', { what, why, next });
  }
  const entry = parsed(text);
  const [told, secret] = [own(entry, 'origin'), own(entry, 'secret')];
  if (typeof secret !== 'string' || told !== origin) {
    const problem =
      typeof secret === 'string' ? `belongs to ${String(told)}, not to ${origin}` : 'is none of erpsync';
    throw configError({ what, why: `the one in the keychain ${problem}`, next });
  }
  return secret;
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isMembers(value) ? value : {};
  } catch {
    return {};
  }
}

function flagOf(kind: SecretName): string {
  return `--${kind.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}-file`;
}

/** Where secrets of one profile are brought to. */
export interface Settlement {
  readonly directory: string;
  readonly profile: string;
  readonly store: SecretStore;
}

/**
 * The secrets of a profile as they are to be written down, all of them brought to the place where the profile keeps
 * its secrets. Nothing is taken away where they were.
 *
 * Each new entry of the keychain has an account of its own, so that none is ever overwritten: until the file names the
 * new ones, everything is as it was.
 */
export async function settledSecrets(
  stored: StoredSecrets,
  { directory, profile, store }: Settlement,
  keychain: Keychain,
): Promise<StoredSecrets> {
  const { origin, secrets, keychain: accounts = {} } = stored;
  if (store === 'keychain') {
    const kinds = secretNames.filter((kind) => secrets[kind] !== undefined);
    if (kinds.length === 0) return stored;
    const added = kinds.map((kind) => [kind, newAccount(directory, profile, kind)] as const);
    const texts = added.map(
      ([kind, account]) => [account, JSON.stringify({ origin, secret: secrets[kind] })] as const,
    );
    try {
      await keychain.write(new Map(texts));
    } catch (error) {
      await keychain.remove(added.map(([, account]) => account)).catch(() => undefined);
      throw error;
    }
    return { origin, secrets: {}, keychain: { ...accounts, ...Object.fromEntries(added) } };
  }
  const places = secretNames.flatMap((kind): KeychainPlace[] => {
    const account = accounts[kind];
    return account === undefined ? [] : [{ account, kind, profile, origin }];
  });
  const values = await readPlaces(places, keychain);
  const fetched = places.map(({ kind, account }) => [kind, values.get(account)] as const);
  return { origin, secrets: { ...secrets, ...Object.fromEntries(fetched) } };
}

/** People find it in the tools of their keychain: the directory, the profile and the kind, then what makes it unique. */
function newAccount(directory: string, profile: string, kind: SecretName): string {
  return `${directory}/${profile}/${kind}/${randomBytes(6).toString('hex')}`;
}

/** Takes away what nothing names any more, when all else is done. */
export async function removeUnnamed(accounts: readonly string[], keychain: Keychain): Promise<void> {
  if (accounts.length === 0) return;
  try {
    await keychain.remove(accounts);
  } catch (cause) {
    if (!(cause instanceof ErpsyncError)) throw cause;
    throw new ErpsyncError(cause.code, {
      what: 'the profile is changed, but its former secrets stay in the keychain',
      why: cause.message,
      next: `take them away with the tool of the keychain, on Linux: ${accounts.map(removal).join(' && ')}`,
      cause,
    });
  }
}

function removal(account: string): string {
  return `secret-tool clear username ${shellWord(account)} service erpsync`;
}
