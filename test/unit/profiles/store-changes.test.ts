import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configError } from '../../../src/errors.ts';
import type { Profile, StoredSecrets } from '../../../src/profiles/profile.ts';
import { openProfileStore } from '../../../src/profiles/store.ts';
import { startChild, useChildBundle } from './child-process.ts';
import { tempDirectory } from './temp-directory.ts';

const uid = process.getuid?.();
const profile: Profile = { url: 'https://a', auth: 'basic', username: 'adm' };
const secrets: StoredSecrets = { origin: 'https://a', secrets: { password: 'geheim' } };
const child = useChildBundle();

async function storeWith(...names: readonly string[]) {
  const directory = join(tempDirectory(), 'erpsync');
  const store = openProfileStore({ directory, uid });
  for (const name of names) await store.add(name, profile, secrets);
  return { directory, store };
}

function textsOf(store: { configFile: string; secretsFile: string }): string[] {
  return [store.configFile, store.secretsFile].map((file) => readFileSync(file, 'utf8'));
}

describe('revising', () => {
  it('when a profile is revised then it is replaced, with its secrets, and others stay', async () => {
    const { store } = await storeWith('a', 'b');
    const next: Profile = { url: 'https://b', auth: 'ticket' };
    const nextSecrets = { origin: 'https://b', secrets: { ticket: '7T:x' } };
    await store.revise('a', ({ profiles, secretsOf }) => {
      expect([profiles.get('a'), profiles.get('b'), secretsOf('a')]).toEqual([profile, profile, secrets]);
      return { profile: next, secrets: nextSecrets };
    });
    expect((await store.read()).profiles).toEqual(
      new Map([
        ['a', next],
        ['b', profile],
      ]),
    );
    expect([await store.readSecrets('a'), await store.readSecrets('b')]).toEqual([nextSecrets, secrets]);
  });

  it('when the revision throws then everything is as it was', async () => {
    const { store } = await storeWith('a');
    const before = textsOf(store);
    const failure = configError({ what: 'no', why: 'it may not', next: 'leave it' });
    await expect(
      store.revise('a', () => {
        throw failure;
      }),
    ).rejects.toBe(failure);
    expect(textsOf(store)).toEqual(before);
  });

  it.each([
    ['itself', 'a', '"a" -> "a"'],
    ['nobody', 'x', '"a" -> "x"'],
  ])('when it would extend %s then everything is as it was', async (_, base, chain) => {
    const { store } = await storeWith('a');
    const before = textsOf(store);
    const revised = store.revise('a', () => ({ profile: { ...profile, extends: base }, secrets }));
    await expect(revised).rejects.toMatchObject({ code: 'config', message: expect.stringContaining(chain) });
    expect(textsOf(store)).toEqual(before);
  });

  it('when a newer program stored a secret then it stays, but goes to no other address', async () => {
    const { store } = await storeWith('a');
    const text = readFileSync(store.secretsFile, 'utf8').replace(
      '"password"',
      '"sessionKey": "r", "password"',
    );
    writeFileSync(store.secretsFile, text);
    await store.revise('a', () => ({ profile, secrets: { ...secrets, secrets: { password: 'neu' } } }));
    expect(JSON.parse(readFileSync(store.secretsFile, 'utf8')).profiles.a).toEqual({
      origin: 'https://a',
      sessionKey: 'r',
      password: 'neu',
    });
    const moved = { profile: { ...profile, url: 'https://b' }, secrets: { ...secrets, origin: 'https://b' } };
    const message = expect.stringMatching(/"a".*sessionKey/);
    for (const after of [moved, { ...moved, secrets: undefined }]) {
      await expect(store.revise('a', () => after)).rejects.toMatchObject({ code: 'config', message });
    }
    expect(readFileSync(store.configFile, 'utf8')).not.toContain('https://b');
  });

  it('when many revisions run at once then none is lost', async () => {
    const { store } = await storeWith('a');
    await Promise.all(
      Array.from({ length: 10 }, () =>
        store.revise('a', ({ profiles }) => ({
          profile: { ...profile, username: `${profiles.get('a')?.username}+` },
          secrets,
        })),
      ),
    );
    expect((await store.read()).profiles.get('a')?.username).toBe(`adm${'+'.repeat(10)}`);
  });

  it('when a reviser is killed at any moment then no secret stands for an address that it is not for', {
    timeout: 60_000,
  }, async () => {
    const { directory, store } = await storeWith('a');
    for (let round = 0; round < 8; round++) {
      const writer = startChild(process.execPath, [child.file, 'move', directory, 'a']);
      for (let step = 0; step <= round % 4; step++) await once(writer.stdout, 'data');
      writer.kill('SIGKILL');
      await writer;
      const held = await store.readSecrets('a');
      expect(held?.secrets.password).toBe(`for ${held?.origin}`);
      expect((await store.read()).profiles.get('a')?.url).toMatch(/^https:\/\/host[01]$/);
    }
  });
});

describe('renaming', () => {
  it('when a renamer is killed at any moment then the profile has one name, its secrets and its heir', {
    timeout: 60_000,
  }, async () => {
    const { directory, store } = await storeWith('one');
    await store.add('heir', { extends: 'one' }, undefined);
    await store.use('one');
    for (let round = 0; round < 8; round++) {
      const name = [...(await store.read()).profiles.keys()].find((each) => each !== 'heir') ?? '';
      const other = name === 'one' ? 'other' : 'one';
      const writer = startChild(process.execPath, [child.file, 'swap', directory, name, other]);
      for (let step = 0; step <= round % 3; step++) await once(writer.stdout, 'data');
      writer.kill('SIGKILL');
      await writer;
      const { current, profiles } = await store.read();
      const [now = '', ...more] = [...profiles.keys()].filter((each) => each !== 'heir');
      expect(more).toEqual([]);
      expect([current, profiles.get('heir')?.extends]).toEqual([now, now]);
      expect(await store.readSecrets(now)).toEqual(secrets);
    }
  });
});

describe('adding several', () => {
  it('when the check refuses what would come of it then nothing is added', async () => {
    const { store } = await storeWith('a');
    const before = textsOf(store);
    const entries = new Map([['b', { profile: { extends: 'a' }, secrets: undefined }]]);
    const failure = configError({ what: 'no', why: 'it may not', next: 'leave it' });
    const adding = store.addAll(entries, ({ profiles, secretsOf }) => {
      expect([...profiles.keys(), secretsOf('a'), secretsOf('b')]).toEqual(['a', 'b', secrets, undefined]);
      throw failure;
    });
    await expect(adding).rejects.toBe(failure);
    expect(textsOf(store)).toEqual(before);
  });

  it('when one name is taken then none is added', async () => {
    const { store } = await storeWith('a');
    const entries = new Map(['b', 'a'].map((name) => [name, { profile, secrets }]));
    await expect(store.addAll(entries)).rejects.toMatchObject({ code: 'usage' });
    expect([...(await store.read()).profiles.keys()]).toEqual(['a']);
  });
});
