/** Profiles under another name, and on another machine: `profile rename`, `export` and `import`. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import { type MachineHere as Here, machineHere } from '../support/in-process.ts';

import { tenantServer } from '../support/tenant-server.ts';

const tenant = tenantServer();

function stored(on: Here, name: 'config' | 'secrets') {
  return JSON.parse(readFileSync(path.join(on.configDirectory, `${name}.json`), 'utf8'));
}

/** A machine with the profiles `app` (with an application token and a password), `t` that extends it, and `other`. */
async function withProfiles(url = 'https://crm.example.com'): Promise<Here> {
  const on = machineHere();
  const login = ['--username', 'svc', '--password-stdin'];
  const runs: [string[], string, Record<string, string>][] = [
    [
      ['add', 'app', '--url', url, ...login, '--language', 'nb'],
      'S3cret',
      { ERPSYNC_APP_TOKEN: 'App-token' },
    ],
    [['add', 't', '--extends', 'app', '--time-zone', '12'], '', {}],
    [['add', 'other', '--url', 'https://other.example.com', '--auth', 'none'], '', {}],
    [['use', 'app'], '', {}],
  ];
  for (const [args, input, env] of runs) {
    expect(await on.run(['profile', ...args], { input, env })).toMatchObject({ exitCode: 0 });
  }
  return on;
}

describe.concurrent('profile rename', () => {
  test('when a profile gets another name then all that belongs to it follows', async () => {
    const { url, requests } = tenant();
    const on = await withProfiles(url);
    const before = { config: stored(on, 'config'), secrets: stored(on, 'secrets') };
    const { stdout } = await on.run(['profile', 'rename', 'app', 'base.1']);
    expect(stdout).toBe('Profile app is now called base.1.\n');
    const { app, t, other } = before.config.profiles;
    expect(stored(on, 'config')).toEqual({
      ...before.config,
      current: 'base.1',
      profiles: { 'base.1': app, t: { ...t, extends: 'base.1' }, other },
    });
    expect(Object.keys(stored(on, 'config').profiles)).toEqual(['base.1', 't', 'other']);
    expect(stored(on, 'secrets').profiles).toEqual({ 'base.1': before.secrets.profiles.app });
    expect((await on.run(['force-resync', '--from-crm', '--ids', '1', '-p', 't'])).exitCode).toBe(0);
    expect(requests[0]?.headers).toMatchObject({ 'so-apptoken': 'App-token' });
  });

  test.each<[string, string[], number, string[]]>([
    ['the new name is taken', ['app', 'other'], 2, ['"other" exists already', 'profile remove other']],
    ['the new name cannot be one', ['app', '../x'], 2, ['the name "../x" cannot be used', 'letters, digits']],
    [
      'the new name is the old one',
      ['app', 'app'],
      2,
      ['profile "app" cannot be renamed: that is its name already'],
    ],
    ['the new name is missing', ['app'], 2, ['is missing']],
    ['no such profile is stored', ['ap', 'x'], 3, ['"ap"', 'did you mean "app"?']],
  ])('when %s then nothing changes', async (_, names, exitCode, words) => {
    const on = await withProfiles();
    const before = [stored(on, 'config'), stored(on, 'secrets')];
    expectRefusal(await on.run(['profile', 'rename', ...names]), exitCode, words);
    expect([stored(on, 'config'), stored(on, 'secrets')]).toEqual(before);
  });

  test('when secrets of an earlier profile lie under the new name then they are not taken over', async () => {
    const on = await withProfiles();
    const file = path.join(on.configDirectory, 'secrets.json');
    const text = readFileSync(file, 'utf8');
    writeFileSync(
      file,
      text.replace('"profiles": {', '"profiles": { "left": { "origin": "https://x", "token": "old" },'),
    );
    expect((await on.run(['profile', 'rename', 'other', 'left'])).exitCode).toBe(0);
    expect(Object.keys(stored(on, 'secrets').profiles)).toEqual(['app']);
  });
});

