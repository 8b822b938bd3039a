/** The store of profiles as commands use it. */
import { systemKeychain } from '../identity/system-keychain.ts';
import type { Keychain } from '../profiles/keychain.ts';
import { openProfileStore, type ProfileStore } from '../profiles/store.ts';
import type { Context } from './context.ts';

/** The keychain of the system; nothing is started before it is used. */
export function keychainOf({ host }: Pick<Context, 'host'>): Keychain {
  return systemKeychain({
    ask: host.askProgram,
    words: host.keychainProgram,
    environment: host.environment,
  });
}

/** The store, with the keychain of the system for what is there. */
export function storedProfiles(context: Pick<Context, 'configDirectory' | 'host'>): ProfileStore {
  const { configDirectory, host } = context;
  return openProfileStore({ directory: configDirectory, uid: host.uid, keychain: keychainOf(context) });
}

/** Whether the system may have a keychain: on Linux that takes the session of a desktop. */
export function keychainLikely({ platform, environment }: Context['host']): boolean {
  return (
    platform === 'darwin' || platform === 'win32' || environment['DBUS_SESSION_BUS_ADDRESS'] !== undefined
  );
}
