/** `config explain` and `config path`: what holds, and where it came from, without a request or a secret. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import { type MachineHere, machineHere } from '../support/in-process.ts';
import type { RunOptions } from '../support/program.ts';
import { tenantServer } from '../support/tenant-server.ts';

const tenant = tenantServer();
const elsewhere = tenantServer();

interface Row {
  readonly setting: string;
  readonly value: string | null;
  readonly from: string | null;
  readonly problem: string | null;
}

async function explained(on: MachineHere, args: readonly string[] = [], options: RunOptions = {}) {
  const finished = await on.run(['config', 'explain', '-o', 'json', ...args], options);
  expect(finished).toMatchObject({ exitCode: 0, stderr: '' });
  const rows = documentOf(finished)['items'] as Row[];
  return Object.fromEntries(rows.map((row) => [row.setting, row]));
}

/** A machine with `app`, which has a password and an application token, and `t`, which extends it. */
async function withProfiles(url: string): Promise<MachineHere> {
  const on = machineHere();
  const app = [
    '--url',
    url,
    '--username',
    'svc',
    '--password-stdin',
    '--language',
    'nb',
    '--timespan',
    'iso',
  ];
  const options = { input: 'S3cret', env: { ERPSYNC_APP_TOKEN: 'App-token' } };
  expect(await on.run(['profile', 'add', 'app', ...app], options)).toMatchObject({ exitCode: 0 });
  expect(await on.run(['profile', 'add', 't', '--extends', 'app', '--time-zone', '12'])).toMatchObject({
    exitCode: 0,
  });
  return on;
}

describe.concurrent('config path', () => {
  test('when nothing is stored then the paths are told all the same, and nothing is made', async () => {
    const on = machineHere();
    const paths = ['config.json', 'secrets.json'].map((name) => path.join(on.configDirectory, name));
    expect((await on.run(['config', 'path'])).stdout).toBe(`${paths.join('\n')}\n`);
    const [configFile, secretsFile] = paths;
    expect(documentOf(await on.run(['config', 'path', '-o', 'json']))).toMatchObject({
      configFile,
      secretsFile,
    });
    expect((await on.run(['profile', 'list'])).stdout).toContain('No profile is stored');
  });

  test.each<[string, string[], Record<string, string>]>([
    ['--config-dir', ['--config-dir', '/a/b'], { ERPSYNC_CONFIG_DIR: '/c', XDG_CONFIG_HOME: '/d' }],
    ['ERPSYNC_CONFIG_DIR', [], { ERPSYNC_CONFIG_DIR: '/a/b', XDG_CONFIG_HOME: '/d' }],
    ['XDG_CONFIG_HOME', [], { XDG_CONFIG_HOME: '/a' }],
  ])('when %s names the directory then that is it, and is told', async (from, args, env) => {
    const on = machineHere();
    const directory = from === 'XDG_CONFIG_HOME' ? '/a/erpsync' : '/a/b';
    expect((await on.run(['config', 'path', ...args], { env })).stdout).toContain(
      `${directory}/config.json\n`,
    );
    expect((await explained(on, args, { env }))['configDir']).toMatchObject({ value: directory, from });
  });
});

