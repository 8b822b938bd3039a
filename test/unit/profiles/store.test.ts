import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Profile, StoredSecrets } from '../../../src/profiles/profile.ts';
import { openProfileStore } from '../../../src/profiles/store.ts';
import { modeOf, tempDirectory } from './temp-directory.ts';

const uid = process.getuid?.();
const profile: Profile = {
  url: 'https://crm.example.com/api',
  auth: 'basic',
  username: 'adm',
  allowHttp: false,
};
const stored: StoredSecrets = {
  origin: 'https://crm.example.com:443',
  secrets: { password: 'geheim', appToken: 'app' },
};

function newStore() {
  const directory = join(tempDirectory(), 'parent', 'erpsync');
  return { directory, store: openProfileStore({ directory, uid }) };
}

describe('reading', () => {
  it('when nothing is stored then there is no profile and none is chosen', async () => {
    expect(await newStore().store.read()).toEqual({ current: undefined, profiles: new Map() });
  });

  it('when nothing is stored then there are no secrets', async () => {
    expect(await newStore().store.readSecrets('a')).toBeUndefined();
  });

  it('when nothing is stored then reading creates no directory', async () => {
    const { directory, store } = newStore();
    await store.read();
    await store.readSecrets('a');
    expect(existsSync(join(directory, '..'))).toBe(false);
  });

  it('when the directory is empty then reading creates no file', async () => {
    const { directory, store } = newStore();
    mkdirSync(directory, { recursive: true });
    await store.read();
    await store.readSecrets('a');
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe('adding', () => {
  it('when a profile is added then it is read back', async () => {
    const { store } = newStore();
    await store.add('prod', profile, stored);
    expect(await store.read()).toEqual({ current: undefined, profiles: new Map([['prod', profile]]) });
  });

  it('when a profile is added with secrets then they are read back with their origin', async () => {
    const { store } = newStore();
    await store.add('prod', profile, stored);
    expect(await store.readSecrets('prod')).toEqual(stored);
  });

  it('when a profile is added without secrets then no file of secrets is made', async () => {
    const { store } = newStore();
    await store.add('prod', { url: 'https://a', auth: 'none' }, undefined);
    expect([existsSync(store.configFile), existsSync(store.secretsFile)]).toEqual([true, false]);
  });

  it('when a profile is added then the profiles file holds no secret', async () => {
    const { store } = newStore();
    await store.add('prod', profile, stored);
    expect(readFileSync(store.configFile, 'utf8')).not.toContain('geheim');
  });

  it('when the directory is missing then it and its parent are made for the owner only', async () => {
    const { directory, store } = newStore();
    await store.add('prod', profile, stored);
    expect([modeOf(directory), modeOf(join(directory, '..'))]).toEqual(['700', '700']);
  });

  it('when files are written again and again then they stay closed to others', async () => {
    const { store } = newStore();
    for (const name of ['a', 'b', 'c']) await store.add(name, profile, stored);
    expect([modeOf(store.configFile), modeOf(store.secretsFile)]).toEqual(['600', '600']);
  });

  it('when a change is done then nothing but the two files is left', async () => {
    const { directory, store } = newStore();
    await store.add('prod', profile, stored);
    expect(readdirSync(directory).sort()).toEqual(['config.json', 'secrets.json']);
  });

  it('when the name exists then it is a usage error and nothing changes', async () => {
    const { store } = newStore();
    await store.add('prod', profile, stored);
    const again = store.add('prod', { url: 'https://other', auth: 'none' }, undefined);
    await expect(again).rejects.toMatchObject({
      code: 'usage',
      next: expect.stringContaining('profile remove prod'),
    });
    expect(await store.readSecrets('prod')).toEqual(stored);
  });

  it('when the name cannot be one then it is a usage error and nothing is created', async () => {
    const { directory, store } = newStore();
    await expect(store.add('../x', profile, stored)).rejects.toMatchObject({ code: 'usage' });
    expect(existsSync(directory)).toBe(false);
  });

  it.each(['a.b.c', 'constructor', 'toString', 'hasOwnProperty', '0'])(
    'when a profile is called %s then it is stored under exactly that name',
    async (name) => {
      const { store } = newStore();
      await store.add(name, profile, stored);
      expect([...(await store.read()).profiles.keys()]).toEqual([name]);
    },
  );

  it.each(['constructor', 'toString', '__proto__'])(
    'when nobody stored %s then it is unknown',
    async (name) => {
      const { store } = newStore();
      await store.add('prod', profile, stored);
      expect([(await store.read()).profiles.has(name), await store.readSecrets(name)]).toEqual([
        false,
        undefined,
      ]);
    },
  );
});

describe('secrets that an interrupted run left', () => {
  async function withLeftSecrets() {
    const { store } = newStore();
    await store.add('prod', profile, stored);
    writeFileSync(store.configFile, '{"schemaVersion":1,"profiles":{}}');
    return store;
  }

  it('when a profile of that name is added with secrets then they are replaced', async () => {
    const store = await withLeftSecrets();
    const fresh = { origin: 'https://other:443', secrets: { token: 't' } };
    await store.add('prod', profile, fresh);
    expect(await store.readSecrets('prod')).toEqual(fresh);
  });

  it('when a profile of that name is added without secrets then they are removed', async () => {
    const store = await withLeftSecrets();
    await store.add('prod', profile, undefined);
    expect(await store.readSecrets('prod')).toBeUndefined();
  });

  it('when that name is removed then they are removed', async () => {
    const store = await withLeftSecrets();
    await store.remove('prod');
    expect(readFileSync(store.secretsFile, 'utf8')).not.toContain('geheim');
  });
});

describe('choosing and removing', () => {
  it('when a profile is chosen then it is the current one', async () => {
    const { store } = newStore();
    await store.add('prod', profile, undefined);
    await store.use('prod');
    expect((await store.read()).current).toBe('prod');
  });

  it('when an unknown profile is chosen then the nearest one is named', async () => {
    const { store } = newStore();
    await store.add('prod', profile, undefined);
    await expect(store.use('prd')).rejects.toMatchObject({
      code: 'config',
      next: 'did you mean "prod"? See: erpsync profile list',
    });
  });

  it.each(['use', 'remove'] as const)('when nothing is stored then %s creates nothing', async (method) => {
    const { directory, store } = newStore();
    await expect(store[method]('prod')).rejects.toMatchObject({ code: 'config', exitCode: 3 });
    expect(existsSync(directory)).toBe(false);
  });

  it('when a profile is removed then it is gone and the others stay', async () => {
    const { store } = newStore();
    await store.add('a', profile, stored);
    await store.add('b', profile, stored);
    await store.remove('a');
    expect([...(await store.read()).profiles.keys()]).toEqual(['b']);
  });

  it('when a profile is removed then its secrets are gone and those of others stay', async () => {
    const { store } = newStore();
    await store.add('a', profile, stored);
    await store.add('b', profile, stored);
    await store.remove('a');
    expect([await store.readSecrets('a'), await store.readSecrets('b')]).toEqual([undefined, stored]);
  });

  it('when the chosen profile is removed then none is chosen', async () => {
    const { store } = newStore();
    await store.add('a', profile, undefined);
    await store.use('a');
    await store.remove('a');
    expect((await store.read()).current).toBeUndefined();
  });

  it('when another profile is removed then the choice stays', async () => {
    const { store } = newStore();
    await store.add('a', profile, undefined);
    await store.add('b', profile, undefined);
    await store.use('a');
    await store.remove('b');
    expect((await store.read()).current).toBe('a');
  });

  it('when an unknown profile is removed then it is a config error', async () => {
    const { store } = newStore();
    await store.add('a', profile, undefined);
    await expect(store.remove('toString')).rejects.toMatchObject({ code: 'config', exitCode: 3 });
  });
});

describe('a profile that cannot be written', () => {
  it('when its secrets were written already then they are taken back', async () => {
    const { directory, store } = newStore();
    await store.add('first', profile, undefined);
    // Where the new file is staged stands something that can be neither replaced nor removed.
    mkdirSync(join(directory, 'config.new.json', 'x'), { recursive: true });
    await expect(store.add('second', profile, stored)).rejects.toMatchObject({ code: 'storage' });
    expect(await store.readSecrets('second')).toBeUndefined();
    expect([...(await store.read()).profiles.keys()]).toEqual(['first']);
  });
});
