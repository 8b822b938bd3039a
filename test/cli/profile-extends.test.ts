/** Profiles that inherit: many tenants, one app; and a secret still goes only where it belongs. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import { type MachineHere as Here, machineHere } from '../support/in-process.ts';

import { tenantServer } from '../support/tenant-server.ts';

const tenant = tenantServer();
const elsewhere = tenantServer();
const resync = ['force-resync', '--from-crm', '--ids', '1'];

async function ok(on: Here, args: readonly string[], input = ''): Promise<string> {
  const finished = await on.run(args, { input });
  expect(finished).toMatchObject({ exitCode: 0 });
  return finished.stdout;
}

/** A machine with a profile `app` that holds an application token for the first server. */
async function withApp(...flags: readonly string[]): Promise<{ on: Here; origin: string }> {
  const on = machineHere();
  const origin = new URL(tenant().url).origin;
  await ok(
    on,
    ['profile', 'add', 'app', '--url', origin, '--auth', 'ticket', '--app-token-stdin', ...flags],
    'the-app',
  );
  return { on, origin };
}

describe.concurrent('a profile that extends another', () => {
  test('when tenants have addresses of their own then the application token goes to each of them', async () => {
    const { on } = await withApp('--language', 'nb');
    const tenants = [tenant(), tenant()];
    for (const [index, { url }] of tenants.entries()) {
      await ok(
        on,
        ['profile', 'add', `t${index}`, '--extends', 'app', '--url', url, '--ticket-stdin'],
        `7T:${index}`,
      );
      await ok(on, [...resync, '-p', `t${index}`]);
    }
    expect(tenants.map(({ requests }) => requests.map(({ headers }) => headers))).toMatchObject([
      [{ authorization: 'SOTicket 7T:0', 'so-apptoken': 'the-app', 'accept-language': 'nb' }],
      [{ authorization: 'SOTicket 7T:1', 'so-apptoken': 'the-app', 'accept-language': 'nb' }],
    ]);
  });

  test('when it says something itself then that counts', async () => {
    const { on, origin } = await withApp('--language', 'nb', '--time-zone', '12');
    await ok(
      on,
      ['profile', 'add', 't', '--extends', 'app', '--language', 'de', '--auth', 'none', '--app-token-stdin'],
      'own',
    );
    expect(documentOf(await on.run(['profile', 'show', 't', '-o', 'json']))).toMatchObject({
      extends: 'app',
      url: origin,
      auth: 'none',
      language: 'de',
      timeZone: '12',
      secrets: ['appToken'],
      inherited: { url: 'app', timeZone: 'app' },
    });
    const stored = JSON.parse(readFileSync(path.join(on.configDirectory, 'config.json'), 'utf8'));
    expect(stored.profiles.t).toEqual({ extends: 'app', auth: 'none', language: 'de' });
  });

  test('when the chain is long then the nearest counts, and what changes behind shows', async () => {
    const { on } = await withApp('--language', 'nb', '--timespan', 'iso');
    await ok(on, ['profile', 'add', 'mid', '--extends', 'app', '--language', 'de']);
    await ok(on, ['profile', 'add', 'leaf', '--extends', 'mid']);
    await ok(on, ['profile', 'set', 'app', '--timespan', 'clock', '--language', 'fr']);
    expect(documentOf(await on.run(['profile', 'show', 'leaf', '-o', 'json']))).toMatchObject({
      language: 'de',
      timespan: 'clock',
      inherited: { language: 'mid', timespan: 'app', appToken: 'app' },
    });
    const shown = await ok(on, ['profile', 'show', 'leaf']);
    expect(shown).toMatch(/^language +de \(from mid\)$/m);
    expect(shown).toMatch(/^application token +stored \(file\), for http:\S+ \(from app\)$/m);
  });

  test('when profiles are listed then each shows what it uses, on one line', async () => {
    const { on, origin } = await withApp();
    await ok(on, ['profile', 'add', 't', '--extends', 'app', '--auth', 'none']);
    expect(documentOf(await on.run(['profile', 'list', '-o', 'json']))).toMatchObject({
      items: [
        { name: 'app', extends: null, url: origin, auth: 'ticket' },
        { name: 't', extends: 'app', url: origin, auth: 'none' },
      ],
    });
    expect((await ok(on, ['profile', 'list'])).split('\n')).toHaveLength(4);
  });
});

