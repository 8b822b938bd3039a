/** Secrets from a program of the user: what it is asked, what it may print, when it is asked again, where they may go. */
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import { type MachineHere, machineHere } from '../support/in-process.ts';
import { machine } from '../support/program.ts';
import { startSandbox } from '../support/sandbox.ts';
import { healthy, type Received, tenantServer } from '../support/tenant-server.ts';

type OnMachine = Pick<MachineHere, 'home' | 'configDirectory' | 'run'>;

const tenant = tenantServer();
const resync = ['force-resync', '--from-crm', '--no-check'];
const one = [...resync, '--ids', '1'];

function basic(password: string): string {
  return `Basic ${Buffer.from(`svc:${password}`).toString('base64')}`;
}

function printed(secrets: Readonly<Record<string, string>>, expiresAt?: string): string {
  return JSON.stringify({ version: 1, secrets, ...(expiresAt && { expiresAt }) });
}

const inAnHour = (): string => new Date(Date.now() + 3_600_000).toISOString();

/** A script that notes each of its runs, and then does something. */
function script(on: OnMachine, lines: string): readonly string[] {
  const file = path.join(on.home, 'vault');
  writeFileSync(file, `#!/bin/sh\necho run >> '${on.home}/runs'\n${lines}\n`);
  chmodSync(file, 0o700);
  return [file];
}

/** A script that prints the next one of several texts at each run, and the last one from then on. */
function printing(on: OnMachine, ...texts: readonly string[]): readonly string[] {
  for (const [index, text] of texts.entries()) writeFileSync(path.join(on.home, `answer${index + 1}`), text);
  return script(
    on,
    `n=$(wc -l < '${on.home}/runs')\n[ "$n" -gt ${texts.length} ] && n=${texts.length}\ncat "${on.home}/answer$((n))"`,
  );
}

function runsOf(on: OnMachine): number {
  const file = path.join(on.home, 'runs');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').length : 0;
}

async function add(on: OnMachine, url: string, argv: readonly string[], more: readonly string[] = []) {
  const command = ['--credential-command', JSON.stringify(argv)];
  const finished = await on.run([
    'profile',
    'add',
    'p',
    '--url',
    url,
    '--username',
    'svc',
    ...command,
    ...more,
  ]);
  expect(finished).toMatchObject({ exitCode: 0, stderr: '' });
  return finished;
}

function authorizations(requests: readonly Received[]): readonly unknown[] {
  return requests.map(({ headers }) => headers['authorization']);
}

/** A server that accepts one password. */
function accepting(password: string) {
  return (request: Received) =>
    request.headers['authorization'] === basic(password) ? healthy(request) : { status: 401 };
}

