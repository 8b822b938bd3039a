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
import { checkDirectory, checkFile } from '../../../src/profiles/file-safety.ts';
import { openProfileStore, type Profile } from '../../../src/profiles/store.ts';
import { startChild, unprivileged, useChildBundle } from './child-process.ts';
import { modeOf, tempDirectory } from './temp-directory.ts';

const uid = process.getuid?.() ?? 0;
const profile: Profile = { url: 'https://a', auth: 'none' };
const stored = { origin: 'https://a:443', secrets: { token: 't' } };
const child = useChildBundle();

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
        message: expect.stringContaining(`${store.configFile} has mode 0${mode.toString(8)}`),
        hint: `run: chmod 600 ${store.configFile}`,
      });
    },
  );

  it('when the file of secrets is readable by others then its secrets are refused', async () => {
    const { store } = await storeWithProfile();
    chmodSync(store.secretsFile, 0o604);
    await expect(store.readSecrets('prod')).rejects.toMatchObject({
      hint: `run: chmod 600 ${store.secretsFile}`,
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
      const refused = { code: 'config', hint: `run: chmod 700 ${directory}` };
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
      expect.objectContaining({ hint: `run: chmod 700 ${quoted}` }),
    );
  });
});

describe('owners', () => {
  it('when a file belongs to another user then it is refused with the command', async () => {
    const { store } = await storeWithProfile();
    const refused = { code: 'config', hint: `run: chown ${uid + 1} ${store.configFile}` };
    expect(() => checkFile(store.configFile, uid + 1)).toThrow(expect.objectContaining(refused));
  });

  it('when the directory belongs to another user then it is refused with the command', async () => {
    const { directory } = await storeWithProfile();
    await expect(openProfileStore({ directory, uid: uid + 1 }).read()).rejects.toMatchObject({
      message: `${directory} belongs to user ${uid}, not to user ${uid + 1} who runs erpsync`,
      hint: `run: chown ${uid + 1} ${directory}`,
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
      hint: expect.stringContaining('chmod 600'),
    });
  });

  it('when the target is missing then it is a config error', async () => {
    const { store, target } = await linkedStore();
    rmSync(target);
    await expect(store.read()).rejects.toMatchObject({
      message: `${store.configFile} is a symbolic link to nothing`,
    });
  });
});

describe('what the system refuses', () => {
  async function failureOfChild(task: string[], user: object) {
    const { stdout } = await startChild(process.execPath, [child.file, ...task], user);
    return JSON.parse(stdout || '{}');
  }

  it('when the directory is read-only then adding is a storage error', async () => {
    const { directory, store } = await storeWithProfile();
    const user = unprivileged(directory, store.configFile, store.secretsFile);
    chmodSync(directory, 0o500);
    const error = await failureOfChild(['add', directory, 'x', '1'], user);
    chmodSync(directory, 0o700);
    expect(error).toMatchObject({
      code: 'storage',
      exitCode: 14,
      message: expect.stringContaining(directory),
    });
  });

  it('when the directory cannot be made then adding is a storage error', async () => {
    const parent = tempDirectory();
    const user = unprivileged(parent);
    chmodSync(parent, 0o500);
    const error = await failureOfChild(['add', join(parent, 'erpsync'), 'x', '1'], user);
    expect(error).toMatchObject({
      code: 'storage',
      message: expect.stringContaining('permission denied (EACCES)'),
    });
  });

  it('when a file cannot be read then it is a config error', async () => {
    const { directory, store } = await storeWithProfile();
    const user = unprivileged(directory, store.configFile, store.secretsFile);
    chmodSync(store.configFile, 0o200);
    const message = `cannot read ${store.configFile}: permission denied (EACCES)`;
    expect(await failureOfChild(['read', directory], user)).toMatchObject({ code: 'config', message });
  });

  it('when only a part can be written then it is a storage error and the old content stays', async () => {
    const { directory, store } = await storeWithProfile();
    for (let i = 0; i < 30; i++) await store.add(`p${i}`, profile, stored);
    const before = [readFileSync(store.configFile, 'utf8'), readFileSync(store.secretsFile, 'utf8')];
    // A limit of one block on the size of files acts like a full disk: `write` takes only a part.
    const limited = [
      '-c',
      'ulimit -f 1; exec "$@"',
      'sh',
      process.execPath,
      child.file,
      'add',
      directory,
      'x',
      '1',
    ];
    const { stdout } = await startChild('sh', limited);
    expect(JSON.parse(stdout)).toMatchObject({
      code: 'storage',
      message: expect.stringContaining(store.secretsFile),
    });
    expect([readFileSync(store.configFile, 'utf8'), readFileSync(store.secretsFile, 'utf8')]).toEqual(before);
  });
});
