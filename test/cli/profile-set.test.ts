/** `profile set`: only what is given changes, and a stored secret never moves to another address. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import { type MachineHere, machineAtHome } from '../support/in-process.ts';
import { tenantServer } from '../support/tenant-server.ts';

const tenant = tenantServer();
const elsewhere = tenantServer();

/** The two files as they are; undefined where there is none. */
function filesOf({ configDirectory }: MachineHere): (string | undefined)[] {
  return ['config.json', 'secrets.json'].map((name) => {
    try {
      return readFileSync(path.join(configDirectory, name), 'utf8');
    } catch {
      return undefined;
    }
  });
}

function storedIn(on: MachineHere, name = 'prod') {
  const [config, secrets] = filesOf(on).map((text) => JSON.parse(text ?? '{"profiles":{}}').profiles[name]);
  return { config, secrets };
}

/** A machine with a profile, its password and files of fresh secrets. */
async function withProfile(...flags: readonly string[]): Promise<MachineHere> {
  const on = machineAtHome();
  for (const name of ['password', 'ticket', 'app']) {
    writeFileSync(path.join(on.home, `${name}.txt`), `new-${name}\n`, { mode: 0o600 });
  }
  const args = ['--url', 'https://crm.example.com/super', '--username', 'svc', '--password-stdin', ...flags];
  expect(await on.run(['profile', 'add', 'prod', ...args], { input: 'stored' })).toMatchObject({
    exitCode: 0,
  });
  return on;
}

describe('what is given', () => {
  test.each<[string, string[], string[], Record<string, unknown>]>([
    ['a user name', ['--username', 'jo'], ['username'], { username: 'jo' }],
    ['a language', ['--language', 'nb-NO'], ['language'], { language: 'nb-NO' }],
    [
      'a time zone',
      ['--time-zone', 'W. Europe Standard Time'],
      ['timeZone'],
      { timeZone: 'W. Europe Standard Time' },
    ],
    ['a form of durations', ['--timespan', 'iso'], ['timespan'], { timespan: 'iso' }],
    [
      'another path',
      ['--url', 'https://crm.example.com/other/api'],
      ['url'],
      { url: 'https://crm.example.com/other' },
    ],
    ['a scheme', ['--auth', 'ticket'], ['auth'], { auth: 'ticket' }],
    [
      'several',
      ['--language', 'de', '--timespan', 'iso'],
      ['language', 'timespan'],
      { language: 'de', timespan: 'iso' },
    ],
    ['what is there already', ['--username', 'svc'], [], {}],
  ])('when it is %s then that changes and nothing else', async (_, flags, changed, values) => {
    const on = await withProfile();
    const before = storedIn(on);
    expect(documentOf(await on.run(['profile', 'set', 'prod', ...flags, '-o', 'json']))).toMatchObject({
      name: 'prod',
      changed,
    });
    expect(storedIn(on)).toEqual({ config: { ...before.config, ...values }, secrets: before.secrets });
  });

  test('when it is a secret then it replaces the stored one, for the same address', async () => {
    const on = await withProfile();
    const { stdout, exitCode } = await on.run(['profile', 'set', 'prod', '--password-file', 'password.txt']);
    expect([exitCode, stdout]).toEqual([0, 'Changed profile prod: password.\n']);
    expect(storedIn(on).secrets).toEqual({ origin: 'https://crm.example.com', password: 'new-password' });
  });

  test('when it is a further secret then the stored one stays', async () => {
    const on = await withProfile();
    expect((await on.run(['profile', 'set', 'prod', '--app-token-stdin'], { input: 'app' })).exitCode).toBe(
      0,
    );
    expect(storedIn(on).secrets).toEqual({
      origin: 'https://crm.example.com',
      password: 'stored',
      appToken: 'app',
    });
  });

  test('when variables are set then they change nothing', async () => {
    const on = await withProfile();
    const before = storedIn(on);
    const env = {
      ERPSYNC_URL: 'https://env.example',
      ERPSYNC_PASSWORD: 'env',
      ERPSYNC_USERNAME: 'env',
      ERPSYNC_LANGUAGE: 'de',
    };
    expect((await on.run(['profile', 'set', 'prod', '--timespan', 'iso'], { env })).exitCode).toBe(0);
    expect(storedIn(on)).toEqual({ ...before, config: { ...before.config, timespan: 'iso' } });
  });

  test('when it shall go then it goes', async () => {
    const on = await withProfile('--language', 'de', '--time-zone', '12');
    const args = ['--unset', 'language', '--unset', 'password', '--unset', 'time-zone', '--unset', 'ticket'];
    const { stdout } = await on.run(['profile', 'set', 'prod', ...args]);
    expect(stdout).toBe('Changed profile prod: language, time-zone, password.\n');
    expect(storedIn(on)).toEqual({
      config: { url: 'https://crm.example.com/super', auth: 'basic', username: 'svc' },
      secrets: undefined,
    });
  });

  test('when a newer program stored more then that stays', async () => {
    const on = await withProfile();
    const file = path.join(on.configDirectory, 'config.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"auth"', '"transport": "soap", "auth"'));
    expect((await on.run(['profile', 'set', 'prod', '--language', 'de'])).exitCode).toBe(0);
    expect(storedIn(on).config).toMatchObject({ transport: 'soap', language: 'de' });
  });
});

