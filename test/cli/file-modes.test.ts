/** Whatever the umask is: what erpsync keeps, and what holds keys or secrets, is for its owner alone. */
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { machine } from '../support/program.ts';
import { startSandbox } from '../support/sandbox.ts';

const ownUmask = process.umask();
afterEach(() => process.umask(ownUmask));

/** Everything below a folder, by its path from there: its mode. */
function modesIn(folder: string): Readonly<Record<string, string>> {
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => {
    const stats = statSync(path.join(folder, name));
    return [name, `${stats.isDirectory() ? 'd' : ''}${(stats.mode & 0o777).toString(8)}`] as const;
  });
  return Object.fromEntries(found);
}

test.each([0o000, 0o022])(
  'when the umask is %i then each file is its own or as private as it is secret',
  async (umask) => {
    process.umask(umask);
    const user = machine();
    const inHome = (name: string): string => path.join(user.home, name);
    const sandbox = await startSandbox(user, [
      ...['--log', inHome('requests.ndjson'), '--state', inHome('tenant.json')],
      ...['--fault', 'poison=7', '--fault', 'reset-after-body,path=ForceResyncBatchTask,every=3,times=1'],
    ]);
    const command = inHome('secrets.sh');
    const answer = JSON.stringify({
      version: 1,
      secrets: { password: sandbox.password },
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    });
    writeFileSync(command, `#!/bin/sh\necho '${answer}'\n`, { mode: 0o700 });
    const at = ['--url', sandbox.url, '--username', sandbox.username];
    const system = [
      ...['--tenant', sandbox.tenant, '--online-url', sandbox.url, '--auth', 'system-user'],
      ...['--system-user-token-file', inHome('token'), '--private-key-file', inHome('key')],
      ...['--app-token-file', inHome('app')],
    ];
    for (const [name, text] of Object.entries({
      token: sandbox.systemUserToken,
      key: sandbox.privateKey,
      app: sandbox.appToken,
    })) {
      writeFileSync(inHome(name), text, { mode: 0o600 });
    }
    const lines = [
      ['profile', 'add', 'prod', ...at, '--password-stdin'],
      ['profile', 'add', 'system', ...system],
      ['profile', 'add', 'asking', ...at, '--credential-command', JSON.stringify([command])],
      ['connections', 'list', '-p', 'prod', '--transport', 'soap'],
      ['connections', 'list', '-p', 'system'],
      ['connections', 'list', '-p', 'asking'],
      [
        ...[
          'force-resync',
          '-p',
          'prod',
          '--connection',
          '124',
          '--ids',
          '5-9',
          '--chunk-size',
          '1',
          '--run',
          'nightly',
        ],
        ...['--failed-out', inHome('failed.txt'), '--unknown-out', inHome('unknown.txt')],
        ...['--report', `junit=${inHome('report.xml')}`],
      ],
      ['runs', 'check', '--prometheus', inHome('erpsync.prom')],
      ['runs', 'export', 'nightly', inHome('nightly.run')],
    ];
    for (const line of lines) {
      const { exitCode, stderr } = await user.run(line, { input: sandbox.password });
      expect([0, 6, 10, 11], `${line.join(' ')}: ${stderr}`).toContain(exitCode);
    }

    const kept = { ...modesIn(user.configDirectory), ...modesIn(inHome('.local/state/erpsync')) };
    expect(Object.keys(kept)).toEqual(
      expect.arrayContaining([
        'config.json',
        'secrets.json',
        'tickets.json',
        'credentials.json',
        'tenants',
        'connections',
      ]),
    );
    expect(Object.keys(kept).some((name) => name.endsWith('journal.ndjson'))).toBe(true);
    const open = Object.entries(kept).filter(([, mode]) => mode !== '600' && mode !== 'd700');
    expect(open).toEqual([]);
    for (const folder of [user.configDirectory, inHome('.local/state/erpsync')]) {
      expect([folder, (statSync(folder).mode & 0o777).toString(8)]).toEqual([folder, '700']);
    }
    const named = modesIn(user.home);
    for (const name of ['failed.txt', 'unknown.txt', 'nightly.run', 'requests.ndjson', 'tenant.json']) {
      expect([name, named[name]]).toEqual([name, '600']);
    }
    // What others are to read: neither has a key or a secret in it.
    for (const name of ['report.xml', 'erpsync.prom']) {
      expect([name, ['600', '644']]).toEqual([name, expect.arrayContaining([named[name]])]);
    }
  },
);
