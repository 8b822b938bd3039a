/** Settings that travel: a web client's session, language, time zone. Against a server that is only a socket. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { expectRefusal } from '../support/expectations.ts';
import { type MachineHere, machineAtHome } from '../support/in-process.ts';
import type { RunOptions } from '../support/program.ts';
import { noContent, type WireServer, wireServer } from '../support/wire-server.ts';

const resync = ['force-resync', '--from-crm', '--ids', '1'];

/** The headers of each request, as they came. */
function headersIn({ requests }: WireServer): string[][] {
  return requests.map((request) => request.split('\r\n\r\n', 1)[0]?.split('\r\n').slice(1) ?? []);
}

/** The values of one header in the only request. */
function sent(server: WireServer, name: string): string[] {
  const [lines = [], ...others] = headersIn(server);
  expect(others).toEqual([]);
  const prefix = `${name.toLowerCase()}: `;
  return lines
    .filter((line) => line.toLowerCase().startsWith(prefix))
    .map((line) => line.slice(prefix.length));
}

function withFiles(files: Readonly<Record<string, string>>): MachineHere {
  const on = machineAtHome();
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(path.join(on.home, name), content, { mode: 0o600 });
  }
  return on;
}

describe('auth xsrf', () => {
  const cookie = 'ASP.NET_SessionId=a1b2; XSRF-TOKEN=tok%3D';

  test.each<[string, string[], RunOptions]>([
    ['variables', [], { env: { ERPSYNC_COOKIE: cookie, ERPSYNC_XSRF_TOKEN: 'tok=' } }],
    ['files', ['--cookie-file', 'cookie.txt', '--xsrf-token-file', 'xsrf.txt'], {}],
    [
      'standard input and a file',
      ['--cookie-stdin', '--xsrf-token-file', 'xsrf.txt'],
      { input: `${cookie}\n` },
    ],
    ['a file and standard input', ['--cookie-file', 'cookie.txt', '--xsrf-token-stdin'], { input: 'tok=\n' }],
  ])('when cookie and token come by %s then both travel and no Authorization', async (_, args, options) => {
    const server = await wireServer(() => noContent);
    const on = withFiles({ 'cookie.txt': `${cookie}\r\n`, 'xsrf.txt': 'tok=\n' });
    const finished = await on.run(
      [...resync, '--no-check', '--url', server.url, '--auth', 'xsrf', ...args],
      options,
    );
    expect(finished).toMatchObject({ exitCode: 0 });
    expect([sent(server, 'Cookie'), sent(server, 'X-XSRF-TOKEN')]).toEqual([[cookie], ['tok=']]);
    expect([sent(server, 'Authorization'), sent(server, 'SO-AppToken')]).toEqual([[], []]);
  });

  test('when a profile stores both then they travel from there, and only to its server', async () => {
    const [server, other] = [await wireServer(() => noContent), await wireServer(() => noContent)];
    const on = withFiles({ 'cookie.txt': cookie });
    const flags = ['--auth', 'xsrf', '--cookie-file', 'cookie.txt', '--xsrf-token-stdin'];
    const added = await on.run(['profile', 'add', 'web', '--url', server.url, ...flags], { input: 'tok=' });
    expect(added.stdout).toContain('(auth xsrf, session cookie and XSRF token)');
    expect((await on.run([...resync, '--no-check'])).exitCode).toBe(0);
    expect([sent(server, 'Cookie'), sent(server, 'X-XSRF-TOKEN')]).toEqual([[cookie], ['tok=']]);
    expectRefusal(await on.run([...resync, '--url', other.url]), 3, [
      'session cookie',
      'belongs to',
      'ERPSYNC_COOKIE',
    ]);
    const env = { ERPSYNC_COOKIE: 'a=b' };
    expectRefusal(await on.run([...resync, '--url', other.url], { env }), 3, [
      'XSRF token',
      'ERPSYNC_XSRF_TOKEN',
    ]);
    expect(other.requests).toEqual([]);
  });

  test.each<[string, Record<string, string>, number, string[]]>([
    ['nothing', {}, 4, ['auth xsrf needs a session cookie', 'ERPSYNC_COOKIE', '--cookie-file']],
    [
      'a cookie alone',
      { ERPSYNC_COOKIE: 'a=b' },
      4,
      ['needs an XSRF token', 'ERPSYNC_XSRF_TOKEN', '--xsrf-token-file'],
    ],
    ['a token alone', { ERPSYNC_XSRF_TOKEN: 'x' }, 4, ['needs a session cookie']],
    [
      'a cookie that is none',
      { ERPSYNC_COOKIE: 'Sentinel', ERPSYNC_XSRF_TOKEN: 'x' },
      2,
      ['session cookie', 'Cookie header'],
    ],
    [
      'a cookie of two lines',
      { ERPSYNC_COOKIE: 'a=b\r\nX: Sentinel', ERPSYNC_XSRF_TOKEN: 'x' },
      2,
      ['ERPSYNC_COOKIE'],
    ],
    [
      'a token with a blank',
      { ERPSYNC_COOKIE: 'a=b', ERPSYNC_XSRF_TOKEN: 'Sent inel' },
      2,
      ['XSRF token', 'blanks'],
    ],
  ])('when there is %s then nothing is sent', async (_, env, exitCode, words) => {
    const server = await wireServer(() => noContent);
    const finished = await machineAtHome().run([...resync, '--url', server.url, '--auth', 'xsrf'], { env });
    expectRefusal(finished, exitCode, words);
    expect(finished.stderr).not.toContain('Sent');
    expect(server.requests).toEqual([]);
  });

  test('when a cookie is given with another scheme then it is refused', async () => {
    const args = ['profile', 'add', 'a', '--url', 'https://a.example', '--username', 'u', '--cookie-stdin'];
    expectRefusal(await machineAtHome().run(args, { input: 'a=b' }), 2, [
      '--cookie-stdin',
      'auth basic',
      '--auth',
    ]);
  });
});