describe('what is refused', () => {
  test.each<[string, string[], number, string[]]>([
    ['nothing is given', [], 2, ['nothing is given', 'profile set --help']],
    ['a value is empty', ['--language', ''], 2, ['--language cannot be used: it is empty']],
    ['a user name is empty', ['--username', ''], 2, ['--username cannot be used: it is empty']],
    ['a language ends its header', ['--language', 'en\r\nX: y'], 2, ['--language', 'header can carry']],
    ['a time zone is not ASCII', ['--time-zone', 'Zürich'], 2, ['--time-zone', 'header can carry']],
    ['a form is not known', ['--timespan', 'days'], 2, ['--timespan', '"days"', 'clock, iso']],
    ['an address is bad', ['--url', 'ftp://x'], 2, ['--url', 'not an http or https address']],
    ['http is not allowed', ['--url', 'http://crm.example.com'], 2, ['--url', 'clear', '--allow-http']],
    ['http is allowed for https', ['--allow-http'], 2, ['--allow-http', '"prod"', 'no http:// address']],
    [
      'a secret is of another scheme',
      ['--ticket-file', 'ticket.txt'],
      2,
      ['--ticket-file', 'auth basic', '--auth'],
    ],
    [
      'a thing is set and unset',
      ['--language', 'de', '--unset', 'language'],
      2,
      ['language', '--unset language'],
    ],
    [
      'a thing to unset is not known',
      ['--unset', 'colour'],
      2,
      ['--unset', '"colour"', 'time-zone', 'app-token'],
    ],
    ['the address shall go', ['--unset', 'url'], 2, ['"prod"', 'no url', '--url', '--extends']],
    ['the scheme shall go', ['--unset', 'auth'], 2, ['"prod"', 'no auth', '--auth']],
    ['the user name shall go', ['--unset', 'username'], 2, ['no user name', '--username']],
    ['a file is missing', ['--password-file', 'no.txt'], 3, ['--password-file no.txt', 'no such file']],
  ])('when %s then nothing changes', async (_, flags, exitCode, words) => {
    const on = await withProfile();
    const before = filesOf(on);
    expectRefusal(await on.run(['profile', 'set', 'prod', ...flags]), exitCode, words);
    expect(filesOf(on)).toEqual(before);
  });

  test('when no such profile is stored then the nearest is named', async () => {
    const on = await withProfile();
    expectRefusal(await on.run(['profile', 'set', 'prdo', '--language', 'de']), 3, [
      '"prdo"',
      'did you mean "prod"?',
    ]);
    expectRefusal(await machineAtHome().run(['profile', 'set', 'prod', '--language', 'de']), 3, [
      '"prod"',
      'profile add',
    ]);
  });
});

