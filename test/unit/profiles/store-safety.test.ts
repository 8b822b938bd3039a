import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkDirectory, checkFile } from '../../../src/files/file-safety.ts';
import type { Profile } from '../../../src/profiles/profile.ts';
import { openProfileStore } from '../../../src/profiles/store.ts';
import { modeOf, tempDirectory } from './temp-directory.ts';

const uid = process.getuid?.() ?? 0;
const profile: Profile = { url: 'https://a', auth: 'none' };
const stored = { origin: 'https://a:443', secrets: { token: 't' } };

async function storeWithProfile() {
  const directory = tempDirectory();
  const store = openProfileStore({ directory, uid });
  await store.add('prod', profile, stored);
  return { directory, store };
}

describe('modes', () => {
  it.each([0o644, 0o640, 0o606, 0o610])(
    'when the profiles file has mode %o then reading is refused',
    async (mode) => {
      const { store } = await storeWithProfile();
      chmodSync(store.configFile, mode);
      await expect(store.read()).rejects.toMatchObject({
        code: 'config',
        message: `${store.configFile} cannot be used: it is open to group or others (mode 0${mode.toString(8)})`,
        next: `close it: chmod 600 ${store.configFile}`,
      });
    },
  );

  it('when the file of secrets is readable by others then its secrets are refused', async () => {
    const { store } = await storeWithProfile();
    chmodSync(store.secretsFile, 0o604);
    await expect(store.readSecrets('prod')).rejects.toMatchObject({
      next: `close it: chmod 600 ${store.secretsFile}`,
    });
  });

  it('when the file of secrets is readable by others then a removal leaves the profile too', async () => {
    const { store } = await storeWithProfile();
    chmodSync(store.secretsFile, 0o604);
    await expect(store.remove('prod')).rejects.toMatchObject({ code: 'config' });
    expect((await store.read()).profiles.has('prod')).toBe(true);
  });

  it.each([0o770, 0o702])(
    'when the directory has mode %o then reading and writing are refused',
    async (mode) => {
      const { directory, store } = await storeWithProfile();
      chmodSync(directory, mode);
      const refused = { code: 'config', next: `close it: chmod 700 ${directory}` };
      await expect(store.read()).rejects.toMatchObject(refused);
      await expect(store.add('new', profile, undefined)).rejects.toMatchObject(refused);
    },
  );

  it('when others may only look into the directory then it is used', async () => {
    const { directory, store } = await storeWithProfile();
    chmodSync(directory, 0o755);
    expect((await store.read()).profiles.size).toBe(1);
  });

  it('when no user id is given then modes are not looked at', async () => {
    const { directory, store } = await storeWithProfile();
    chmodSync(store.configFile, 0o644);
    chmodSync(directory, 0o777);
    expect((await openProfileStore({ directory, uid: undefined }).read()).profiles.size).toBe(1);
  });

  it('when the path has a blank and a quote then the command quotes it', () => {
    const directory = join(tempDirectory(), "it's mine");
    mkdirSync(directory);
    chmodSync(directory, 0o777);
    const quoted = `'${directory.replace("'", "'\\''")}'`;
    expect(() => checkDirectory(directory, uid)).toThrow(
      expect.objectContaining({ next: `close it: chmod 700 ${quoted}` }),
    );
  });
});

describe('owners', () => {
  it('when a file belongs to another user then it is refused with the command', async () => {
    const { store } = await storeWithProfile();
    const refused = { code: 'config', next: `give it to that one: chown ${uid + 1} ${store.configFile}` };
    expect(() => checkFile(store.configFile, uid + 1)).toThrow(expect.objectContaining(refused));
  });

  it('when the directory belongs to another user then it is refused with the command', async () => {
    const { directory } = await storeWithProfile();
    await expect(openProfileStore({ directory, uid: uid + 1 }).read()).rejects.toMatchObject({
      message: `${directory} cannot be used: it belongs to user ${uid}, not to user ${uid + 1} who runs erpsync`,
      next: `give it to that one: chown ${uid + 1} ${directory}`,
    });
  });
});

describe('other things in the place of a file', () => {
  it('when a directory stands there then it is a config error', async () => {
    const { store } = await storeWithProfile();
    rmSync(store.configFile);
    mkdirSync(store.configFile);
    await expect(store.read()).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining(store.configFile),
    });
  });

  it('when a file stands in the place of the directory then it is a config error', async () => {
    const directory = join(tempDirectory(), 'file');
    writeFileSync(directory, '');
    const store = openProfileStore({ directory, uid });
    await expect(store.read()).rejects.toMatchObject({ code: 'config' });
    await expect(store.add('a', profile, undefined)).rejects.toMatchObject({ code: 'config' });
  });

  it('when a file stands above the directory then it is a config error', async () => {
    const file = join(tempDirectory(), 'file');
    writeFileSync(file, '');
    const store = openProfileStore({ directory: join(file, 'erpsync'), uid });
    await expect(store.read()).rejects.toMatchObject({ code: 'config' });
  });
});

describe('symbolic links', () => {
  async function linkedStore() {
    const { directory, store } = await storeWithProfile();
    const target = join(tempDirectory(), 'dotfile.json');
    renameSync(store.configFile, target);
    symlinkSync(target, store.configFile);
    return { directory, store, target };
  }

  it('when a file is a link to a safe file then it is read', async () => {
    expect((await (await linkedStore()).store.read()).profiles.size).toBe(1);
  });

  it('when a linked file is changed then the link stays and its target changes', async () => {
    const { store, target } = await linkedStore();
    await store.add('new', profile, undefined);
    expect(lstatSync(store.configFile).isSymbolicLink()).toBe(true);
    expect([Object.keys(JSON.parse(readFileSync(target, 'utf8')).profiles), modeOf(target)]).toEqual([
      ['prod', 'new'],
      '600',
    ]);
  });

  it('when the target is readable by others then it is refused', async () => {
    const { store, target } = await linkedStore();
    chmodSync(target, 0o644);
    await expect(store.read()).rejects.toMatchObject({
      code: 'config',
      next: expect.stringContaining('chmod 600'),
    });
  });

  it('when the target is missing then it is a config error', async () => {
    const { store, target } = await linkedStore();
    rmSync(target);
    await expect(store.read()).rejects.toMatchObject({
      message: `${store.configFile} cannot be used: it is a symbolic link to nothing`,
    });
  });
});