describe.concurrent('a credential command', () => {
  test('when a secret is needed then it is run without a shell, with our environment and an empty input', async () => {
    const on = machineHere();
    const { url, requests } = tenant();
    const [program = ''] = script(
      on,
      `cd '${on.home}'; printf '%s|' "$@" > seen; wc -c >> seen; echo "$ERPSYNC_TICKET" >> seen; echo 'for people' >&2\nprintf '%s' '${printed({ password: 'Va-ult', appToken: 'App-1' })}'`,
    );
    const added = await add(on, url, [program, 'a b', '$HOME; touch x']);
    expect(added.stdout).toBe(`Stored profile p for ${url} (auth basic, credential command).\n`);
    const finished = await on.run([...one, '-q'], { env: { ERPSYNC_TICKET: '7T:env' } });
    expect(finished).toMatchObject({ exitCode: 0, stderr: 'for people\n' });
    expect(requests[0]?.headers).toMatchObject({ authorization: basic('Va-ult'), 'so-apptoken': 'App-1' });
    expect(readFileSync(path.join(on.home, 'seen'), 'utf8')).toBe('a b|$HOME; touch x|0\n7T:env\n');
    expect(existsSync(path.join(on.configDirectory, 'credentials.json'))).toBe(false);
  });

  test('when it gives no expiry then each command asks it once, for all of its requests', async () => {
    const on = machineHere();
    const { url, requests } = tenant();
    await add(on, url, printing(on, printed({ password: 'Va-ult' })));
    const keys = ['--ids', '1-8', '--chunk-size', '1', '--rate', '0'];
    expect((await on.run([...resync, ...keys])).exitCode).toBe(0);
    expect([requests.length, runsOf(on)]).toEqual([8, 1]);
    expect((await on.run(one)).exitCode).toBe(0);
    expect(runsOf(on)).toBe(2);
  });

  test('when eight commands need what expires then it is asked once for all of them, and when it has expired, again', async () => {
    const on = machine();
    const { url } = tenant();
    await add(on, url, printing(on, printed({ password: 'Va-ult' }, inAnHour())));
    const eight = Array.from({ length: 8 }, () => on.run([...one, '--no-lock']));
    expect((await Promise.all(eight)).map(({ exitCode }) => exitCode)).toEqual(Array(8).fill(0));
    expect(runsOf(on)).toBe(1);
    const file = path.join(on.configDirectory, 'credentials.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const kept = JSON.parse(readFileSync(file, 'utf8'));
    expect(kept.profiles.p).toMatchObject({ origin: new URL(url).origin, secrets: { password: 'Va-ult' } });
    kept.profiles.p.expiresAt = Date.now() - 1;
    writeFileSync(file, JSON.stringify(kept));
    expect((await on.run(one)).exitCode).toBe(0);
    expect(runsOf(on)).toBe(2);
  });

  test.each<[string, (kept: { origin: string; argv: string[] }) => void]>([
    [
      'of another origin',
      (kept) => {
        kept.origin = 'https://other.example.com';
      },
    ],
    [
      'of another command',
      (kept) => {
        kept.argv = ['/bin/true'];
      },
    ],
  ])('when what is kept is %s then it is not taken', async (_what, change) => {
    const on = machineHere();
    const { url, requests } = tenant();
    await add(
      on,
      url,
      printing(on, printed({ password: 'First' }, inAnHour()), printed({ password: 'Second' })),
    );
    await on.run(one);
    const file = path.join(on.configDirectory, 'credentials.json');
    const kept = JSON.parse(readFileSync(file, 'utf8'));
    change(kept.profiles.p);
    writeFileSync(file, JSON.stringify(kept));
    await on.run(one);
    expect(authorizations(requests)).toEqual([basic('First'), basic('Second')]);
  });

  test('when its secret is refused then it is asked again, once for all requests', async () => {
    const on = machineHere();
    const { url } = tenant(accepting('New'));
    const texts = [printed({ password: 'Old' }, inAnHour()), printed({ password: 'New' }, inAnHour())];
    await add(on, url, printing(on, ...texts));
    const keys = ['--ids', '1-8', '--chunk-size', '1', '--rate', '0'];
    expect((await on.run([...resync, ...keys])).exitCode).toBe(0);
    expect(runsOf(on)).toBe(2);
    expect((await on.run(one)).exitCode).toBe(0);
    expect(runsOf(on)).toBe(2);
  });

  test('when it gives the refused secret again then that is not sent again', async () => {
    const on = machineHere();
    const { url, requests } = tenant(() => ({ status: 401 }));
    await add(on, url, printing(on, printed({ password: 'Wr0ng' })));
    const finished = await on.run(['connections', 'list']);
    expectRefusal(finished, 4, ['credential command of profile "p"', 'gave the same']);
    expect([requests.length, runsOf(on)]).toEqual([1, 2]);
  });

  test('when a secret is stored or given then that goes first, and the command is told to stand behind', async () => {
    const on = machineHere();
    const { url, requests } = tenant();
    await add(on, url, printing(on, printed({ password: 'Va-ult' })));
    const stored = await on.run(['profile', 'set', 'p', '--password-stdin'], { input: 'Stored' });
    expect(stored.exitCode).toBe(0);
    const again = JSON.stringify(script(on, 'exit 1'));
    const { stderr } = await on.run(['profile', 'set', 'p', '--credential-command', again]);
    expect(stderr).toContain('the password that is stored goes before that of the command');
    const env = { ERPSYNC_PASSWORD: 'Given' };
    expect((await on.run(one, { env })).exitCode).toBe(0);
    expect([authorizations(requests), runsOf(on)]).toEqual([[basic('Given')], 0]);
  });

  test('when profiles extend one with a command then it is asked for all of them', async () => {
    const on = machineHere();
    const { url, requests } = tenant();
    await add(on, url, printing(on, printed({ password: 'Va-ult' }, inAnHour())));
    for (const name of ['a', 'b']) await on.run(['profile', 'add', name, '--extends', 'p']);
    for (const name of ['a', 'b']) {
      expect((await on.run([...one, '-p', name])).exitCode).toBe(0);
    }
    expect([authorizations(requests), runsOf(on)]).toEqual([[basic('Va-ult'), basic('Va-ult')], 1]);
  });

  test('when the wire is traced then what it gave is masked', async () => {
    const on = machineHere();
    const { url } = tenant(() => ({ status: 200, body: { echo: 'S3cret-1 App-tok' } }));
    await add(
      on,
      url,
      printing(on, printed({ password: 'S3cret-1', appToken: 'App-tok', token: 'Unused-1' })),
    );
    const { stderr } = await on.run([...one, '-vv']);
    expect(stderr).toContain('Asking the credential command of profile "p"');
    expect(stderr).toContain('***');
    expect(stderr).not.toMatch(/S3cret-1|App-tok|Unused-1/);
    expect(stderr).not.toContain(Buffer.from('svc:S3cret-1').toString('base64'));
  });
});

describe('a credential command for a login', () => {
  test.each(['rest', 'soap'])(
    'when a login over %s with its secret is refused then it is asked again',
    async (transport) => {
      const on = machineHere();
      const { url, username, password } = await startSandbox(machine());
      const argv = printing(on, printed({ password: 'Old' }), printed({ password }));
      await add(on, url, argv, ['--transport', transport]);
      const { exitCode, stdout } = await on.run(['connections', 'list', '-o', 'ids', '--username', username]);
      expect([exitCode, stdout]).toEqual([0, '124\n125\n126\n']);
      expect(runsOf(on)).toBe(2);
    },
  );

  test('when a ticket is its secret then it goes over SOAP, and is asked again when it is refused', async () => {
    const on = machineHere();
    const { url, ticket } = await startSandbox(machine());
    const argv = printing(on, printed({ ticket: '7T:old' }), printed({ ticket }));
    await add(on, url, argv, ['--transport', 'soap', '--auth', 'ticket']);
    expect((await on.run(['connections', 'list'])).exitCode).toBe(0);
    expect(runsOf(on)).toBe(2);
  });
});

describe.concurrent('a credential command that fails', () => {
  const word = 'Never-shown';
  test.each<[string, string, string[]]>([
    ['ends with a code', `echo ${word}; exit 7`, ['gives no secret: it ended with exit code 7']],
    ['is killed', `echo ${word}; kill -9 $$`, ['ended by SIGKILL']],
    ['prints nothing', 'true', ['it is not one JSON object', '"version":1']],
    ['prints text', `echo ${word}`, ['it is not one JSON object']],
    ['prints a list', `echo '["${word}"]'`, ['it is not one JSON object']],
    ['prints too much', `yes ${word} | head -c 2000000`, ['more than 1048576 bytes']],
    ['prints another version', `echo '{"version":2,"secrets":{"password":"${word}"}}'`, ['"version": 1']],
    ['prints no version', `echo '{"secrets":{"password":"${word}"}}'`, ['"version": 1']],
    ['prints other members', `echo '{"version":1,"${word}":1,"secrets":{}}'`, ['members']],
    ['prints no secrets', `echo '{"version":1,"password":"${word}"}'`, ['members']],
    [
      'prints unknown secrets',
      `echo '{"version":1,"secrets":{"${word}":"x"}}'`,
      ['other names than password'],
    ],
    [
      'prints a number',
      `echo '{"version":1,"secrets":{"password":${'4'.repeat(9)}}}'`,
      ['"password" is no text'],
    ],
    [
      'prints an empty secret',
      `echo '{"version":1,"secrets":{"password":""}}'`,
      ['"password" is not usable: it is empty'],
    ],
    [
      'prints lines',
      `printf '%s' '{"version":1,"secrets":{"password":"${word}\\na"}}'`,
      ['more than one line'],
    ],
    [
      'prints a date alone',
      `echo '{"version":1,"secrets":{},"expiresAt":"2030-01-01"}'`,
      ['"expiresAt" is no time'],
    ],
    [
      'gives what has expired',
      `echo '{"version":1,"secrets":{"password":"${word}"},"expiresAt":"2020-01-01T00:00:00Z"}'`,
      ['expired already'],
    ],
    [
      'gives another secret',
      `echo '{"version":1,"secrets":{"ticket":"${word}"}}'`,
      ['needs a password', 'gives none', '"password"'],
    ],
  ])('when it %s then nothing is sent and nothing of it is shown', async (_what, lines, words) => {
    const on = machineHere();
    const { url, requests } = tenant();
    await add(on, url, script(on, lines));
    const finished = await on.run(one);
    expectRefusal(finished, 4, ['credential command of profile "p"', ...words]);
    expect(finished.stderr).not.toContain(word);
    expect(requests).toEqual([]);
  });

  test('when it takes too long then it is ended, and what it has started holds nothing', async () => {
    const on = machineHere();
    const { url, requests } = tenant();
    await add(on, url, script(on, `echo $$ > '${on.home}/pid'; sleep 600; echo late`));
    const begun = performance.now();
    const finished = await on.run([...one, '--timeout', '500ms']);
    expectRefusal(finished, 4, ['took longer than 0.5 s', '--timeout']);
    expect(performance.now() - begun).toBeLessThan(20_000);
    const pid = Number(readFileSync(path.join(on.home, 'pid'), 'utf8'));
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(requests).toEqual([]);
  });

  test('when it is not there, or no program, then that is a matter of the settings', async () => {
    const on = machineHere();
    const { url } = tenant();
    await add(on, url, ['no-such-vault', 'x']);
    expectRefusal(await on.run(one), 3, [
      '(no-such-vault) cannot be run: its program is not found',
      'whole path',
    ]);
    const file = path.join(on.home, 'plain');
    writeFileSync(file, 'x', { mode: 0o600 });
    await on.run(['profile', 'set', 'p', '--credential-command', JSON.stringify([file])]);
    expectRefusal(await on.run(one), 3, ['cannot be run', 'EACCES']);
  });

  test.each(['vault read', '"vault"', '[]', '[""]', '["a",1]', '{"argv":["a"]}'])(
    'when %s is given as one then it is refused',
    async (given) => {
      const args = ['profile', 'add', 'p', '--url', 'https://a.example', '--auth', 'none'];
      const finished = await machineHere().run([...args, '--credential-command', given]);
      expectRefusal(finished, 2, [
        '--credential-command cannot be used: it is not a JSON array',
        `'["vault-secret"`,
      ]);
    },
  );

  test('when it is given to one call or by a variable then it does not count', async () => {
    const on = machineHere();
    const { url } = tenant();
    await on.run(['profile', 'add', 'p', '--url', url, '--username', 'svc']);
    const argv = JSON.stringify(printing(on, printed({ password: 'x' })));
    const flag = await on.run([...one, '--credential-command', argv]);
    expectRefusal(flag, 2, ['there is no option --credential-command']);
    const variable = await on.run(one, { env: { ERPSYNC_CREDENTIAL_COMMAND: argv } });
    expectRefusal(variable, 4, ['needs a password']);
    expect(runsOf(on)).toBe(0);
  });
});

describe.concurrent('where the secrets of a credential command may go', () => {
  async function prepared() {
    const on = machineHere();
    const { url } = tenant();
    await add(on, url, printing(on, printed({ password: 'Va-ult' }, inAnHour())));
    return { on, origin: new URL(url).origin };
  }
  const other = 'http://127.0.0.1:9';

  test.each<[string, string[], Record<string, string>]>([
    ['a flag', ['--url', other], {}],
    ['a variable', [], { ERPSYNC_URL: other }],
  ])('when %s names another address then it is not run', async (_what, flags, env) => {
    const { on, origin } = await prepared();
    const finished = await on.run([...one, '-p', 'p', ...flags], { env });
    expectRefusal(finished, 3, ['credential command of profile "p"', origin, other]);
    expect(runsOf(on)).toBe(0);
  });

  test('when a variable brings the secret for the other address then it is not run either', async () => {
    const { on } = await prepared();
    const there = tenantAt('localhost', tenant());
    const env = { ERPSYNC_PASSWORD: 'Brought' };
    expect((await on.run([...one, '-p', 'p', '--url', there.url], { env })).exitCode).toBe(0);
    expect([authorizations(there.requests), runsOf(on)]).toEqual([[basic('Brought')], 0]);
  });

  test('when what is kept has been asked for one address then another one does not get it', async () => {
    const { on } = await prepared();
    expect((await on.run(one)).exitCode).toBe(0);
    const there = tenantAt('localhost', tenant());
    const finished = await on.run([...one, '-p', 'p', '--url', there.url]);
    expectRefusal(finished, 3, ['credential command of profile "p"']);
    expect(there.requests).toEqual([]);
  });

  test('when the address of the profile is edited by hand then it is not run', async () => {
    const { on, origin } = await prepared();
    const file = path.join(on.configDirectory, 'config.json');
    const content = JSON.parse(readFileSync(file, 'utf8'));
    content.profiles.p.url = other;
    writeFileSync(file, JSON.stringify(content));
    expectRefusal(await on.run(one), 3, ['credential command of profile "p"', origin, other]);
    expect(runsOf(on)).toBe(0);
  });

  test('when profile set changes the address then the command comes with it, or goes', async () => {
    const { on, origin } = await prepared();
    const set = ['profile', 'set', 'p', '--url', 'https://b.example'];
    expectRefusal(await on.run(set), 3, [origin, 'was not changed', '--unset credential-command']);
    expect((await on.run([...set, '--credential-command', '["other"]'])).exitCode).toBe(0);
    const { credentialCommand } = documentOf(await on.run(['profile', 'show', '-o', 'json']));
    expect(credentialCommand).toEqual(['other']);
    expect((await on.run(['profile', 'set', 'p', '--unset', 'credential-command'])).exitCode).toBe(0);
    const { credentialCommand: gone } = documentOf(await on.run(['profile', 'show', '-o', 'json']));
    expect(gone).toBeNull();
  });

  test('when an heir has another address then it needs secrets of its own', async () => {
    const { on } = await prepared();
    const heir = ['profile', 'add', 'h', '--extends', 'p', '--url', 'https://b.example'];
    expectRefusal(await on.run(heir), 3, ['credential command of profile "p"', 'https://b.example']);
    const own = await on.run([...heir, '--password-stdin'], { input: 'Own' });
    expect(own.exitCode).toBe(0);
  });

  test('when an export is imported then it is left out and named unless the file is trusted', async () => {
    const { on } = await prepared();
    const file = path.join(on.home, 'export.json');
    writeFileSync(file, (await on.run(['profile', 'export'])).stdout);
    const wary = machineHere();
    const left = await wary.run(['profile', 'import', file]);
    expect(left.stderr).toMatch(
      /left out credentialCommand of profile "p", which would run a program; .*--trust/,
    );
    expect(documentOf(await wary.run(['profile', 'show', '-o', 'json']))).toMatchObject({
      credentialCommand: null,
    });
    const trusting = machineHere();
    expect(await trusting.run(['profile', 'import', file, '--trust'])).toMatchObject({
      exitCode: 0,
      stderr: '',
    });
    expect((await trusting.run(one)).exitCode).toBe(0);
    expect(runsOf(on)).toBe(1);
  });

  test('when an import moves the address of a trusted command then nothing is imported', async () => {
    const { on } = await prepared();
    const file = path.join(on.home, 'export.json');
    const text = (await on.run(['profile', 'export'])).stdout;
    writeFileSync(file, text.replace(/"url": "[^"]+"/, '"url": "https://evil.example"'));
    const finished = await machineHere().run(['profile', 'import', file, '--trust']);
    expectRefusal(finished, 3, ['credential command', 'https://evil.example', 'nothing was imported']);
  });

  test('when settings are looked at then it is told and not run', async () => {
    const { on, origin } = await prepared();
    const told: [string[], RegExp][] = [
      [
        ['config', 'explain'],
        new RegExp(`^password +asked of the credential command, for ${origin} +profile "p"$`, 'm'),
      ],
      [['profile', 'show'], /^credential command +\["\S+vault"\]$/m],
      [['profile', 'list'], /credential command$/m],
      [['engine', 'stop', '--help'], /engine/],
      [['help', 'environment'], /ERPSYNC/],
    ];
    for (const [args, words] of told) expect((await on.run(args)).stdout).toMatch(words);
    expect(runsOf(on)).toBe(0);
  });
});

/** The same server under another name, and so another origin. */
function tenantAt(host: string, { url, requests }: { url: string; requests: readonly Received[] }) {
  return { url: url.replace('127.0.0.1', host), requests };
}