describe.concurrent('config explain', () => {
  test('when nothing is stored or given then it tells the defaults and what is not set', async () => {
    const on = machineHere();
    const { configDir, ...rows } = await explained(on);
    expect(configDir).toMatchObject({ value: on.configDirectory, from: 'default' });
    expect(
      Object.values(rows).map(({ setting, value, from, problem }) => [setting, value, from, problem]),
    ).toEqual([
      ['profile', null, null, null],
      ['url', null, null, null],
      ['auth', 'basic', 'default', null],
      ['username', null, null, null],
      ['clientId', null, null, null],
      ['transport', 'rest', 'default', null],
      ['services', '88', 'default', null],
      ['soapVersion', '1.1', 'default', null],
      ['caFile', null, null, null],
      ['clientCert', null, null, null],
      ['clientKey', null, null, null],
      ['proxy', null, null, null],
      ['verifyTls', 'yes', 'default', null],
      ['store', 'file', 'default', null],
      ['language', 'en', 'default', null],
      ['timeZone', null, null, null],
      ['timespan', 'clock', 'default', null],
      ['rate', '10', 'default', null],
      ['taskName', '*erp*resync*', 'default', null],
      ['allowHttp', 'false', 'default', null],
      ['timeout', '100s', 'default', null],
      ['retries', '4', 'default', null],
      ['password', null, null, null],
      ['appToken', null, null, null],
    ]);
  });

  test('when each setting comes from another place then each place is told', async () => {
    const { url, requests } = tenant();
    const on = await withProfiles(url);
    const env = { ERPSYNC_PROFILE: 't', ERPSYNC_LANGUAGE: 'de', ERPSYNC_PASSWORD: 'Env-secret' };
    const rows = await explained(on, ['--username', 'jo', '--retries', '2', '--timeout', '5s'], { env });
    const origin = new URL(url).origin;
    expect(
      Object.values(rows).map(({ setting, value, from, problem }) => [setting, value, from, problem]),
    ).toEqual([
      ['configDir', on.configDirectory, 'default', null],
      ['profile', 't', 'ERPSYNC_PROFILE', null],
      ['extends', 'app', 'profile "t"', null],
      ['url', url, 'profile "app"', null],
      ['auth', 'basic', 'profile "app"', null],
      ['username', 'jo', '--username', null],
      ['clientId', null, null, null],
      ['transport', 'rest', 'default', null],
      ['services', '88', 'default', null],
      ['soapVersion', '1.1', 'default', null],
      ['caFile', null, null, null],
      ['clientCert', null, null, null],
      ['clientKey', null, null, null],
      ['proxy', null, null, null],
      ['verifyTls', 'yes', 'default', null],
      ['store', 'file', 'default', null],
      ['language', 'de', 'ERPSYNC_LANGUAGE', null],
      ['timeZone', '12', 'profile "t"', null],
      ['timespan', 'iso', 'profile "app"', null],
      ['rate', '10', 'default', null],
      ['taskName', '*erp*resync*', 'default', null],
      ['allowHttp', 'false', 'default', null],
      ['timeout', '5s', '--timeout', null],
      ['retries', '2', '--retries', null],
      ['password', 'from ERPSYNC_PASSWORD', 'ERPSYNC_PASSWORD', null],
      ['appToken', `stored (file), for ${origin}`, 'profile "app"', null],
    ]);
    expect(requests).toEqual([]);
  });

  test('when it is shown to people then it is a table, with not set where nothing is', async () => {
    const { url } = tenant();
    const on = await withProfiles(url);
    const { stdout } = await on.run(['config', 'explain', '-p', 'app']);
    expect(stdout).toMatch(/^SETTING +VALUE +FROM$/m);
    expect(stdout).toMatch(/^profile +app +--profile$/m);
    expect(stdout).toMatch(/^timeZone +not set$/m);
    expect(stdout).toMatch(/^password +stored \(file\), for http:\/\/127\.0\.0\.1:\d+ +profile "app"$/m);
    expect(stdout).not.toMatch(/S3cret|App-token/);
  });

  test('when a stored secret does not belong to the address then it says so, and the command refuses', async () => {
    const [own, other] = [tenant(), elsewhere()];
    const on = await withProfiles(own.url);
    const env = { ERPSYNC_URL: other.url, ERPSYNC_PROFILE: 't' };
    const { password, appToken, url } = await explained(on, [], { env });
    expect(url).toMatchObject({ value: other.url, from: 'ERPSYNC_URL', problem: null });
    for (const row of [password, appToken]) {
      expect(row?.problem).toMatch(
        /that "t" inherits from profile "app" belongs to http.*, but ERPSYNC_URL says/,
      );
    }
    const shown = await on.run(['config', 'explain'], { env });
    expect(shown.stdout).toMatch(
      /\n\npassword: the password that "t" inherits.*\nappToken: the application token/,
    );
    const finished = await on.run(['force-resync', '--from-crm', '--ids', '1'], { env });
    expectRefusal(finished, 3, [password?.problem ?? 'a problem']);
    expect([own.requests, other.requests]).toEqual([[], []]);
  });

  test('when flags give secrets then their files are named and not read', async () => {
    const rows = await explained(machineHere(), [
      '--auth',
      'xsrf',
      '--cookie-file',
      'no.txt',
      '--xsrf-token-stdin',
    ]);
    expect([rows['cookie'], rows['xsrfToken']]).toMatchObject([
      { value: 'from --cookie-file no.txt', from: '--cookie-file no.txt' },
      { value: 'from --xsrf-token-stdin', from: '--xsrf-token-stdin' },
    ]);
  });

  test('when a stored secret is of another scheme then it says that it is not sent', async () => {
    const on = await withProfiles(tenant().url);
    const { password, ticket } = await explained(on, ['-p', 'app', '--auth', 'ticket']);
    expect(password?.value).toMatch(/^stored \(file\), for http.* \(not sent with this auth\)$/);
    expect(ticket).toMatchObject({ value: null, from: null });
  });

  test.each<[string, string[], Record<string, string>, string, string]>([
    ['a scheme is not known', [], { ERPSYNC_AUTH: 'magic' }, 'auth', '"magic" is not one of basic'],
    ['an address is bad', [], { ERPSYNC_URL: 'https://u:Sentinel@x' }, 'url', 'user name or password'],
    ['http is not allowed', ['--url', 'http://x.example'], {}, 'url', '--allow-http'],
    ['a rate is no number', [], { ERPSYNC_RATE: '1.5' }, 'rate', 'a whole number from 0 to 10000'],
    ['a form is not known', [], { ERPSYNC_TIMESPAN: 'x' }, 'timespan', 'one of clock, iso'],
  ])('when %s then that setting says so and the others are told', async (_, args, env, setting, words) => {
    const rows = await explained(machineHere(), args, { env });
    expect(rows[setting]).toMatchObject({ value: null, problem: expect.stringContaining(words) });
    expect(rows['language']).toMatchObject({ value: 'en', problem: null });
    expect(JSON.stringify(rows)).not.toContain('Sentinel');
  });

  test('when several profiles are stored then it says what a command that writes would say', async () => {
    const on = await withProfiles(tenant().url);
    expect((await explained(on))['profile']).toMatchObject({
      value: null,
      problem: expect.stringContaining('no profile is named: several are stored (app, t)'),
    });
    await on.run(['profile', 'use', 't']);
    expect((await explained(on))['profile']).toMatchObject({
      value: 't',
      from: 'profile use',
      problem: expect.stringContaining('without a terminal'),
    });
  });

  test('when a chain is broken then it says so and tells what is left', async () => {
    const on = await withProfiles(tenant().url);
    const profiles = { t: { extends: 'gone', language: 'de' } };
    writeFileSync(
      path.join(on.configDirectory, 'config.json'),
      JSON.stringify({ schemaVersion: 1, profiles }),
      {
        mode: 0o600,
      },
    );
    const rows = await explained(on);
    expect(rows['extends']).toMatchObject({
      value: 'gone',
      problem: expect.stringContaining('"t" -> "gone"'),
    });
    expect([rows['language'], rows['url']]).toMatchObject([{ value: 'de' }, { value: null }]);
  });

  test('when a named profile is not stored then it stops as every command does', async () => {
    expectRefusal(await machineHere().run(['config', 'explain', '-p', 'x']), 3, ['no profile "x"']);
  });
});
