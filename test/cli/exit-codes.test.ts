/**
 * The exit codes that a command declares are those that it ends with: every command that talks to the server is run
 * against servers that fail in each way.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { commands } from '../../src/commands/index.ts';
import { everyCommandCodes } from '../../src/errors.ts';
import { thisProcess } from '../../src/files/lock-owner.ts';
import { parseFault } from '../../src/sandbox/faults.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { machineHere } from '../support/in-process.ts';

const login = { ERPSYNC_USERNAME: 'tje0', ERPSYNC_PASSWORD: 'Tje0' };
/** What becomes of a request, as its exit code. */
const aboutRequests = [4, 5, 6, 7, 9, 11];

/** Command lines that change something where the examples of a command only read. */
const writing: Readonly<Record<string, readonly string[]>> = {
  call: ['call', 'ForceResync', '-F', 'ErpConnectionId=124', '-F', 'InternalKeyIds=100,959'],
  api: ['api', '/api/v1/Agents/ErpSync/SyncAll', '-X', 'POST'],
  'engine stop': ['engine', 'stop'],
  'auth status': ['auth', 'status'],
  'auth token': ['auth', 'token', '--transport', 'soap', '--show'],
};
/**
 * They need a run, a program to start, a task that runs, a connection that is inactive and could be active, or a login
 * with a browser, or they ask no server: they have tests of their own.
 */
const elsewhere = [
  ...['resume', 'engine pause', 'tasks stop', 'connections enable'],
  ...['auth login', 'auth logout', 'profile add', 'profile set'],
];

const declared = (await Promise.all(commands.map((entry) => entry.load()))).filter(
  ({ path: words, flags, exitCodes }) =>
    'url' in flags && exitCodes !== undefined && !elsewhere.includes(words.join(' ')),
);

/** An example that needs no file, without --dry-run. */
function lineOf({ path: words, examples }: (typeof declared)[number]): readonly string[] {
  const own = writing[words.join(' ')];
  if (own !== undefined) return own;
  const lines = examples
    .map(({ run }) => run.split(' ').slice(1))
    .filter((line) => !line.some((word) => /@|\.txt|\.csv|^--wait$/.test(word)));
  const [line = []] = [...lines.filter((each) => !each.includes('--dry-run')), ...lines];
  return line.filter((word) => word !== '--dry-run');
}

interface Served {
  readonly exitCode: number | undefined;
  readonly paths: readonly string[];
}

async function served(line: readonly string[], ...failing: readonly string[]): Promise<Served> {
  const user = machineHere();
  const logFile = path.join(user.home, 'requests.ndjson');
  const faults = failing.map(parseFault);
  const sandbox = await startSandbox({ host: '127.0.0.1', port: 0, faults, logFile });
  try {
    const { exitCode } = await user.run([...line, '--retries', '0'], {
      env: { ...login, ERPSYNC_URL: sandbox.url },
    });
    const lines = readFileSync(logFile, 'utf8').split('\n').filter(Boolean);
    return { exitCode, paths: lines.map((each) => String(JSON.parse(each).path)) };
  } finally {
    await sandbox.close();
  }
}

describe.each(declared.map((command) => ({ name: command.path.join(' '), command })))(
  'the exit codes of $name',
  ({ command }) => {
    const { exitCodes = [], effect } = command;
    const line = lineOf(command);

    test('when servers fail in every way then it ends with those that it declares', async () => {
      const fine = await served(line);
      expect(fine.exitCode).toBe(0);
      const failing = ['status=401', 'status=403', 'status=400', 'status=503'];
      const seen = await Promise.all(failing.map(async (fault) => (await served(line, fault)).exitCode));
      const env = { ...login, ERPSYNC_URL: 'http://127.0.0.1:9' };
      seen.push((await machineHere().run([...line, '--retries', '0'], { env })).exitCode);
      if (effect !== 'read') {
        const paths = [...new Set(fine.paths)];
        const lost = paths.map((each) => `reset-after-body,path=${each}`);
        // Some look again before they say that they do not know, and that look has to fail, too.
        const blind = paths.map((each) => `reset-before-body,every=2,path=${each}`);
        const ways = [[], ...blind.map((each) => [each])];
        const runs = lost.flatMap((each) => ways.map((way) => served(line, each, ...way)));
        seen.push(...(await Promise.all(runs)).map(({ exitCode }) => exitCode));
      }
      const allowed: readonly (number | undefined)[] = [...everyCommandCodes, ...exitCodes];
      expect(seen.filter((code) => !allowed.includes(code))).toEqual([]);
      expect(aboutRequests.filter((code) => seen.includes(code))).toEqual(
        aboutRequests.filter((code) => exitCodes.includes(code)),
      );
    });
  },
);

test('when the stored profiles are held by another process then each change of them ends with 12', async () => {
  const user = machineHere();
  await user.run(['profile', 'add', 'prod', '--url', 'http://127.0.0.1:9', '--auth', 'none']);
  const exported = path.join(user.home, 'profiles.json');
  writeFileSync(exported, '{"schemaVersion":1,"profiles":{"b":{"url":"https://x.example","auth":"none"}}}');
  writeFileSync(path.join(user.configDirectory, 'config.lock'), `${JSON.stringify(thisProcess())}\n`);
  const changes = [
    ['profile', 'add', 'a', '--url', 'http://127.0.0.1:9', '--auth', 'none'],
    ['profile', 'set', 'prod', '--language', 'nb-NO'],
    ['profile', 'use', 'prod'],
    ['profile', 'rename', 'prod', 'production'],
    ['profile', 'remove', 'prod'],
    ['profile', 'import', exported],
  ];
  const ended = await Promise.all(
    changes.map(async (line) => {
      const command = await commands
        .find(({ path: words }) => words.join() === line.slice(0, 2).join())
        ?.load();
      return [line[1], (await user.run(line)).exitCode, command?.exitCodes];
    }),
  );
  expect(ended).toEqual(changes.map(([, name]) => [name, 12, expect.arrayContaining([12])]));
}, 60_000);