describe('another address', () => {
  const moved = ['profile', 'set', 'prod', '--url', 'https://new.example.com'];

  test('when the password does not come along then nothing changes', async () => {
    const on = await withProfile();
    const before = filesOf(on);
    // A variable is none that comes along in the call: it would be stored unseen.
    const finished = await on.run(moved, { env: { ERPSYNC_PASSWORD: 'env' } });
    expectRefusal(finished, 3, [
      'profile "prod" was not changed: its password belongs to https://crm.example.com',
      'https://new.example.com',
      '--password-file',
      '--unset password',
    ]);
    expect(filesOf(on)).toEqual(before);
  });

  test.each<[string, string]>([
    ['another port', 'https://crm.example.com:8443/super'],
    ['another scheme', 'http://crm.example.com/super'],
    ['another host', 'https://crm.example.com.evil.example/super'],
  ])('when it differs by %s then it is another one', async (_, url) => {
    const on = await withProfile();
    expectRefusal(
      await on.run([
        'profile',
        'set',
        'prod',
        '--url',
        url,
        ...(url.startsWith('http:') ? ['--allow-http'] : []),
      ]),
      3,
      ['belongs to'],
    );
  });

  test('when only one of two secrets comes along then nothing changes', async () => {
    const on = await withProfile('--app-token-file', 'app.txt');
    const before = filesOf(on);
    const finished = await on.run([...moved, '--password-file', 'password.txt']);
    expectRefusal(finished, 3, ['application token', '--app-token-file', '--unset app-token']);
    expect(filesOf(on)).toEqual(before);
  });

  test('when the secrets come along or go then the profile has moved', async () => {
    const on = await withProfile('--app-token-file', 'app.txt');
    const args = ['--password-file', 'password.txt', '--unset', 'app-token'];
    expect((await on.run([...moved, ...args])).stdout).toBe(
      'Changed profile prod: url, password, app-token.\n',
    );
    expect(storedIn(on)).toEqual({
      config: { url: 'https://new.example.com', auth: 'basic', username: 'svc' },
      secrets: { origin: 'https://new.example.com', password: 'new-password' },
    });
  });

  test('when the profile has moved then the old password goes nowhere', async () => {
    const on = machineAtHome();
    const [old, next] = [tenant(), elsewhere()];
    const login = ['--username', 'svc', '--password-stdin'];
    await on.run(['profile', 'add', 'prod', '--url', old.url, ...login], { input: 'old' });
    await on.run(['profile', 'set', 'prod', '--url', next.url, '--password-stdin'], { input: 'new' });
    expect((await on.run(['force-resync', '--from-crm', '--ids', '1'])).exitCode).toBe(0);
    expect(old.requests).toEqual([]);
    const header = `Basic ${Buffer.from('svc:new').toString('base64')}`;
    expect(next.requests.map(({ headers }) => headers['authorization'])).toEqual([header]);
  });

  test('when http was allowed then that holds for the address that it was allowed for', async () => {
    const on = machineAtHome();
    const add = ['--url', 'http://a.example/x', '--allow-http', '--auth', 'none'];
    await on.run(['profile', 'add', 'prod', ...add]);
    expect((await on.run(['profile', 'set', 'prod', '--url', 'http://a.example/y'])).exitCode).toBe(0);
    expect(storedIn(on).config).toMatchObject({ url: 'http://a.example/y', allowHttp: true });
    expectRefusal(await on.run(['profile', 'set', 'prod', '--url', 'http://b.example']), 2, [
      '--url',
      'clear',
    ]);
    expectRefusal(await on.run(['profile', 'set', 'prod', '--unset', 'allow-http']), 3, [
      'profile "prod"',
      'clear',
    ]);
    expect((await on.run(['profile', 'set', 'prod', '--url', 'https://a.example'])).exitCode).toBe(0);
    expect(storedIn(on).config).toEqual({ url: 'https://a.example', auth: 'none' });
  });
});
