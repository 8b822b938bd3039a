/** What help and README show is run here as it stands, so that it stays true. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { commands } from '../../src/commands/index.ts';
import { exitCodeMeanings } from '../../src/errors.ts';
import { openProfileStore } from '../../src/profiles/store.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { documentOf } from '../support/expectations.ts';
import { machineAtHome } from '../support/in-process.ts';
import { addOidcProfile, loginAddress } from '../support/login-runner.ts';
import { nativeApp, oidcTenant, openidProvider } from '../support/openid-provider.ts';
import { firstLine, type Machine, machine, temporaryDirectory } from '../support/program.ts';

const readme = readFileSync('README.md', 'utf8');

type User = Pick<Machine, 'home' | 'configDirectory' | 'run'>;

/** A user with the files that the examples name, and with profiles for a running sandbox. */
async function preparedUser(user: User): Promise<User & { readonly url: string }> {
  const sandbox = await startSandbox({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => sandbox.close());
  const { url } = sandbox;
  const keys = Array.from({ length: 2500 }, (_, index) => index + 1);
  const files = {
    'password.txt': 'Tje0\n',
    'ticket.txt': '7T:x\n',
    'app-token.txt': 'x\n',
    'profiles.json':
      '{"schemaVersion":1,"profiles":{"other":{"url":"https://crm.example.com","auth":"none"}}}\n',
    'connection.json': '{"description":"Customers of the main company"}\n',
    'mapping.json': '{"fieldMappings":[{"erpFieldId":501,"showInGui":false}]}\n',
    'lists.json':
      '{"erpListItemMappings":[{"erpFieldId":504,"erpCrmListItemMappings":[{"erpListItemId":"20","crmListItem":null}]}]}\n',
    'keys.txt': keys.join('\n'),
    'keys.csv': 'Key;Name\n100;Ola\n959;"Kari; Co"\n',
  };
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(path.join(user.home, name), content, { mode: 0o600 });
  }
  return { ...user, url };
}

async function addProfile(user: User & { readonly url: string }, name: string): Promise<void> {
  const { configDirectory, url } = user;
  const store = openProfileStore({ directory: configDirectory, uid: process.getuid?.() });
  const secrets = { origin: new URL(url).origin, secrets: { password: 'Tje0' } };
  await store.add(name, { url, auth: 'basic', username: 'tje0' }, secrets);
}

/** A run called nightly, of which one request was sent and another one was not. */
async function interruptedRun(user: User): Promise<void> {
  const keys = ['--ids', '1,2', '--chunk-size', '1', '--rate', '1', '--deadline', '200ms', '--no-check'];
  const finished = await user.run(['force-resync', '--from-crm', ...keys, '--run', 'nightly']);
  expect(finished).toMatchObject({ exitCode: 10 });
}

/** A user who has what an example of a command needs. */
async function userFor(command: string, run: string): Promise<User> {
  // It starts a program.
  const user = await preparedUser(command === 'engine pause' ? machine() : machineAtHome());
  if (command !== 'profile add') await addProfile(user, command === 'profile remove' ? 'old' : 'prod');
  if (run.includes('--extends app')) {
    await user.run(['profile', 'add', 'app', '--env', 'online', '--auth', 'ticket']);
  }
  if (['resume', 'runs export', 'runs show', 'runs keys'].includes(command)) await interruptedRun(user);
  if (command === 'runs check') await user.run(['force-resync', '--from-crm', '--ids', '1']);
  if (command === 'runs import') {
    await interruptedRun(user);
    await user.run(['runs', 'export', 'nightly', 'other.run']);
  }
  return user;
}

/** The words of a command line as a shell has them. */
function wordsOf(line: string): string[] {
  return (line.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^'|'$/g, ''));
}

const declared = await Promise.all(commands.map((entry) => entry.load()));
const examples = declared.flatMap(({ path: words, examples: shown }) =>
  shown.map(({ run }) => ({ command: words.join(' '), run })),
);

