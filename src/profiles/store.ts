import { join } from 'node:path';
import { checkDirectory, makeDirectory } from '../files/file-safety.ts';
import { forgetCredentials } from './credential-cache.ts';
import { type HeldSecrets, heldSecrets, type Lineage, lineageOf } from './inheritance.ts';
import type { Keychain } from './keychain.ts';
import {
  othersIn,
  type Profile,
  parseProfile,
  parseSecrets,
  profileMembers,
  type StoredSecrets,
  storedSecretMembers,
} from './profile.ts';
import {
  baseOf,
  currentOf,
  refuseExisting,
  refuseHeirs,
  refuseUnknown,
  withEntry,
  withoutEntry,
  withRenamedBase,
  withSecrets,
} from './profile-entries.ts';
import { type ProfileFile, readProfileFile, removeLeftovers, writeProfileFile } from './profile-file.ts';
import { checkProfileName, unknownProfile } from './profile-name.ts';
import { storeWriter } from './store-writer.ts';
import { forgetTickets } from './ticket-cache.ts';

/** Where the profiles are, and whose they must be. */
export interface StoreOptions {
  /** Made with mode 0700 on the first write, not before. */
  readonly directory: string;
  /** The user id that must own the files; undefined on Windows: no mode or owner checks. */
  readonly uid: number | undefined;
  /** For those who change something: where secrets are that are not in the file. */
  readonly keychain?: Keychain;
}

/** What `config.json` holds. */
export interface StoredProfiles {
  /** The one chosen with `profile use`; in a file edited by hand it may name no profile. */
  readonly current: string | undefined;
  /** In the order in which they were added (names that are whole numbers come first). */
  readonly profiles: ReadonlyMap<string, Profile>;
}

/** Profiles and secrets together, as they stand while the lock is held. */
export interface StoreView {
  readonly profiles: ReadonlyMap<string, Profile>;
  secretsOf(name: string): StoredSecrets | undefined;
}

/** A profile with its secrets. */
export interface ProfileEntry {
  readonly profile: Profile;
  readonly secrets: StoredSecrets | undefined;
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
  /** What is stored of secrets, to look at many profiles. */
  readAllSecrets(): Promise<(name: string) => StoredSecrets | undefined>;
  /** The secrets that a profile has or inherits. */
  readHeldSecrets(line: Lineage): Promise<HeldSecrets>;
  /**
   * Adds a profile with its secrets; secrets that an interrupted run left for that name are replaced,
   * or removed when `stored` is undefined. Throws `usage` for a name that exists or cannot be one.
   */
  add(name: string, profile: Profile, stored: StoredSecrets | undefined): Promise<void>;
  /**
   * Adds several as {@link add} does one, all or none; what `check` throws about the state that would
   * come of it leaves everything as it was. Throws `config` for a chain of `extends` that is broken.
   */
  addAll(entries: ReadonlyMap<string, ProfileEntry>, check?: (after: StoreView) => void): Promise<void>;
  /**
   * Replaces a profile and its secrets by what `change` makes of them as they are; what it throws leaves
   * everything as it was. Members that a newer erpsync wrote stay. Throws `config` for an unknown name,
   * for a chain of `extends` that is broken, and for unknown secrets when the origin changes.
   */
  revise(name: string, change: (before: StoreView) => ProfileEntry): Promise<void>;
  /**
   * Renames a profile: its secrets, the choice of `profile use` and what extends it follow. Throws
   * `config` for an unknown name, `usage` for a new one that exists or cannot be one.
   */
  rename(name: string, newName: string): Promise<void>;
  /** Chooses a profile. Throws `config` for an unknown name. */
  use(name: string): Promise<void>;
  /**
   * Removes a profile and its secrets, and the choice where it was the chosen one; also one that is
   * not valid, and secrets that an interrupted removal left. Throws `config` for an unknown name, and for
   * one that others extend.
   */
  remove(name: string): Promise<void>;
}

/** Names another directory of profiles. */
const elsewhere = 'ERPSYNC_CONFIG_DIR';

