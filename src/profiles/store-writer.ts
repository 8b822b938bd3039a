/** How changes of the store are written: profiles, secrets in the file, secrets in the keychain of the system. */
import { internalError } from '../errors.ts';
import { inherited, type Lineage } from './inheritance.ts';
import type { Keychain } from './keychain.ts';
import type { StoredSecrets } from './profile.ts';
import { accountsIn } from './profile-entries.ts';
import { type ProfileFile, writeProfileFile } from './profile-file.ts';

/** Where things are. */
interface WriterOptions {
  readonly directory: string;
  readonly configFile: string;
  readonly secretsFile: string;
  readonly keychain: Keychain | undefined;
}

/** For those who only read. */
const noKeychain: Keychain = { write: missing, read: missing, remove: missing };
function missing(): Promise<never> {
  return Promise.reject(internalError('the store was opened without a keychain'));
}

/** Writes for who holds the lock of the store. */
export function storeWriter({ directory, configFile, secretsFile, keychain = noKeychain }: WriterOptions) {
  /** The secrets of the first profile of a lineage, brought to where it keeps them. */
  async function settled(
    stored: StoredSecrets | undefined,
    line: Lineage,
  ): Promise<StoredSecrets | undefined> {
    const store = inherited(line, 'store') ?? 'file';
    if (stored === undefined || (store === 'file' && stored.keychain === undefined)) return stored;
    const { settledSecrets } = await import('./keychain.ts');
    return await settledSecrets(stored, { directory, profile: line[0]?.name ?? '', store }, keychain);
  }

  /**
   * Writes secrets that have changed, then profiles: a crash in between leaves an unused secret, or secrets of another
   * origin than the profile's, which are never sent; never a profile that lacks its own. What fails is taken back, as
   * far as the disk lets it. What the keychain had for nothing but the secrets before goes last.
   */
  async function writeBoth(
    next: { readonly config: ProfileFile; readonly secrets: ProfileFile },
    secrets: ProfileFile,
  ): Promise<void> {
    const [former, present] = [accountsIn(secrets), accountsIn(next.secrets)];
    try {
      if (next.secrets !== secrets) await writeProfileFile(secretsFile, next.secrets);
      try {
        await writeProfileFile(configFile, next.config);
      } catch (error) {
        if (next.secrets !== secrets) await writeProfileFile(secretsFile, secrets).catch(() => undefined);
        throw error;
      }
    } catch (error) {
      const added = present.filter((account) => !former.includes(account));
      if (added.length > 0) await keychain.remove(added).catch(() => undefined);
      throw error;
    }
    await removeLost(secrets, next.secrets);
  }

  /** Takes out of the keychain what a file named and its successor does not. */
  async function removeLost(before: ProfileFile, after: ProfileFile): Promise<void> {
    const kept = accountsIn(after);
    const lost = accountsIn(before).filter((account) => !kept.includes(account));
    if (lost.length > 0) await (await import('./keychain.ts')).removeUnnamed(lost, keychain);
  }

  return { settled, writeBoth, removeLost };
}
