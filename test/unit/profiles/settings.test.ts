import { describe, expect, test } from 'vitest';
import type { Profile } from '../../../src/profiles/profile.ts';
import { readSetting } from '../../../src/profiles/setting-table.ts';
import { chooseProfile, resolveSettings, variable } from '../../../src/profiles/settings.ts';
import { openProfileStore } from '../../../src/profiles/store.ts';
import { tempDirectory } from './temp-directory.ts';

const profile: Profile = { url: 'https://a.example', auth: 'basic', username: 'own' };
const nothing = {
  profile: undefined,
  url: undefined,
  auth: undefined,
  username: undefined,
  allowHttp: false,
};

function stored(names: readonly string[], current?: string) {
  return { current, profiles: new Map(names.map((name) => [name, profile])) };
}

describe('the choice of a profile', () => {
  test.each<
    [
      string,
      string | undefined,
      string[],
      string | undefined,
      Record<string, string>,
      [boolean, boolean],
      string | undefined,
      string | undefined,
    ]
  >([
    ['a flag', 'b', ['a', 'b'], 'a', { ERPSYNC_PROFILE: 'a' }, [true, true], 'b', '--profile'],
    [
      'a variable',
      undefined,
      ['a', 'b'],
      'a',
      { ERPSYNC_PROFILE: 'b' },
      [true, true],
      'b',
      'ERPSYNC_PROFILE',
    ],
    ['only one stored', undefined, ['a'], undefined, {}, [false, true], 'a', 'the only profile'],
    ['profile use at a terminal', undefined, ['a', 'b'], 'b', {}, [true, true], 'b', 'profile use'],
    ['profile use for a read', undefined, ['a', 'b'], 'b', {}, [false, false], 'b', 'profile use'],
    [
      'an empty variable and only one',
      undefined,
      ['a'],
      undefined,
      { ERPSYNC_PROFILE: '' },
      [false, true],
      'a',
      'the only profile',
    ],
    ['nothing stored', undefined, [], undefined, {}, [true, true], undefined, undefined],
    [
      'an address instead',
      undefined,
      ['a', 'b'],
      'a',
      { ERPSYNC_URL: 'https://x' },
      [false, true],
      undefined,
      undefined,
    ],
  ])(
    'when there is %s then it is that',
    (_, named, names, current, environment, [atTerminal, writes], value, from) => {
      const chosen = chooseProfile(named, stored(names, current), { environment, atTerminal, writes });
      expect(chosen).toEqual(value === undefined ? undefined : { value, from });
    },
  );

  test.each<[string, string | undefined, string | undefined, string]>([
    ['a write without a terminal', undefined, 'a', '--profile or ERPSYNC_PROFILE'],
    ['none chosen', undefined, undefined, '--profile'],
    ['a chosen one that is gone', undefined, 'gone', '--profile'],
    ['an unknown name', 'bb', 'a', 'did you mean "b"'],
  ])('when there is %s then it is an error of configuration', (_, named, current, hint) => {
    const circumstances = { environment: {}, atTerminal: false, writes: true };
    expect(() => chooseProfile(named, stored(['a', 'b'], current), circumstances)).toThrow(
      expect.objectContaining({ code: 'config', next: expect.stringContaining(hint) }),
    );
  });
});

