import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ErpsyncError } from '../../../src/errors.ts';
import type { Profile } from '../../../src/profiles/profile.ts';
import { openProfileStore } from '../../../src/profiles/store.ts';
import { tempDirectory } from './temp-directory.ts';

const profile: Profile = { url: 'https://a', auth: 'none' };

function storeWith(files: { config?: string; secrets?: string }) {
  const directory = tempDirectory();
  const store = openProfileStore({ directory, uid: process.getuid?.() });
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(directory, `${name}.json`), text, { mode: 0o600 });
  return store;
}

function configWith(entry: unknown): string {
  return JSON.stringify({ schemaVersion: 1, profiles: { prod: entry } });
}

function failureOf(promise: Promise<unknown>): Promise<ErpsyncError> {
  return promise.then(
    () => expect.fail('expected an error'),
    (error: ErpsyncError) => error,
  );
}

describe('broken JSON', () => {
  const broken =
    '{\n  "schemaVersion": 1,\n  "profiles": {\n    "prod": { "password": "geheim" "x" }\n  }\n}\n';

  it('when the profiles file is broken then file and line are named', async () => {
    const store = storeWith({ config: broken });
    const error = await failureOf(store.read());
    expect(error).toMatchObject({
      code: 'config',
      message: expect.stringContaining(`${store.configFile}, line 4,`),
    });
  });

  it('when the file of secrets is broken then file and line are named', async () => {
    const store = storeWith({ secrets: broken });
    const error = await failureOf(store.readSecrets('prod'));
    expect(error.message).toContain(`${store.secretsFile}, line 4,`);
  });

  it('when the file of secrets is broken then no part of the error quotes it', async () => {
    const error = await failureOf(storeWith({ secrets: broken }).readSecrets('prod'));
    expect([error.message, error.next, error.cause].join()).not.toContain('geh');
  });

  it('when a file is empty then line 1 is named', async () => {
    expect((await failureOf(storeWith({ config: '' }).read())).message).toContain('line 1,');
  });

  it('when a broken file is to be changed then it stays as it is', async () => {
    const store = storeWith({ config: broken });
    await failureOf(store.add('new', profile, undefined));
    expect(readFileSync(store.configFile, 'utf8')).toBe(broken);
  });

  it('when a file begins with a byte order mark then it is read', async () => {
    const store = storeWith({ config: `\uFEFF${configWith(profile)}` });
    expect((await store.read()).profiles.get('prod')).toEqual(profile);
  });
});