describe('examples in help', () => {
  test('when a command is declared then it has at least two examples, each of its own', () => {
    const without = declared.filter(({ path: words, examples: shown }) => {
      const own = shown.filter(({ run }) => `${run} `.startsWith(`erpsync ${words.join(' ')} `));
      return (
        own.length < 2 || own.length < shown.length || new Set(own.map(({ run }) => run)).size < own.length
      );
    });
    expect(without.map(({ path: words }) => words)).toEqual([]);
  });

  test.each(examples.filter(({ command }) => !['sandbox', 'auth login'].includes(command)))(
    'when "$run" is typed then it works',
    async ({ command, run }) => {
      const user = await userFor(command, run);
      const finished = await user.run(wordsOf(run).slice(1));
      // A look at the run ends as the run stands: partly sent.
      expect(finished).toMatchObject({ exitCode: run.endsWith('--unknown check') ? 10 : 0 });
    },
  );

  test.each(examples.filter(({ command }) => command === 'auth login'))(
    'when "$run" is typed then it logs in',
    async ({ run }) => {
      const provider = await openidProvider();
      const user = machine();
      await addOidcProfile(user, provider.url, oidcTenant, nativeApp);
      const started = user.start(run.split(' ').slice(1));
      const back = await provider.browse((await loginAddress(started)).href);
      expect((await fetch(back)).status).toBe(200);
      expect(await started.finished).toMatchObject({ exitCode: 0 });
    },
  );

  // Their first examples; that the document is as its schema says is checked wherever one is printed.
  test.each(
    declared
      .filter(({ path: words }) => !['sandbox', 'auth login'].includes(words.join(' ')))
      .map(({ path: words, examples: [first] }) => ({ words, run: first?.run ?? '' })),
  )('when "$run" is typed with -o json then it prints one document', async ({ words, run }) => {
    const user = await userFor(words.join(' '), run);
    const rest = wordsOf(run.replace(/ -o \w+/, '')).slice(1 + words.length);
    const finished = await user.run([...words, '-o', 'json', ...rest]);
    expect(finished.exitCode).toBe(0);
    expect(documentOf(finished)).toMatchObject({ schemaVersion: 1, command: words.join(' ') });
  });

  test.each(examples.filter(({ command }) => command === 'sandbox'))(
    'when "$run" is typed then it serves',
    async ({ run }) => {
      const started = machine().start(run.split(' ').slice(1));
      const { url } = JSON.parse(await firstLine(started));
      expect((await fetch(`${url}/api`)).status).toBe(run.includes('--fault') ? 503 : 200);
      started.child.kill();
      await started.finished;
    },
  );
});

describe('README', () => {
  test('when its examples are typed then they print what it shows', async () => {
    const user = await preparedUser(machine());
    const real = (shown: string): string => shown.replaceAll('https://crm.example.com/super', user.url);
    const blocks = [...readme.slice(readme.indexOf('## Use it')).matchAll(/```\n(\$ [\s\S]*?)```/g)];
    expect(blocks.length).toBeGreaterThanOrEqual(4);
    for (const [, block = ''] of blocks) {
      const [line = '', ...shown] = block.trimEnd().split('\n');
      const [command = '', echo] = line.split(' ; ');
      const { stdout, stderr, exitCode } = await user.run(
        real(command.replace('svc-erp', 'tje0')).split(' ').slice(2),
      );
      // Notes come before the result, an error after it.
      const told = `${exitCode === 0 ? stderr + stdout : stdout + stderr}${echo ? `${exitCode}\n` : ''}`;
      const expected = real(`${shown.join('\n')}\n`);
      expect(told).toBe(expected);
    }
  });

  test('when it lists the exit codes then they are those of the program', () => {
    const rows = [...readme.matchAll(/^\| ([\d, ]+) \| (\w+) \| (.+) \|$/gm)].map(([, ...cells]) => cells);
    expect(rows).toEqual(exitCodeMeanings);
  });
});

test('when the server gets no resync then the demo fails', () => {
  const directory = temporaryDirectory();
  const program = path.join(directory, 'erpsync.cjs');
  // The real program, except that force-resync does nothing and claims success.
  writeFileSync(
    program,
    `if (process.argv[2] !== 'force-resync') require('node:child_process').spawn(process.execPath, [${JSON.stringify(inject('program'))}, ...process.argv.slice(2)], { stdio: 'inherit' }).on('exit', (code) => { process.exitCode = code; }).on('spawn', function () { process.on('SIGTERM', () => this.kill()); });`,
  );
  const env = { PATH: process.env['PATH'], ERPSYNC_BIN: program };
  const { status, stderr } = spawnSync(process.execPath, ['test/demo.js'], { env, encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toContain('demo failed: the request was for other keys');
});

test('when the demo is run then it shows the batch task for the two keys, to its end', () => {
  const env = { PATH: process.env['PATH'], ERPSYNC_BIN: inject('program') };
  const shown = execFileSync(process.execPath, ['test/demo.js'], {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  expect(shown).toContain('$ erpsync force-resync --connection 124 --ids 100,959\n');
  expect(shown).toContain('with the keys 100, 959: HTTP 204');
  expect(shown).toMatch(/Succeeded, 100 %.*2 keys\n2 records resynced\n$/);
});