describe('effective settings', () => {
  async function resolved(
    environment: Readonly<Record<string, string>>,
    given: Partial<Parameters<typeof resolveSettings>[0]> = {},
    own: Profile = profile,
  ) {
    const store = openProfileStore({ directory: tempDirectory(), uid: undefined });
    await store.add('prod', own, undefined);
    return await resolveSettings({ ...nothing, ...given }, store, {
      environment,
      atTerminal: false,
      writes: true,
    });
  }

  const environment = {
    ERPSYNC_URL: 'https://env.example',
    ERPSYNC_AUTH: 'ticket',
    ERPSYNC_USERNAME: 'env',
    ERPSYNC_LANGUAGE: 'nb',
    ERPSYNC_TIME_ZONE: '12',
    ERPSYNC_TIMESPAN: 'iso',
  };

  test('when only the profile says something then that is it', async () => {
    expect(await resolved({})).toEqual({
      profile: { value: 'prod', from: 'the only profile' },
      address: { value: { kind: 'url', url: 'https://a.example' }, from: 'profile "prod"' },
      auth: { value: 'basic', from: 'profile "prod"' },
      username: { value: 'own', from: 'profile "prod"' },
      transport: { value: 'rest', from: 'default' },
      services: { value: '88', from: 'default' },
      soapVersion: { value: '1.1', from: 'default' },
      caFile: undefined,
      clientCert: undefined,
      clientKey: undefined,
      proxyTo: expect.any(Function),
      language: { value: 'en', from: 'default' },
      timeZone: undefined,
      timespan: { value: 'clock', from: 'default' },
      verifyTls: { value: 'yes', from: 'default' },
      rate: { value: '10', from: 'default' },
      taskName: { value: '*erp*resync*', from: 'default' },
      line: [{ name: 'prod', profile }],
    });
  });

  test('when variables are set then they go before the profile', async () => {
    expect(await resolved(environment)).toMatchObject({
      address: { value: { kind: 'url', url: 'https://env.example' }, from: 'ERPSYNC_URL' },
      auth: { value: 'ticket', from: 'ERPSYNC_AUTH' },
      username: { value: 'env', from: 'ERPSYNC_USERNAME' },
      language: { value: 'nb', from: 'ERPSYNC_LANGUAGE' },
      timeZone: { value: '12', from: 'ERPSYNC_TIME_ZONE' },
      timespan: { value: 'iso', from: 'ERPSYNC_TIMESPAN' },
    });
  });

  test('when flags are given then they go before variables', async () => {
    const given = {
      url: 'https://flag.example/',
      auth: 'none',
      username: 'flag',
      language: 'de',
      timeZone: 'UTC',
      timespan: 'clock',
    } as const;
    expect(await resolved(environment, given)).toMatchObject({
      address: { value: { kind: 'url', url: 'https://flag.example' }, from: '--url' },
      auth: { value: 'none', from: '--auth' },
      username: { value: 'flag', from: '--username' },
      language: { value: 'de', from: '--language' },
      timeZone: { value: 'UTC', from: '--time-zone' },
      timespan: { value: 'clock', from: '--timespan' },
    });
  });

  test('when the profile allows http then that holds for its own address alone', async () => {
    const own: Profile = { url: 'http://a.example', auth: 'none', allowHttp: true };
    expect((await resolved({}, {}, own)).address.value).toEqual({ kind: 'url', url: 'http://a.example' });
    await expect(resolved({ ERPSYNC_URL: 'http://b.example' }, {}, own)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('ERPSYNC_URL'),
    });
  });

  test('when nothing is stored and no address is given then it is told how to add one', async () => {
    const store = openProfileStore({ directory: tempDirectory(), uid: undefined });
    const resolving = resolveSettings(nothing, store, { environment: {}, atTerminal: true, writes: true });
    await expect(resolving).rejects.toMatchObject({
      code: 'config',
      next: expect.stringContaining('profile add'),
    });
  });
});

test.each(['Basic', 'ntlm', '', 'toString'])(
  'when %j shall be a scheme then the known ones are named',
  (value) => {
    expect(() => readSetting('auth', value, 'ERPSYNC_AUTH')).toThrow(
      `ERPSYNC_AUTH cannot be used: ${JSON.stringify(value)} is not one of basic, ticket, bearer, oidc, system-user, xsrf, none`,
    );
  },
);

test('when a variable is empty then it is not set', () => {
  expect([variable({ A: '' }, 'A'), variable({}, 'A'), variable({ A: ' ' }, 'A')]).toEqual([
    undefined,
    undefined,
    ' ',
  ]);
});