/** The store in a directory. Nothing is opened or created before a method is called. */
export function openProfileStore({ directory, uid, keychain }: StoreOptions): ProfileStore {
  const configFile = join(directory, 'config.json');
  const secretsFile = join(directory, 'secrets.json');
  const { settled, writeBoth, removeLost } = storeWriter({ directory, configFile, secretsFile, keychain });

  function readFile(file: string): ProfileFile {
    checkDirectory(directory, uid);
    return readProfileFile(file, uid);
  }

  async function change(action: () => Promise<void>): Promise<void> {
    makeDirectory(directory, uid, elsewhere);
    // Loaded here: most commands only read.
    const { withFileLock } = await import('../files/file-lock.ts');
    const lock = join(directory, 'config.lock');
    const changed = async (): Promise<void> => {
      removeLeftovers(configFile);
      removeLeftovers(secretsFile);
      forgetTickets(directory);
      forgetCredentials(directory);
      await action();
    };
    await withFileLock(lock, changed, { elsewhere });
  }

  /** Changes what exists: where there is no directory, nothing does, and none is made. */
  async function changeExisting(name: string, action: () => Promise<void>): Promise<void> {
    if (!checkDirectory(directory, uid)) throw unknownProfile(name, []);
    await change(action);
  }

  function profilesIn(config: ProfileFile): Map<string, Profile> {
    const entries = [...config.entries];
    return new Map(
      entries.map(([name, entry]) => [name, parseProfile(entry, { file: configFile, name })] as const),
    );
  }

  function secretsIn({ entries }: ProfileFile, name: string): StoredSecrets | undefined {
    return entries.has(name) ? parseSecrets(entries.get(name), { file: secretsFile, name }) : undefined;
  }

  async function addAll(
    added: ReadonlyMap<string, ProfileEntry>,
    check?: (after: StoreView) => void,
  ): Promise<void> {
    for (const name of added.keys()) checkProfileName(name);
    await change(async () => {
      const config = readFile(configFile);
      const secrets = readFile(secretsFile);
      refuseExisting(added.keys(), config, configFile);
      const linked = [...added].filter(([, { profile }]) => profile.extends !== undefined);
      if (linked.length > 0 || check !== undefined) {
        const fresh = [...added].map(([name, { profile }]) => [name, profile] as const);
        const profiles = new Map([...profilesIn(config), ...fresh]);
        for (const [name] of linked) lineageOf(name, profiles);
        check?.({
          profiles,
          secretsOf: (name) => (added.has(name) ? added.get(name)?.secrets : secretsIn(secrets, name)),
        });
      }
      let newConfig = config;
      for (const [name, { profile }] of added) newConfig = withEntry(newConfig, name, profile);
      let newSecrets = secrets;
      for (const [name, { profile, secrets: given }] of added) {
        const alone = given === undefined || profile.extends === undefined;
        const line = alone ? [{ name, profile }] : lineageOf(name, profilesIn(newConfig));
        newSecrets = withSecrets(newSecrets, name, await settled(given, line));
      }
      await writeBoth({ config: newConfig, secrets: newSecrets }, secrets);
    });
  }

  return {
    configFile,
    secretsFile,

    async read() {
      const config = readFile(configFile);
      return { current: currentOf(config, configFile), profiles: profilesIn(config) };
    },

    async readSecrets(name) {
      return secretsIn(readFile(secretsFile), name);
    },

    async readAllSecrets() {
      const secrets = readFile(secretsFile);
      return (name) => secretsIn(secrets, name);
    },

    async readHeldSecrets(line) {
      const secrets = readFile(secretsFile);
      return heldSecrets(line, (name) => secretsIn(secrets, name));
    },

    add: (name, profile, secrets) => addAll(new Map([[name, { profile, secrets }]])),

    addAll,

    async revise(name, change) {
      await changeExisting(name, async () => {
        const config = readFile(configFile);
        const secrets = readFile(secretsFile);
        if (!config.entries.has(name)) throw unknownProfile(name, config.entries.keys());
        const profiles = profilesIn(config);
        const before = secretsIn(secrets, name);
        const after = change({ profiles, secretsOf: (each) => secretsIn(secrets, each) });
        const line = lineageOf(name, profiles.set(name, after.profile));
        const unknown = othersIn(secrets.entries.get(name), storedSecretMembers);
        if (before !== undefined && before.origin !== after.secrets?.origin) {
          refuseUnknown(Object.keys(unknown), name, secretsFile);
        }
        const newSecrets = withSecrets(secrets, name, await settled(after.secrets, line), unknown);
        const entry = { ...othersIn(config.entries.get(name), profileMembers), ...after.profile };
        await writeBoth({ config: withEntry(config, name, entry), secrets: newSecrets }, secrets);
      });
    },

    async rename(name, newName) {
      checkProfileName(newName);
      await changeExisting(name, async () => {
        const config = readFile(configFile);
        const secrets = readFile(secretsFile);
        if (!config.entries.has(name)) throw unknownProfile(name, config.entries.keys());
        refuseExisting([newName], config, configFile);
        const entries = [...config.entries].map(([each, entry]): [string, unknown] => {
          const renamed = each === name ? newName : each;
          return [renamed, withRenamedBase(entry, name, newName)];
        });
        const { current } = config.members;
        const members = current === name ? { ...config.members, current: newName } : config.members;
        // The secrets stand under both names until the profile has its new one.
        const held = secrets.entries.get(name);
        const copied =
          held === undefined ? withoutEntry(secrets, newName) : withEntry(secrets, newName, held);
        const touched = held !== undefined || secrets.entries.has(newName);
        if (touched) await writeProfileFile(secretsFile, copied);
        await writeProfileFile(configFile, { members, entries: new Map(entries) });
        if (held !== undefined) await writeProfileFile(secretsFile, withoutEntry(copied, name));
        await removeLost(secrets, copied);
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
        const heirs = [...config.entries].filter(([, entry]) => baseOf(entry) === name);
        refuseHeirs(
          name,
          heirs.map(([heir]) => heir).filter((heir) => heir !== name),
        );
        // The profile first, for the same reason as above.
        if (known) {
          const { current, ...others } = config.members;
          const members = current === name ? others : config.members;
          await writeProfileFile(configFile, withoutEntry({ ...config, members }, name));
        }
        if (!secrets.entries.has(name)) return;
        const left = withoutEntry(secrets, name);
        await writeProfileFile(secretsFile, left);
        await removeLost(secrets, left);
      });
    },
  };
}