describe.concurrent('profile export', () => {
  const app = { url: 'https://crm.example.com', auth: 'basic', username: 'svc', language: 'nb' };
  const t = { extends: 'app', timeZone: '12' };
  const other = { url: 'https://other.example.com', auth: 'none' };

  test.each<[string, string[], Record<string, unknown>]>([
    ['none is named', [], { app, t, other }],
    ['one is named', ['other'], { other }],
    ['several are named', ['other', 'app'], { app, other }],
    ['one extends another', ['t'], { app, t }],
  ])('when %s then these are written, without any secret', async (_, names, profiles) => {
    const { stdout } = await (await withProfiles()).run(['profile', 'export', ...names]);
    expect(JSON.parse(stdout)).toEqual({ schemaVersion: 1, profiles });
    expect(stdout).not.toMatch(/S3cret|App-token/);
  });

  test('when it is asked for as a document then it is the same with its command', async () => {
    const finished = await (await withProfiles()).run(['profile', 'export', 'other', '-o', 'json']);
    expect(documentOf(finished)).toEqual({
      schemaVersion: 1,
      command: 'profile export',
      profiles: { other },
    });
  });

  test('when one comes along unnamed then it is told, but not on stdout', async () => {
    const { stderr } = await (await withProfiles()).run(['profile', 'export', 't']);
    expect(stderr).toBe('With app, extended by what was named.\n');
  });

  test('when a secret was written into the file of profiles by hand then it stays there', async () => {
    const on = await withProfiles();
    const file = path.join(on.configDirectory, 'config.json');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('"auth": "none"', '"auth": "none", "password": "Sentinel"'));
    expect((await on.run(['profile', 'export'])).stdout).not.toContain('Sentinel');
    writeFileSync(file, text.replace('https://other', 'https://u:Sentinel@other'));
    const finished = await on.run(['profile', 'export']);
    expectRefusal(finished, 3, ['profile "other"', 'user name or password']);
    expect(finished.stderr).not.toContain('Sentinel');
  });

  test('when a name is not stored then the nearest is told', async () => {
    expectRefusal(await (await withProfiles()).run(['profile', 'export', 'othr']), 3, [
      'did you mean "other"?',
    ]);
  });
});

const minimal = { url: 'https://new.example.com', auth: 'none' };

/** An import of a document from standard input, on a machine with profiles. */
async function imported(profiles: unknown, flags: readonly string[] = [], on?: Here) {
  const target = on ?? (await withProfiles());
  const document = typeof profiles === 'string' ? profiles : JSON.stringify({ schemaVersion: 1, profiles });
  const before = stored(target, 'config').profiles;
  const finished = await target.run(['profile', 'import', '-', ...flags], { input: document });
  return { on: target, finished, before };
}

