import { join } from 'node:path';
import { configError, usageError } from '../errors.ts';
import { checkDirectory, makeDirectory } from './file-safety.ts';
import { own, type Profile, parseProfile, parseSecrets, type StoredSecrets } from './profile.ts';
import { type ProfileFile, readProfileFile, removeLeftovers, writeProfileFile } from './profile-file.ts';
import { checkProfileName, unknownProfile } from './profile-name.ts';

/** Where the profiles are, and whose they must be. */
export interface StoreOptions {
  /** Made with mode 0700 on the first write, not before. */
  readonly directory: string;
  /** The user id that must own the files; undefined on Windows: no mode or owner checks. */
  readonly uid: number | undefined;
}

/** What `config.json` holds. */
export interface StoredProfiles {
  /** The one chosen with `profile use`; in a file edited by hand it may name no profile. */
  readonly current: string | undefined;
  /** In the order in which they were added (names that are whole numbers come first). */
  readonly profiles: ReadonlyMap<string, Profile>;
}

/**
 * The stored profiles and their secrets. Every method reads the files anew. Reading throws
 * ErpsyncError `config` for a file that is unsafe, unreadable or not valid; changing in addition
 * `locked` when another process holds the lock for 10 s, and `storage` when writing fails.
 */
export interface ProfileStore {
  readonly configFile: string;
  readonly secretsFile: string;
  /** All profiles and the one chosen with `profile use`. */
  read(): Promise<StoredProfiles>;
  /** The secrets of a profile, or undefined where none are stored. */
  readSecrets(name: string): Promise<StoredSecrets | undefined>;
  /**
   * Adds a profile with its secrets; secrets that an interrupted run left for that name are replaced,
   * or removed when `stored` is undefined. Throws `usage` for a name that exists or cannot be one.
   */
  add(name: string, profile: Profile, stored: StoredSecrets | undefined): Promise<void>;
  /** Chooses a profile. Throws `config` for an unknown name. */
  use(name: string): Promise<void>;
  /**
   * Removes a profile and its secrets, and the choice where it was the chosen one; also one that is
   * not valid, and secrets that an interrupted removal left. Throws `config` for an unknown name.
   */
  remove(name: string): Promise<void>;
}

/** The store in a directory. Nothing is opened or created before a method is called. */
export function openProfileStore({ directory, uid }: StoreOptions): ProfileStore {
  const configFile = join(directory, 'config.json');
  const secretsFile = join(directory, 'secrets.json');

  function readFile(file: string): ProfileFile {
    checkDirectory(directory, uid);
    return readProfileFile(file, uid);
  }

  async function change(action: () => Promise<void>): Promise<void> {
    makeDirectory(directory, uid);
    // Loaded here: most commands only read.
    const { withFileLock } = await import('./file-lock.ts');
    await withFileLock(join(directory, 'config.lock'), async () => {
      removeLeftovers(configFile);
      removeLeftovers(secretsFile);
      await action();
    });
  }

  /** Changes what exists: where there is no directory, nothing does, and none is made. */
  async function changeExisting(name: string, action: () => Promise<void>): Promise<void> {
    if (!checkDirectory(directory, uid)) throw unknownProfile(name, []);
    await change(action);
  }

  return {
    configFile,
    secretsFile,

    async read() {
      const config = readFile(configFile);
      const profiles = new Map<string, Profile>();
      for (const [name, entry] of config.entries) {
        profiles.set(name, parseProfile(entry, { file: configFile, name }));
      }
      return { current: currentOf(config, configFile), profiles };
    },

    async readSecrets(name) {
      const { entries } = readFile(secretsFile);
      return entries.has(name) ? parseSecrets(entries.get(name), { file: secretsFile, name }) : undefined;
    },

    async add(name, profile, stored) {
      checkProfileName(name);
      await change(async () => {
        const config = readFile(configFile);
        if (config.entries.has(name)) {
          const hint = `take another name, or first run: erpsync profile remove ${name}`;
          throw usageError(`profile "${name}" exists already in ${configFile}`, hint);
        }
        // Secrets first: a crash in between leaves an unused secret, never a profile that lacks its own.
        const secrets = readFile(secretsFile);
        if (stored !== undefined) {
          const entry = { origin: stored.origin, ...stored.secrets };
          await writeProfileFile(secretsFile, withEntry(secrets, name, entry));
        } else if (secrets.entries.has(name)) {
          await writeProfileFile(secretsFile, withoutEntry(secrets, name));
        }
        await writeProfileFile(configFile, withEntry(config, name, profile));
      });
    },

    async use(name) {
      await changeExisting(name, async () => {
        const config = readFile(configFile);
        if (!config.entries.has(name)) throw unknownProfile(name, config.entries.keys());
        parseProfile(config.entries.get(name), { file: configFile, name });
        await writeProfileFile(configFile, { ...config, members: { ...config.members, current: name } });
      });
    },

    async remove(name) {
      await changeExisting(name, async () => {
        const config = readFile(configFile);
        const secrets = readFile(secretsFile);
        const known = config.entries.has(name);
        if (!known && !secrets.entries.has(name)) throw unknownProfile(name, config.entries.keys());
        // The profile first, for the same reason as above.
        if (known) {
          const { current, ...others } = config.members;
          const members = current === name ? others : config.members;
          await writeProfileFile(configFile, withoutEntry({ ...config, members }, name));
        }
        if (secrets.entries.has(name)) await writeProfileFile(secretsFile, withoutEntry(secrets, name));
      });
    },
  };
}

function currentOf({ members }: ProfileFile, file: string): string | undefined {
  const current = own(members, 'current');
  if (current === undefined || typeof current === 'string') return current;
  throw configError(
    `${file}: "current" must be a string`,
    'choose a profile with: erpsync profile use <name>',
  );
}

function withEntry(file: ProfileFile, name: string, entry: unknown): ProfileFile {
  return { ...file, entries: new Map(file.entries).set(name, entry) };
}

function withoutEntry(file: ProfileFile, name: string): ProfileFile {
  return { ...file, entries: new Map([...file.entries].filter(([each]) => each !== name)) };
}
