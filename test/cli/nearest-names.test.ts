/** Every place where a name is typed tells the nearest one for a typo, in the same words. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { expectRefusal } from '../support/expectations.ts';
import { type MachineHere, machineHere } from '../support/in-process.ts';

const login = { ERPSYNC_USERNAME: 'tje0', ERPSYNC_PASSWORD: 'Tje0' };
const resync = ['force-resync', '--from-crm', '--ids', '1'];

describe.concurrent('what is typed', () => {
  test.each<[what: string, args: string[], nearest: string, next: string]>([
    ['a command', ['force-resnyc'], 'force-resync', 'erpsync force-resync --help'],
    ['a command in capitals', ['RESUME'], 'resume', 'erpsync resume --help'],
    ['a group', ['conections', 'list'], 'connections', 'erpsync connections --help'],
    ['a subcommand', ['connections', 'lsit'], 'connections list', 'erpsync connections list --help'],
    ['a topic of help', ['help', 'secret'], 'secrets', 'erpsync help secrets'],
    ['an option', [...resync, '--dryrun'], '--dry-run', 'erpsync force-resync --help'],
    ['an option with a value', [...resync, '--chunksize=5'], '--chunk-size', 'erpsync force-resync --help'],
    [
      'an option of every command',
      ['runs', 'list', '--confg-dir=x'],
      '--config-dir',
      'erpsync runs list --help',
    ],
    ['--mode', [...resync, '--mode', 'bacth'], 'batch', ''],
    ['--output', ['runs', 'list', '--output', 'jsn'], 'json', ''],
    ['--output for short', ['runs', 'list', '-o', 'tabel'], 'table', ''],
    ['--actor-type', [...resync, '--actor-type', 'Custommer'], 'Customer', ''],
    ['--actor-type in small letters', [...resync, '--actor-type', 'supplier'], 'Supplier', ''],
    ['--format', [...resync, '--format', 'cvs'], 'csv', ''],
    ['--unresolved', [...resync, '--unresolved', 'skipp'], 'skip', ''],
    ['--unknown', ['resume', '--unknown', 'rety'], 'retry', ''],
    ['--auth', [...resync, '--auth', 'basci'], 'basic', ''],
    ['--env', [...resync, '--env', 'onlin'], 'online', ''],
    ['--transport', [...resync, '--transport', 'SOAP'], 'soap', ''],
    ['--unset', ['profile', 'set', 'prod', '--unset', 'langauge'], 'language', ''],
    ['--state of tasks', ['tasks', 'list', '--state', 'faild'], 'Failed', ''],
    ['--state of keys', ['runs', 'keys', 'x', '--state', 'rejectd'], 'rejected', ''],
    ['an operation', ['call', 'GetConection'], 'GetConnection', ''],
    ['a parameter', ['call', 'GetConnection', '-F', 'ConnectionId=1'], 'ErpConnectionId', ''],
    ['a fault', ['sandbox', '--fault', 'half-respons'], 'half-response', ''],
  ])('when %s is mistyped then the nearest is named', async (_, args, nearest, next) => {
    expectRefusal(await machineHere().run(args), 2, [`did you mean "${nearest}"?`, next]);
  });

  test.each<[string, string]>([
    ['ERPSYNC_AUTH', 'tickt'],
    ['ERPSYNC_TRANSPORT', 'rset'],
  ])('when %s is mistyped then the nearest is named', async (name, value) => {
    const env = { ERPSYNC_URL: 'http://127.0.0.1:9', [name]: value };
    expectRefusal(await machineHere().run(resync, { env }), 2, [name, `"${value}"`, 'did you mean "']);
  });

  test('when nothing is near then it is told what there is', async () => {
    expectRefusal(await machineHere().run([...resync, '--mode', 'xyzzy']), 2, [
      'batch, direct',
      'give one of them',
    ]);
  });
});

describe.concurrent('what is stored', () => {
  async function withProfile(user: MachineHere): Promise<MachineHere> {
    const added = await user.run(['profile', 'add', 'prod', '--url', 'http://127.0.0.1:9', '--auth', 'none']);
    expect(added.exitCode).toBe(0);
    return user;
  }

  test.each<[string, string[]]>([
    ['--profile', [...resync, '-p', 'pord']],
    ['profile show', ['profile', 'show', 'pord']],
    ['profile use', ['profile', 'use', 'PROD']],
    ['profile set', ['profile', 'set', 'prd', '--language', 'en']],
    ['profile remove', ['profile', 'remove', 'prdo']],
    ['profile export', ['profile', 'export', 'prod1']],
    ['--extends', ['profile', 'add', 'x', '--extends', 'pro', '--tenant', 'Cust1', '--env', 'sod']],
  ])('when a profile is mistyped in %s then the nearest is named', async (_, args) => {
    expectRefusal(await (await withProfile(machineHere())).run(args), 3, ['did you mean "prod"?']);
  });

  test('when ERPSYNC_PROFILE is mistyped then the nearest is named', async () => {
    const user = await withProfile(machineHere());
    const finished = await user.run(resync, { env: { ERPSYNC_PROFILE: 'porod' } });
    expectRefusal(finished, 3, ['did you mean "prod"?']);
  });

  test('when a member of an import is mistyped then the nearest is named', async () => {
    const user = machineHere();
    const file = path.join(user.home, 'profiles.json');
    writeFileSync(file, '{"schemaVersion":1,"profiles":{"a":{"url":"https://x.example","langauge":"en"}}}');
    expectRefusal(await user.run(['profile', 'import', file]), 3, ['"langauge"', 'did you mean "language"?']);
  });

  test('when a run is mistyped then the nearest is named', async () => {
    const sandbox = await startSandbox({ host: '127.0.0.1', port: 0 });
    const user = machineHere();
    const env = { ...login, ERPSYNC_URL: sandbox.url };
    expect(await user.run([...resync, '--run', 'nightly'], { env })).toMatchObject({ exitCode: 0 });
    const typed = [
      ['resume', 'nigthly'],
      ['runs', 'show', 'nigthly'],
      ['runs', 'keys', 'nigthly', '--state', 'rejected'],
      ['runs', 'export', 'nigthly', path.join(user.home, 'x.run')],
    ];
    for (const words of typed) {
      expectRefusal(await user.run(words, { env }), 2, ['no run "nigthly"', 'did you mean "nightly"?']);
    }
    await sandbox.close();
  });
});