describe('schema violations', () => {
  it.each([
    ['a list', '[]', 'it holds no object'],
    ['null', 'null', 'it holds no object'],
    ['without a schema version', '{"profiles":{}}', '"schemaVersion" must be 1'],
    [
      'of a newer schema',
      '{"schemaVersion":2,"profiles":{}}',
      'its "schemaVersion" 2 is that of a newer erpsync, this one knows 1',
    ],
    ['of an older schema', '{"schemaVersion":0,"profiles":{}}', '"schemaVersion" must be 1'],
    ['without profiles', '{"schemaVersion":1}', '"profiles" must be an object'],
    ['with a list of profiles', '{"schemaVersion":1,"profiles":[]}', '"profiles" must be an object'],
    [
      'with a number as current',
      '{"schemaVersion":1,"current":1,"profiles":{}}',
      '"current" must be a string',
    ],
  ])('when the profiles file is %s then file and member are named', async (_, config, problem) => {
    const store = storeWith({ config });
    const error = await failureOf(store.read());
    expect(error).toMatchObject({ code: 'config', exitCode: 3, next: expect.stringMatching(/./) });
    expect(error.message).toBe(`${store.configFile} cannot be used: ${problem}`);
  });

  it.each([
    ['with a profile that is text', configWith('x'), 'it must be an object'],
    ['with a profile without url', configWith({ auth: 'none' }), '"url"'],
    ['with a url that is a number', configWith({ url: 1, auth: 'none' }), '"url"'],
    ['with an empty url', configWith({ url: '', auth: 'none' }), '"url"'],
    ['with an unknown auth', configWith({ url: 'https://a', auth: 'magic' }), '"auth"'],
    ['with an inherited auth', configWith({ url: 'https://a', auth: 'toString' }), '"auth"'],
    ['with a username that is null', configWith({ ...profile, username: null }), '"username"'],
    ['with an allowHttp that is text', configWith({ ...profile, allowHttp: 'yes' }), '"allowHttp"'],
  ])('when the profiles file is %s then file, profile and member are named', async (_, config, problem) => {
    const store = storeWith({ config });
    const error = await failureOf(store.read());
    expect(error).toMatchObject({
      code: 'config',
      exitCode: 3,
      next: expect.stringContaining('profile remove prod'),
    });
    expect(error.what).toBe(`profile "prod" in ${store.configFile} cannot be used`);
    expect(error.why).toContain(problem);
  });

  it.each([
    ['no origin', { password: 'geheim' }, 'origin'],
    ['a password that is a number', { origin: 'https://a:443', password: 4711 }, 'password'],
    ['a token that is a list', { origin: 'https://a:443', token: ['geheim'] }, 'token'],
  ])('when secrets have %s then the member is named without its value', async (_, entry, member) => {
    const store = storeWith({ secrets: configWith(entry) });
    const error = await failureOf(store.readSecrets('prod'));
    expect(error.message).toContain(
      `profile "prod" in ${store.secretsFile} cannot be used: "${member}" must be`,
    );
    expect([error.message, error.next, error.cause].join()).not.toMatch(/geheim|4711/);
  });

  it('when a profile is not valid then it can be removed', async () => {
    const store = storeWith({ config: configWith({ auth: 'magic' }) });
    await store.remove('prod');
    expect((await store.read()).profiles.size).toBe(0);
  });

  it('when "current" is not valid then choosing a profile repairs it', async () => {
    const store = storeWith({
      config: '{"schemaVersion":1,"current":1,"profiles":{"a":{"url":"https://a","auth":"none"}}}',
    });
    await store.use('a');
    expect((await store.read()).current).toBe('a');
  });
});

describe('what is not known here', () => {
  const newer = {
    schemaVersion: 1,
    colour: 'red',
    profiles: { prod: { ...profile, colour: 'blue', tags: ['x'] } },
  };

  it('when a profile has other members then they are not shown', async () => {
    const store = storeWith({ config: JSON.stringify(newer) });
    expect((await store.read()).profiles.get('prod')).toEqual(profile);
  });

  it('when the profiles file is rewritten then other members stay', async () => {
    const store = storeWith({ config: JSON.stringify(newer) });
    await store.add('new', profile, undefined);
    const profiles = { ...newer.profiles, new: profile };
    expect(JSON.parse(readFileSync(store.configFile, 'utf8'))).toEqual({ ...newer, profiles });
  });

  it('when the file of secrets is rewritten then other members stay', async () => {
    const store = storeWith({ secrets: configWith({ origin: 'https://a:443', cookie: 'c' }) });
    await store.add('new', profile, { origin: 'https://b:443', secrets: { token: 't' } });
    expect(JSON.parse(readFileSync(store.secretsFile, 'utf8'))).toEqual({
      schemaVersion: 1,
      profiles: {
        prod: { origin: 'https://a:443', cookie: 'c' },
        new: { origin: 'https://b:443', token: 't' },
      },
    });
  });
});

describe('names of the object prototype', () => {
  const text =
    '{"schemaVersion":1,"__proto__":{"x":1},"profiles":{"__proto__":{"url":"https://p","auth":"none"}}}';

  it('when a profile is called __proto__ then it is a profile like any other', async () => {
    const { profiles } = await storeWith({ config: text }).read();
    expect([...profiles]).toEqual([['__proto__', { url: 'https://p', auth: 'none' }]]);
  });

  it('when a file with __proto__ is rewritten then it stays', async () => {
    const store = storeWith({ config: text });
    await store.add('constructor', profile, undefined);
    expect([...(await store.read()).profiles.keys()]).toEqual(['__proto__', 'constructor']);
  });

  it('when a profile inherits its members then they do not count', async () => {
    const store = storeWith({
      config: configWith(0).replace('0', '{"__proto__":{"url":"https://p","auth":"none"}}'),
    });
    expect((await failureOf(store.read())).message).toMatch(
      /^profile "prod" in .*config\.json cannot be used: "url" must be an address$/,
    );
  });
});