describe.concurrent('an inherited secret and another address', () => {
  test('when a tenant is on another server then it cannot extend, unless it brings its own', async () => {
    const { on, origin } = await withApp();
    const { url, requests } = elsewhere();
    const add = ['profile', 'add', 't', '--extends', 'app', '--url', url];
    const words = [
      `inherits from profile "app" belongs to ${origin}`,
      new URL(url).origin,
      '--app-token-file',
    ];
    expectRefusal(await on.run(add), 3, words);
    expect(await ok(on, ['profile', 'list'])).not.toContain(url);
    await ok(on, [...add, '--app-token-stdin'], 'own-app');
    expect((await on.run([...resync, '-p', 't'], { env: { ERPSYNC_TICKET: '7T:x' } })).exitCode).toBe(0);
    expect(requests.map(({ headers }) => headers['so-apptoken'])).toEqual(['own-app']);
  });

  test('when a tenant shall move to another server then it stays as it was', async () => {
    const { on, origin } = await withApp();
    await ok(on, ['profile', 'add', 't', '--extends', 'app', '--auth', 'none']);
    const finished = await on.run(['profile', 'set', 't', '--url', elsewhere().url]);
    expectRefusal(finished, 3, ['application token', `belongs to ${origin}`, 'profile "t" was not changed']);
    expect(await ok(on, ['profile', 'show', 't'])).toContain(origin);
  });

  test('when a flag or variable names another server then it gets no request', async () => {
    const { on } = await withApp();
    await ok(on, ['profile', 'add', 't', '--extends', 'app', '--auth', 'none']);
    const { url, requests } = elsewhere();
    expectRefusal(await on.run([...resync, '-p', 't', '--url', url]), 3, [
      'that "t" inherits from profile "app"',
      '--url',
    ]);
    const env = { ERPSYNC_URL: url, ERPSYNC_PROFILE: 't' };
    expectRefusal(await on.run(resync, { env }), 3, ['that "t" inherits from profile "app"', 'ERPSYNC_URL']);
    expect(requests).toEqual([]);
  });

  test('when the extended one moves then its heirs are warned of, and send nothing', async () => {
    const { on } = await withApp();
    const { url, requests } = tenant();
    const next = elsewhere();
    await ok(on, ['profile', 'add', 't', '--extends', 'app', '--url', url, '--auth', 'none']);
    await ok(on, ['profile', 'add', 'own', '--extends', 'app', '--ticket-stdin'], '7T:x');
    const moved = await on.run(['profile', 'set', 'app', '--url', next.url, '--app-token-stdin'], {
      input: 'new',
    });
    expect([moved.exitCode, moved.stderr.split('\n').length]).toEqual([0, 3]);
    expect(moved.stderr).toContain('warning: the application token that "t" inherits');
    expect(moved.stderr).toContain('erpsync profile set t --app-token-file <file>');
    expect(moved.stderr).toContain('warning: the ticket of profile "own" belongs to');
    expectRefusal(await on.run([...resync, '-p', 't']), 3, [
      'belongs to',
      'erpsync profile set t --app-token-file',
    ]);
    expectRefusal(await on.run([...resync, '-p', 'own']), 3, [
      'belongs to',
      'erpsync profile set own --ticket-file',
    ]);
    expect([requests, next.requests]).toEqual([[], []]);
  });

  test('when an heir has http elsewhere then what was allowed for the extended one is not allowed for it', async () => {
    const on = machineHere();
    const none = ['--auth', 'none'];
    await ok(on, ['profile', 'add', 'base', '--url', 'http://a.example', '--allow-http', ...none]);
    expectRefusal(
      await on.run(['profile', 'add', 't', '--extends', 'base', '--url', 'http://b.example']),
      2,
      ['clear'],
    );
    const heir = '{"schemaVersion":1,"profiles":{"v":{"extends":"base","url":"http://b.example"}}}';
    await ok(on, ['profile', 'import', '-'], heir);
    expectRefusal(await on.run([...resync, '-p', 'v']), 3, ['profile "v"', 'clear']);
    await ok(on, ['profile', 'add', 'u', '--extends', 'base']);
    expect(await ok(on, [...resync, '--no-check', '--dry-run', '-p', 'u'])).toContain('http://a.example/api');
  });
});

describe.concurrent('chains', () => {
  test.each<[string, string[], string[]]>([
    ['an unknown one is added', ['add', 'x', '--extends', 'ap'], ['"x" -> "ap"', 'did you mean "app"?']],
    [
      'an unknown one is set',
      ['set', 't', '--extends', 'nobody'],
      ['no profile "nobody" to extend', '"t" -> "nobody"'],
    ],
    ['one extends itself', ['set', 'app', '--extends', 'app'], ['circle', '"app" -> "app"']],
    [
      'they form a circle',
      ['set', 'app', '--extends', 't'],
      ['circle', '"app" -> "t" -> "app"', '--unset extends'],
    ],
    [
      'one that others extend is removed',
      ['remove', 'app'],
      ['"app" cannot be removed', '"t", "u" extend it'],
    ],
  ])('when %s then it is refused and the chain is named', async (_, args, words) => {
    const { on } = await withApp();
    await ok(on, ['profile', 'add', 't', '--extends', 'app']);
    await ok(on, ['profile', 'add', 'u', '--extends', 'app']);
    const before = await ok(on, ['profile', 'list']);
    expectRefusal(await on.run(['profile', ...args]), 3, words);
    expect(await ok(on, ['profile', 'list'])).toBe(before);
  });

  test('when a file was edited into a circle then it is told, listed, and can be mended', async () => {
    const { on } = await withApp();
    await ok(on, ['profile', 'add', 't', '--extends', 'app']);
    const file = path.join(on.configDirectory, 'config.json');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('"auth": "ticket"', '"auth": "ticket", "extends": "t"'),
    );
    expectRefusal(await on.run([...resync, '-p', 't']), 3, [
      'circle',
      '"t" -> "app" -> "t"',
      'profile set app --unset extends',
    ]);
    expect(await ok(on, ['profile', 'list'])).toContain('app');
    await ok(on, ['profile', 'set', 'app', '--unset', 'extends']);
    await ok(on, ['profile', 'show', 't']);
  });

  test('when the last heir is gone then the extended one can go', async () => {
    const { on } = await withApp();
    await ok(on, ['profile', 'add', 't', '--extends', 'app']);
    await ok(on, ['profile', 'remove', 't']);
    await ok(on, ['profile', 'remove', 'app']);
  });

  test('when nothing of its own names an address then it needs one or a profile that has it', async () => {
    const { on } = await withApp();
    await ok(on, ['profile', 'add', 't', '--extends', 'app']);
    expectRefusal(await on.run(['profile', 'set', 't', '--unset', 'extends']), 2, [
      'no url and no auth',
      '--url and --auth',
    ]);
    expectRefusal(await on.run(['profile', 'add', 'x', '--extends', 'app', '--allow-http']), 2, [
      '--allow-http',
      '--url',
    ]);
  });
});