describe.concurrent('profile import', () => {
  test('when an export was written as YAML then it is read, too, from a file and from standard input', async () => {
    const from = await withProfiles();
    const timeZone = ['profile', 'set', 'other', '--time-zone', '0777', '--username', 'no'];
    expect((await from.run(timeZone)).exitCode).toBe(0);
    const { stdout } = await from.run(['profile', 'export', '-o', 'yaml']);
    expect(stdout).toMatch(/^schemaVersion: 1$/m);
    const [one, two] = [machineHere(), machineHere()];
    const file = path.join(one.home, 'profiles.yaml');
    writeFileSync(file, `\uFEFF---\n# from the other machine\n${stdout.replaceAll('\n', '\r\n')}`);
    expect(await one.run(['profile', 'import', file])).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await two.run(['profile', 'import', '-'], { input: stdout })).toMatchObject({ exitCode: 0 });
    const { profiles } = stored(from, 'config');
    expect([stored(one, 'config').profiles, stored(two, 'config').profiles]).toEqual([profiles, profiles]);
  });

  test('when an export is imported elsewhere then the profiles are the same, and what is missing is told', async () => {
    const from = await withProfiles();
    const { stdout } = await from.run(['profile', 'export']);
    const to = machineHere();
    writeFileSync(path.join(to.home, 'profiles.json'), stdout);
    const finished = await to.run(['profile', 'import', path.join(to.home, 'profiles.json')]);
    expect(finished).toMatchObject({ exitCode: 0, stderr: '' });
    expect(finished.stdout).toBe(
      [
        'Imported 3 profiles, without secrets: app, t, other.',
        'Profile app has no password: give it at each call with ERPSYNC_PASSWORD, or store it: erpsync profile set app --password-file <file>',
        'Profile t has no password: give it at each call with ERPSYNC_PASSWORD, or store it: erpsync profile set t --password-file <file>\n',
      ].join('\n'),
    );
    expect(stored(to, 'config').profiles).toEqual(stored(from, 'config').profiles);
    expect((await to.run(['profile', 'export'])).stdout).toBe(stdout);
  });

  test('when a profile extends a stored one of the same address then it has its secrets', async () => {
    const { finished } = await imported({ t2: { extends: 'app', url: 'https://crm.example.com/t2' } }, [
      '-o',
      'json',
    ]);
    expect(documentOf(finished)).toMatchObject({ imported: [{ name: 't2', missing: [] }], dropped: [] });
  });

  test.each<[string, unknown, number, string[]]>([
    ['a name exists', { new: minimal, other: minimal }, 2, ['"other" exists already']],
    ['several names exist', { t: minimal, new: minimal, other: minimal }, 2, ['"t", "other" exist already']],
    [
      'a name cannot be one',
      { new: minimal, '../x': minimal },
      2,
      ['the name "../x" in standard input cannot be used'],
    ],
    ['a member is not known', { new: { ...minimal, colour: 'red' } }, 3, ['profile "new"', '"colour"']],
    ['a member is a secret', { new: { ...minimal, password: 'Sentinel' } }, 3, ['"password"', 'profile set']],
    [
      'a scheme is not known',
      { new: { ...minimal, auth: 'magic' } },
      3,
      ['profile "new" in standard input cannot be used: "auth"', 'basic'],
    ],
    ['a member has another type', { new: { ...minimal, allowHttp: 'yes' } }, 3, ['"allowHttp"', 'boolean']],
    [
      'a header would end',
      { new: { ...minimal, language: 'a\nb' } },
      3,
      ['profile "new" in standard input cannot be used: "language"'],
    ],
    [
      'an address holds a password',
      { new: { ...minimal, url: 'https://u:Sentinel@x.example' } },
      3,
      ['user name or password'],
    ],
    ['a profile is no object', { new: 1 }, 3, ['profile "new"', 'object']],
    ['one extends nobody', { new: { extends: 'nobody' } }, 3, ['no profile "nobody"', '"new" -> "nobody"']],
    [
      'they extend each other',
      { a: { extends: 'b' }, b: { extends: 'a' } },
      3,
      ['circle', '"a" -> "b" -> "a"'],
    ],
    [
      'it would take a secret to another address',
      { new: { extends: 'app', url: 'https://evil.example' } },
      3,
      [
        '"new" inherits from profile "app" belongs to https://crm.example.com',
        'https://evil.example',
        'nothing was imported',
      ],
    ],
    ['it is no JSON', '{"schemaVersion": 1,\n Sentinel', 3, ['standard input, line 2', 'not valid JSON']],
    [
      'it is no YAML',
      'schemaVersion: 1\nprofiles:\n  a: "Sentinel\n',
      3,
      ['standard input, line ', 'not valid YAML'],
    ],
    [
      'its YAML says something twice',
      'profiles: {}\nprofiles: {}\n',
      3,
      ['standard input, line 2', 'not valid YAML'],
    ],
    [
      'its YAML grows without end',
      `a: &a [x,x]\n${'bcdefghijk'
        .split('')
        .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[index]}`)}]`)
        .join('\n')}`,
      3,
      ['standard input', 'not valid YAML'],
    ],
    ['its YAML has several documents', 'schemaVersion: 1\n---\nprofiles: {}\n', 3, ['not valid YAML']],
    [
      'its YAML has other types',
      'schemaVersion: 1\nprofiles: {new: {url: 1}}\n',
      3,
      ['"url" must be a string'],
    ],
    ['it is any text', 'Sentinel', 3, ['standard input cannot be used: it holds no object']],
    ['it is no object', '[]', 3, ['standard input cannot be used: it holds no object']],
    ['it is something else', '{"items": []}', 3, ['standard input', '"items"']],
    [
      'its version is not known',
      '{"schemaVersion": 2, "profiles": {}}',
      3,
      ['standard input', '"schemaVersion": 1'],
    ],
    ['it is empty', '', 3, ['standard input cannot be used: it is empty']],
  ])('when %s then nothing is imported', async (_, profiles, exitCode, words) => {
    const { on, finished, before } = await imported(profiles);
    expectRefusal(finished, exitCode, words);
    expect(finished.stderr).not.toContain('Sentinel');
    expect(stored(on, 'config').profiles).toEqual(before);
  });

  test('when the file is missing or a directory then it is told', async () => {
    const on = machineHere();
    expectRefusal(await on.run(['profile', 'import', 'no.json']), 3, ['no.json', 'no such file']);
    expectRefusal(await on.run(['profile', 'import', '/']), 3, ['/ cannot be read', 'EISDIR']);
  });

  test('when it would weaken the network then that is left out and named, unless it is trusted', async () => {
    const risky = { a: { ...minimal, url: 'http://a.example', allowHttp: true }, b: minimal };
    const { on, finished } = await imported(risky, ['-o', 'json']);
    expect(finished.stderr).toMatch(
      /^erpsync: left out allowHttp of profile "a".*--trust.*profile set a --allow-http\n$/,
    );
    expect(documentOf(finished)).toMatchObject({ dropped: [{ profile: 'a', member: 'allowHttp' }] });
    expect(stored(on, 'config').profiles.a).toEqual({ url: 'http://a.example', auth: 'none' });
    const resync = ['force-resync', '--from-crm', '--ids', '1', '--no-check', '--dry-run', '-p', 'a'];
    expectRefusal(await on.run(resync), 3, ['profile "a"', 'clear']);
    expect((await on.run(['profile', 'set', 'a', '--allow-http'])).exitCode).toBe(0);
    expect((await on.run(resync)).exitCode).toBe(0);
    const trusted = await imported({ c: risky.a }, ['--trust']);
    expect(trusted.finished).toMatchObject({ exitCode: 0, stderr: '' });
    expect(stored(trusted.on, 'config').profiles.c).toEqual(risky.a);
  });

  test('when secrets of an earlier profile lie under a name then they are not taken over', async () => {
    const on = await withProfiles();
    const file = path.join(on.configDirectory, 'secrets.json');
    const left = '"profiles": { "new": { "origin": "https://new.example.com", "appToken": "old" },';
    writeFileSync(file, readFileSync(file, 'utf8').replace('"profiles": {', left));
    expect((await imported({ new: minimal }, [], on)).finished.exitCode).toBe(0);
    expect(Object.keys(stored(on, 'secrets').profiles)).toEqual(['app']);
  });
});
