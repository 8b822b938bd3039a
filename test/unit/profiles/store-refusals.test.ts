import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Profile } from '../../../src/profiles/profile.ts';
import { openProfileStore } from '../../../src/profiles/store.ts';
import { startChild, unprivileged, useChildBundle } from './child-process.ts';
import { tempDirectory } from './temp-directory.ts';

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
    const message = `${store.configFile} cannot be read: permission denied (EACCES)`;
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
    expect(readdirSync(directory).sort()).toEqual(['config.json', 'secrets.json']);
  });
});