describe('language and time zone', () => {
  const flags = ['--no-check', '--auth', 'none'];

  test('when nothing sets them then names are in English and times in the zone of the server', async () => {
    const server = await wireServer(() => noContent);
    expect((await machineAtHome().run([...resync, ...flags, '--url', server.url])).exitCode).toBe(0);
    expect([sent(server, 'Accept-Language'), sent(server, 'SO-TimeZone')]).toEqual([['en'], []]);
  });

  test.each<[string, string[], Record<string, string>, string[]]>([
    [
      'flags',
      ['--language', 'nb-NO', '--time-zone', 'W. Europe Standard Time'],
      {},
      ['nb-NO', 'W. Europe Standard Time'],
    ],
    ['variables', [], { ERPSYNC_LANGUAGE: 'de', ERPSYNC_TIME_ZONE: '12' }, ['de', '12']],
    ['the profile', [], {}, ['sv', 'UTC, includeTZOffset']],
    ['flag and profile', ['--language', 'fr'], { ERPSYNC_LANGUAGE: 'de' }, ['fr', 'UTC, includeTZOffset']],
  ])('when %s set them then they travel', async (_, args, env, [language, zone]) => {
    const server = await wireServer(() => noContent);
    const on = machineAtHome();
    const stored = ['--language', 'sv', '--time-zone', 'UTC, includeTZOffset', '--auth', 'none'];
    await on.run(['profile', 'add', 'a', '--url', server.url, ...stored]);
    expect((await on.run([...resync, ...flags, ...args], { env })).exitCode).toBe(0);
    expect([sent(server, 'Accept-Language'), sent(server, 'SO-TimeZone')]).toEqual([[language], [zone]]);
  });

  test.each<[string, string[], Record<string, string>, string]>([
    ['a line end', ['--time-zone', 'UTC\r\nX-Evil: 1'], {}, '--time-zone'],
    ['a blank at its end', ['--language', 'en '], {}, '--language'],
    ['what is not ASCII', [], { ERPSYNC_TIME_ZONE: 'Zürich' }, 'ERPSYNC_TIME_ZONE'],
    ['a control character', [], { ERPSYNC_LANGUAGE: 'e\u001bn' }, 'ERPSYNC_LANGUAGE'],
  ])('when one holds %s then nothing is sent', async (_, args, env, from) => {
    const server = await wireServer(() => noContent);
    const finished = await machineAtHome().run([...resync, ...flags, '--url', server.url, ...args], { env });
    expectRefusal(finished, 2, [from, 'ASCII text that a header can carry']);
    expect(server.requests).toEqual([]);
  });
});
