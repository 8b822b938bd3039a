/** Where settings come from, what travels of them, and that a secret goes only where it belongs. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import { type MachineHere, machineHere } from '../support/in-process.ts';
import type { RunOptions } from '../support/program.ts';
import { tenantServer } from '../support/tenant-server.ts';

const tenant = tenantServer();
/** A server at another origin. */
const elsewhere = tenantServer();
const resync = ['force-resync', '--from-crm', '--ids', '1'];

function basicHeader(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

describe.concurrent('what travels', () => {
  test.each<[string, string[], RunOptions, string | undefined]>([
    ['basic', ['--username', 'tje0', '--password-stdin'], { input: 'Tje0\n' }, 'Basic dGplMDpUamUw'],
    [
      'basic beyond ASCII',
      ['--username', 'jörg', '--password-stdin'],
      { input: 'pä:ß€ ' },
      basicHeader('jörg', 'pä:ß€ '),
    ],
    ['ticket', ['--auth', 'ticket', '--ticket-stdin'], { input: '7T:aGk+/=\r\n' }, 'SOTicket 7T:aGk+/='],
    ['bearer', ['--auth', 'bearer'], { env: { ERPSYNC_TOKEN: '8A:Cust1.x' } }, 'Bearer 8A:Cust1.x'],
    ['none', ['--auth', 'none'], { env: { ERPSYNC_PASSWORD: 'unused' } }, undefined],
  ])('when auth is %s then the header is exactly that', async (_, args, options, header) => {
    const { url, requests } = tenant();
    expect((await machineHere().run([...resync, '--url', url, ...args], options)).exitCode).toBe(0);
    expect(requests.map(({ headers }) => headers['authorization'])).toEqual([header]);
  });

  test('when there is an application token then it travels apart, with language and program', async () => {
    const { url, requests } = tenant();
    const on = machineHere();
    const file = path.join(on.home, 'app.txt');
    writeFileSync(file, 'app-token\r\n', { mode: 0o600 });
    const secrets = ['--auth', 'ticket', '--ticket-stdin', '--app-token-file', file];
    await on.run(['profile', 'add', 'prod', '--url', url, ...secrets], { input: '7T:x' });
    expect((await on.run(resync)).exitCode).toBe(0);
    expect(requests[0]?.headers).toMatchObject({
      authorization: 'SOTicket 7T:x',
      'so-apptoken': 'app-token',
      'accept-language': 'en',
      'user-agent': `erpsync/0.1.0 (node ${process.versions.node}; ${process.platform})`,
    });
  });

  test.each<[string, string[], RunOptions, number, string[]]>([
    [
      'a colon in the user name',
      ['--username', 'a:b', '--password-stdin'],
      { input: 'x' },
      2,
      ['user name', 'colon'],
    ],
    [
      'blanks in a ticket',
      ['--auth', 'ticket', '--ticket-stdin'],
      { input: '7T: x' },
      2,
      ['ticket', 'blanks'],
    ],
    ['no secret', ['--auth', 'bearer'], {}, 4, ['access token', 'ERPSYNC_TOKEN', '--token-file']],
    [
      'an empty variable',
      ['--username', 'x'],
      { env: { ERPSYNC_PASSWORD: '' } },
      4,
      ['ERPSYNC_PASSWORD', '--password-file'],
    ],
    [
      'no user name',
      ['--password-stdin'],
      { input: 'x' },
      3,
      ['user name', '--username', 'ERPSYNC_USERNAME'],
    ],
    [
      'two lines in a variable',
      ['--auth', 'bearer'],
      { env: { ERPSYNC_TOKEN: 'a\nb' } },
      2,
      ['ERPSYNC_TOKEN', 'one line'],
    ],
  ])('when there is %s then nothing is sent', async (_, args, options, exitCode, words) => {
    const { url, requests } = tenant();
    expectRefusal(await machineHere().run([...resync, '--url', url, ...args], options), exitCode, words);
    expect(requests).toEqual([]);
  });
});

/** A machine with a profile whose password is `stored`, on the first server. */
async function withProfile(name = 'prod', on = machineHere()) {
  const server = tenant();
  const args = ['profile', 'add', name, '--url', server.url, '--username', name, '--password-stdin'];
  expect((await on.run(args, { input: 'stored\n' })).exitCode).toBe(0);
  return { on, server };
}

describe.concurrent('precedence', () => {
  async function sentWith(on: MachineHere, args: readonly string[], env: Readonly<Record<string, string>>) {
    const { exitCode, stderr } = await on.run([...resync, ...args], { env });
    expect(stderr).not.toContain('erpsync:');
    expect(exitCode).toBe(0);
  }

  test('when a profile is the only one then it is used', async () => {
    const { on, server } = await withProfile();
    await sentWith(on, [], {});
    expect(server.requests[0]?.headers['authorization']).toBe(basicHeader('prod', 'stored'));
  });

  test.each<[string, string[], Record<string, string>, string]>([
    ['a variable and the profile', [], { ERPSYNC_USERNAME: 'env' }, basicHeader('env', 'stored')],
    [
      'a flag and a variable',
      ['--username', 'flag'],
      { ERPSYNC_USERNAME: 'env' },
      basicHeader('flag', 'stored'),
    ],
    [
      'an empty variable and the profile',
      [],
      { ERPSYNC_USERNAME: '', ERPSYNC_URL: '', ERPSYNC_AUTH: '', ERPSYNC_PROFILE: '' },
      basicHeader('prod', 'stored'),
    ],
    ['a secret variable and the profile', [], { ERPSYNC_PASSWORD: 'given' }, basicHeader('prod', 'given')],
    [
      'another scheme in a variable and the profile',
      [],
      { ERPSYNC_AUTH: 'bearer', ERPSYNC_TOKEN: 't' },
      'Bearer t',
    ],
    [
      'a scheme by flag and by variable',
      ['--auth', 'basic'],
      { ERPSYNC_AUTH: 'bearer' },
      basicHeader('prod', 'stored'),
    ],
  ])('when there are %s then the first one counts', async (_, args, env, header) => {
    const { on, server } = await withProfile();
    await sentWith(on, args, env);
    expect(server.requests.map(({ headers }) => headers['authorization'])).toEqual([header]);
  });

  test('when flag and variable name profiles then the flag counts', async () => {
    const { on, server: a } = await withProfile('a');
    const { server: b } = await withProfile('b', on);
    await sentWith(on, ['--profile', 'a'], { ERPSYNC_PROFILE: 'b' });
    await sentWith(on, [], { ERPSYNC_PROFILE: 'b' });
    expect([a.requests.length, b.requests.length]).toEqual([1, 1]);
  });

  test('when flag and variable name addresses then the flag counts', async () => {
    const [flag, variable] = [tenant(), tenant()];
    const args = ['--url', flag.url, '--auth', 'none'];
    await sentWith(machineHere(), args, { ERPSYNC_URL: variable.url });
    expect([flag.requests.length, variable.requests.length]).toEqual([1, 0]);
  });

  test('when a variable names an unknown profile then there is no fallback', async () => {
    const { on, server } = await withProfile();
    const finished = await on.run(resync, { env: { ERPSYNC_PROFILE: 'prd' } });
    expectRefusal(finished, 3, ['no profile "prd"', 'did you mean "prod"?']);
    expect(server.requests).toEqual([]);
  });

  test('when a variable names an unknown scheme then the variable is named', async () => {
    const finished = await machineHere().run([...resync, '--url', 'http://localhost:9'], {
      env: { ERPSYNC_AUTH: 'kerberos' },
    });
    expectRefusal(finished, 2, [
      'ERPSYNC_AUTH',
      '"kerberos"',
      'basic, ticket, bearer, oidc, system-user, xsrf, none',
    ]);
  });
});

describe.concurrent('several profiles without a terminal', () => {
  test('when one was chosen with profile use then a write asks for its name', async () => {
    const { on, server } = await withProfile('a');
    await withProfile('b', on);
    await on.run(['profile', 'use', 'a']);
    expectRefusal(await on.run(resync), 3, ['a, b', '"profile use"', '--profile', 'ERPSYNC_PROFILE']);
    expect(server.requests).toEqual([]);
    expect(documentOf(await on.run(['profile', 'show', '-o', 'json']))).toMatchObject({
      name: 'a',
      current: true,
    });
  });

  test('when none was chosen then every command asks for its name', async () => {
    const { on } = await withProfile('a');
    await withProfile('b', on);
    expectRefusal(await on.run(['profile', 'show']), 3, ['a, b', '--profile']);
    expectRefusal(await on.run(resync), 3, ['a, b', '--profile']);
  });
});

describe.concurrent('a stored secret and another address', () => {
  test.each([
    ['--url', (url: string) => ({ args: ['--url', url], env: {} })],
    ['ERPSYNC_URL', (url: string) => ({ args: [], env: { ERPSYNC_URL: url } })],
  ])('when %s names another server then it gets no request', async (from, given) => {
    const { on, server } = await withProfile();
    const other = elsewhere();
    const { args, env } = given(other.url);
    const finished = await on.run([...resync, ...args], { env });
    const [own, foreign] = [server.url, other.url].map((url) => new URL(url).origin);
    expectRefusal(finished, 3, [`belongs to ${own}`, `${from} says ${foreign}`, 'ERPSYNC_PASSWORD']);
    expect([other.requests, server.requests]).toEqual([[], []]);
  });

  test('when the password comes with the address then only that one goes there', async () => {
    const { on, server } = await withProfile();
    const other = elsewhere();
    const env = { ERPSYNC_URL: other.url, ERPSYNC_PASSWORD: 'given' };
    expect((await on.run(resync, { env })).exitCode).toBe(0);
    expect(other.requests.map(({ headers }) => headers['authorization'])).toEqual([
      basicHeader('prod', 'given'),
    ]);
    expect(server.requests).toEqual([]);
  });

  test('when an application token is stored then it stays, too', async () => {
    const on = machineHere();
    const [own, other] = [tenant(), elsewhere()];
    await on.run(['profile', 'add', 'a', '--url', own.url, '--auth', 'bearer'], {
      env: { ERPSYNC_TOKEN: 'token', ERPSYNC_APP_TOKEN: 'stored-app' },
    });
    const env = { ERPSYNC_URL: other.url, ERPSYNC_TOKEN: 'given' };
    expectRefusal(await on.run(resync, { env }), 3, [
      'application token',
      'ERPSYNC_URL',
      'ERPSYNC_APP_TOKEN',
    ]);
    expect(other.requests).toEqual([]);
    expect((await on.run(resync, { env: { ...env, ERPSYNC_APP_TOKEN: 'given-app' } })).exitCode).toBe(0);
    expect(other.requests.map(({ headers }) => headers['so-apptoken'])).toEqual(['given-app']);
  });
});

describe.concurrent('addresses', () => {
  test.each<[string, string, string[]]>([
    ['has no scheme', 'crm.example.com', ['not an http or https address', 'https://']],
    ['has another scheme', 'ftp://crm.example.com', ['not an http or https address']],
    ['holds a password', 'https://u:Sentinel@crm.example.com', ['user name or password', '--username']],
    ['holds a password without scheme', 'u:Sentinel@crm.example.com', ['not an http or https address']],
    ['has a query', 'https://crm.example.com/?key=Sentinel', ['query or fragment', 'base URL alone']],
    ['has a fragment', 'https://crm.example.com/#Sentinel', ['query or fragment', 'base URL alone']],
    [
      'is http beyond this machine',
      'http://crm.example.com',
      ['http:// to crm.example.com', 'clear', '--allow-http'],
    ],
  ])('when one %s then it is refused without being repeated', async (_, url, words) => {
    const finished = await machineHere().run([...resync, '--auth', 'none'], { env: { ERPSYNC_URL: url } });
    expectRefusal(finished, 2, ['ERPSYNC_URL', ...words]);
    expect(finished.stderr).not.toContain('Sentinel');
  });

  test('when a bad one shall be stored then nothing is', async () => {
    const { run } = machineHere();
    const added = await run([
      'profile',
      'add',
      'a',
      '--auth',
      'none',
      '--url',
      'https://u:Sentinel@b.example',
    ]);
    expectRefusal(added, 2, ['--url', 'user name or password']);
    expect(added.stderr).not.toContain('Sentinel');
    expect(documentOf(await run(['profile', 'list', '-o', 'json']))).toMatchObject({ items: [] });
  });

  test('when http is allowed then the plan shows it', async () => {
    const args = [
      '--url',
      'http://crm.example.com/super/',
      '--allow-http',
      '--auth',
      'none',
      '--dry-run',
      '-o',
      'json',
    ];
    expect(documentOf(await machineHere().run([...resync, '--no-check', ...args]))).toMatchObject({
      url: 'http://crm.example.com/super',
      plan: [{ url: 'http://crm.example.com/super/api/v1/Agents/ErpSync/ForceResyncBatchTask' }],
    });
  });

  test.each(['', '//', '/api', '/api/v1/', '/Remote/Services88'])(
    'when %j stands at the end then the base path is kept on the wire',
    async (end) => {
      const { url, requests } = tenant();
      const finished = await machineHere().run([...resync, '--url', `${url}/super${end}`, '--auth', 'none']);
      expect(finished.exitCode).toBe(0);
      expect(requests.map(({ path: sent }) => sent)).toEqual([
        '/super/api/v1/Agents/ErpSync/ForceResyncBatchTask',
      ]);
    },
  );
});
