/** Profiles: added, listed, shown, chosen and removed, with their secrets apart and out of sight. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import { type MachineHere, machineAtHome } from '../support/in-process.ts';
import type { RunOptions } from '../support/program.ts';
import { tenantServer } from '../support/tenant-server.ts';

const tenant = tenantServer();
const none = ['--url', 'https://crm.example.com', '--auth', 'none'];
const basic = ['--url', 'https://crm.example.com', '--username', 'svc'];

async function withProfiles(...names: readonly string[]): Promise<MachineHere> {
  const on = machineAtHome();
  for (const name of names) expect((await on.run(['profile', 'add', name, ...none])).exitCode).toBe(0);
  return on;
}

function modeOf(file: string): string {
  return (statSync(file).mode & 0o777).toString(8);
}

describe('the secret of a new profile', () => {
  const secretFile = (on: MachineHere, content: string): void =>
    writeFileSync(path.join(on.home, 'secret.txt'), content, { mode: 0o600 });

  const fromFile = ['--password-file', 'secret.txt'];
  test.each<[string, string, string, string[], RunOptions]>([
    ['standard input', 'pä:ss wörd€', '', ['--password-stdin'], { input: 'pä:ss wörd€\n' }],
    ['standard input with CRLF', 'pw', '', ['--password-stdin'], { input: 'pw\r\n' }],
    ['a file', ' blanks stay ', ' blanks stay ', fromFile, {}],
    ['a file with CRLF', 'pw', 'pw\r\n', fromFile, {}],
    ['the environment', 'pw', '', [], { env: { ERPSYNC_PASSWORD: 'pw' } }],
  ])('when it comes from %s then it is stored as it is', async (_, secret, file, args, options) => {
    const on = machineAtHome();
    secretFile(on, file);
    expect(await on.run(['profile', 'add', 'a', ...basic, ...args], options)).toMatchObject({ exitCode: 0 });
    const stored = JSON.parse(readFileSync(path.join(on.configDirectory, 'secrets.json'), 'utf8'));
    expect(stored.profiles).toEqual({ a: { origin: 'https://crm.example.com', password: secret } });
  });

  test.each<[string, string, number, string[]]>([
    ['is empty', '', 2, ['--password-file secret.txt cannot be used: it is empty', 'only line']],
    ['is a line end', '\r\n', 2, ['--password-file secret.txt cannot be used: it is empty', 'only line']],
    ['has two lines', 'one\ntwo\n', 2, ['--password-file secret.txt', 'more than one line']],
    ['is far too long', 'x'.repeat(70_000), 3, ['--password-file secret.txt', '65536 bytes']],
  ])('when its file %s then it is refused and nothing is stored', async (_, content, exitCode, words) => {
    const on = machineAtHome();
    secretFile(on, content);
    expectRefusal(
      await on.run(['profile', 'add', 'a', ...basic, '--password-file', 'secret.txt']),
      exitCode,
      words,
    );
    expect(readdirSync(on.home)).toEqual(['secret.txt']);
  });

  test('when its file is missing then it is told', async () => {
    const finished = await machineAtHome().run([
      'profile',
      'add',
      'a',
      ...basic,
      '--password-file',
      'no.txt',
    ]);
    expectRefusal(finished, 3, ['--password-file no.txt', 'no such file or directory (ENOENT)']);
  });

  test('when others can read its file then a warning is told and it works', async () => {
    const on = machineAtHome();
    secretFile(on, 'pw');
    chmodSync(path.join(on.home, 'secret.txt'), 0o644);
    const { exitCode, stderr } = await on.run([
      'profile',
      'add',
      'a',
      ...basic,
      '--password-file',
      'secret.txt',
      '-q',
    ]);
    expect([exitCode, stderr]).toEqual([
      0,
      'erpsync: warning: secret.txt can be read by others; chmod 600 secret.txt\n',
    ]);
  });

  test.each<[string, string[], string[]]>([
    [
      'both flags',
      ['--password-stdin', '--password-file', 'x'],
      ['--password-stdin', '--password-file', 'give one'],
    ],
    [
      'standard input twice',
      ['--password-stdin', '--app-token-stdin'],
      ['--password-stdin', '--app-token-stdin', 'standard input'],
    ],
    [
      'another scheme',
      ['--ticket-stdin'],
      ['--ticket-stdin cannot be used: it does not go with auth basic', '--auth'],
    ],
  ])('when it is given by %s then it is refused', async (_, flags, words) => {
    const finished = await machineAtHome().run(['profile', 'add', 'a', ...basic, ...flags], {
      input: 'S3cret\n',
    });
    expect([finished.exitCode, finished.stdout]).toEqual([2, '']);
    for (const word of words) expect(finished.stderr).toContain(word);
    expect(finished.stderr).not.toContain('S3cret');
  });

  test('when it is not given then the profile is stored and says how to give it', async () => {
    const { exitCode, stdout } = await machineAtHome().run(['profile', 'add', 'a', ...basic]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/no secret.*\n.*ERPSYNC_PASSWORD.*--password-file/);
  });
});

describe('what is stored', () => {
  test('when a profile is added then only its owner can get at the files', async () => {
    const on = machineAtHome();
    await on.run(['profile', 'add', 'a', ...basic, '--password-stdin'], { input: 'pw\n' });
    const names = readdirSync(on.configDirectory).sort();
    expect(names).toEqual(['config.json', 'secrets.json']);
    const modes = names.map((name) => modeOf(path.join(on.configDirectory, name)));
    expect([modeOf(on.configDirectory), ...modes]).toEqual(['700', '600', '600']);
    expect(readFileSync(path.join(on.configDirectory, 'config.json'), 'utf8')).not.toContain('pw');
  });

  test.each(['config.json', 'secrets.json'])('when others can read %s then nothing is sent', async (name) => {
    const { url, requests } = tenant();
    const on = machineAtHome();
    await on.run(['profile', 'add', 'a', '--url', url, '--username', 'u', '--password-stdin'], {
      input: 'pw',
    });
    chmodSync(path.join(on.configDirectory, name), 0o640);
    const finished = await on.run(['force-resync', '--from-crm', '--ids', '1']);
    expectRefusal(finished, 3, [name, 'mode 0640', `chmod 600 ${path.join(on.configDirectory, name)}`]);
    expect(requests).toEqual([]);
  });

  test('when config.json is no JSON then file and line are named', async () => {
    const on = await withProfiles('a');
    const file = path.join(on.configDirectory, 'config.json');
    writeFileSync(file, '{\n  "schemaVersion": 1,\n  oops\n}\n');
    expectRefusal(await on.run(['profile', 'list']), 3, [`${file}, line 3`, 'not valid JSON', 'correct']);
  });

  test.runIf(process.getuid?.() === 0)('when config.json is not ours then it is told', async () => {
    const { chownSync } = await import('node:fs');
    const on = await withProfiles('a');
    chownSync(path.join(on.configDirectory, 'config.json'), 12_345, 12_345);
    expectRefusal(await on.run(['profile', 'list']), 3, ['config.json', '12345', 'chown 0']);
  });

  test('when the url in a file is bad then the profile is named', async () => {
    const on = machineAtHome();
    mkdirSync(on.configDirectory, { recursive: true, mode: 0o700 });
    const content = { schemaVersion: 1, profiles: { prod: { url: 'ftp://crm', auth: 'none' } } };
    writeFileSync(path.join(on.configDirectory, 'config.json'), JSON.stringify(content), { mode: 0o600 });
    const finished = await on.run(['force-resync', '--from-crm', '--ids', '1']);
    expectRefusal(finished, 3, ['profile "prod"', 'not an http or https address', 'https://']);
  });
});

describe('names', () => {
  test.each(['../x', 'a b', '.x', '__proto__'])(
    'when %j shall name a profile then the rule is told',
    async (name) => {
      const finished = await machineAtHome().run(['profile', 'add', name, ...none]);
      expectRefusal(finished, 2, [`the name ${JSON.stringify(name)} cannot be used`, 'letters, digits']);
    },
  );

  test('when a name holds dots then it can be shown, chosen and removed', async () => {
    const on = await withProfiles('crm.example.com', 'b');
    expect((await on.run(['profile', 'use', 'crm.example.com'])).exitCode).toBe(0);
    expect((await on.run(['profile', 'show'])).stdout).toContain('crm.example.com (chosen');
    expect((await on.run(['profile', 'remove', 'crm.example.com'])).exitCode).toBe(0);
    const { items } = documentOf(await on.run(['profile', 'list', '-o', 'json']));
    expect(items).toEqual([
      {
        name: 'b',
        current: false,
        extends: null,
        url: 'https://crm.example.com',
        tenant: null,
        auth: 'none',
        username: null,
        secrets: {},
        credentialCommand: false,
      },
    ]);
  });

  test('when it exists already then it stays as it is', async () => {
    const on = await withProfiles('prod');
    const args = ['profile', 'add', 'prod', '--url', 'https://b.example', '--auth', 'none'];
    expectRefusal(await on.run(args), 2, ['"prod" exists already', 'erpsync profile remove prod']);
    expect((await on.run(['profile', 'show', 'prod'])).stdout).toContain('https://crm.example.com');
  });

  test.each([
    ['show', ['profile', 'show', 'prdo']],
    ['use', ['profile', 'use', 'prdo']],
    ['remove', ['profile', 'remove', 'prdo']],
    ['--profile', ['force-resync', '--from-crm', '--ids', '1', '-p', 'prdo']],
  ])('when %s names none then the nearest is told', async (_, args) => {
    expectRefusal(await (await withProfiles('prod')).run(args), 3, [
      'no profile "prdo"',
      'did you mean "prod"?',
    ]);
  });

  test('when no profile is stored then it is told how to add one', async () => {
    const { run } = machineAtHome();
    const hint = 'erpsync profile add <name> --url';
    expect((await run(['profile', 'list'])).stdout).toContain(hint);
    expectRefusal(await run(['profile', 'show']), 3, ['there is no profile to show: none is stored', hint]);
    expectRefusal(await run(['force-resync', '--from-crm', '--ids', '1']), 3, ['no profile is stored', hint]);
  });
});

test('when every command has run then no secret is anywhere but in secrets.json', async () => {
  const on = machineAtHome();
  const { url } = tenant(() => ({ status: 401 }));
  const secrets = [
    'Sentinel-pass',
    'Sentinel-tick',
    'Sentinel-bear',
    'Sentinel-app',
    'a=Sentinel-cookie',
    'Sentinel-xsrf',
    'Sentinel-new',
  ];
  const [password = '', ticket = '', token = '', appToken = '', cookie = '', xsrfToken = '', next = ''] =
    secrets;
  const env = { ERPSYNC_APP_TOKEN: appToken };
  const resync = ['force-resync', '--from-crm', '--ids', '1', '--retries', '0'];
  const runs: [string[], { input?: string; env?: Record<string, string> }?][] = [
    [
      ['profile', 'add', 'a', '--url', url, '--username', 'u', '--password-stdin', '-o', 'json'],
      { input: password, env },
    ],
    [['profile', 'add', 'b', '--url', url, '--auth', 'ticket', '--ticket-stdin'], { input: `${ticket}\r\n` }],
    [['profile', 'add', 'c', '--url', url, '--auth', 'bearer'], { env: { ERPSYNC_TOKEN: token } }],
    [
      ['profile', 'add', 'd', '--url', url, '--auth', 'xsrf'],
      { env: { ERPSYNC_COOKIE: cookie, ERPSYNC_XSRF_TOKEN: xsrfToken } },
    ],
    [['profile', 'add', 'e', '--extends', 'a']],
    [['profile', 'list', '-o', 'json']],
    [['profile', 'show', 'a', '-o', 'json']],
    [['profile', 'show', 'd']],
    [['profile', 'show', 'e', '-o', 'json']],
    [['profile', 'set', 'c', '--token-stdin', '-o', 'json'], { input: token }],
    [['profile', 'set', 'b', '--app-token-stdin'], { input: next }],
    [['profile', 'set', 'a', '--url', 'https://other.example'], { env: { ERPSYNC_PASSWORD: next } }],
    [['profile', 'set', 'a', '--ticket-stdin'], { input: next }],
    [['profile', 'set', 'd', '--cookie-stdin'], { input: `${next} without a name` }],
    [['profile', 'rename', 'd', 'dd']],
    [['profile', 'export']],
    [['profile', 'export', 'e', '-o', 'json']],
    [['profile', 'import', '-'], { input: `{"profiles":{"x":{"password":"${next}"}}}` }],
    [['profile', 'import', '-'], { input: `{"profiles": ${next}` }],
    [['config', 'path', '-o', 'json']],
    [['config', 'explain', '-p', 'e']],
    [['config', 'explain', '-p', 'dd', '-o', 'json'], { env: { ERPSYNC_COOKIE: `${next}=` } }],
    [['config', 'explain', '-p', 'a', '--url', 'http://localhost:9', '-o', 'ndjson'], { env }],
    [['profile', 'show', 'b']],
    [['profile', 'use', 'a']],
    [[...resync, '-p', 'a']],
    [[...resync, '-p', 'b', '-o', 'json']],
    [[...resync, '-p', 'dd']],
    [[...resync, '-p', 'e', '-o', 'json']],
    [[...resync, '-p', 'e', '--url', 'http://localhost:9']],
    [[...resync, '-p', 'c', '-o', 'ndjson']],
    [[...resync, '-p', 'a', '--dry-run', '-o', 'json']],
    [[...resync, '-p', 'a', '--url', 'http://localhost:9']],
    [[...resync, '-p', 'b'], { env: { ERPSYNC_TICKET: `${ticket} with blanks` } }],
  ];
  const outputs: string[] = [];
  for (const [args, options] of runs) {
    const { stdout, stderr } = await on.run(args, options);
    outputs.push(stdout, stderr);
  }
  const files = readdirSync(on.home, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const open = files.filter(({ name }) => name !== 'secrets.json');
  const texts = [
    ...outputs,
    ...open.map(({ parentPath, name }) => readFileSync(path.join(parentPath, name), 'utf8')),
  ];
  const coded = secrets.flatMap((secret) => [secret, Buffer.from(`u:${secret}`).toString('base64')]);
  for (const text of texts) for (const secret of coded) expect(text).not.toContain(secret);
  const kept = readFileSync(path.join(on.configDirectory, 'secrets.json'), 'utf8');
  for (const secret of secrets) expect(kept).toContain(secret);
  for (const name of ['e', 'a', 'b', 'c', 'dd']) await on.run(['profile', 'remove', name]);
  expect(readFileSync(path.join(on.configDirectory, 'secrets.json'), 'utf8')).not.toContain('Sentinel');
});
