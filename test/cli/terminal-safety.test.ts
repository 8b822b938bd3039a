/**
 * Whatever a server, a file or a name says, a terminal is not steered by it. Every command is run as its help shows it,
 * against a tenant whose names, messages and headers hold all that could: a new command is here by its examples.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commands } from '../../src/commands/index.ts';
import { openProfileStore } from '../../src/profiles/store.ts';
import { expectSafeOutput, steering } from '../support/expectations.ts';
import { evil, hostileTenant, type Mood } from '../support/hostile-tenant.ts';
import { type MachineHere, machineHere } from '../support/in-process.ts';
import type { Finished } from '../support/program.ts';

const declared = await Promise.all(commands.map((entry) => entry.load()));
/** Not those that serve until they are stopped, or start a program of their own. */
const shown = declared.filter(({ path: words }) => !['sandbox', 'engine pause'].includes(words.join(' ')));
const online = shown.filter(({ flags }) => 'url' in flags);
const allLines = shown.flatMap(({ examples }) => examples.map(({ run }) => run));
const oneLineEach = online.map(({ examples }) => examples[0]?.run ?? '');

/** Some examples write files where they are run. */
const before = process.cwd();
const here = mkdtempSync(path.join(tmpdir(), 'erpsync-examples-'));
beforeAll(() => process.chdir(here));
afterAll(() => {
  process.chdir(before);
  rmSync(here, { recursive: true });
});

/** A machine with a profile for a tenant in this mood. */
async function against(mood: Mood): Promise<MachineHere> {
  const url = await hostileTenant(mood);
  const user = machineHere();
  const store = openProfileStore({ directory: user.configDirectory, uid: process.getuid?.() });
  const secrets = { origin: url, secrets: { password: 'Tje0' } };
  await store.add('prod', { url, auth: 'basic', username: 'tje0' }, secrets);
  return user;
}

/** Runs an example, with little patience where it asks a server. */
async function run(
  user: MachineHere,
  line: string,
  more: readonly string[] = [],
  terminal = true,
): Promise<Finished> {
  const words = line.split(' ').slice(1);
  const asks = online.some((command) => command.path.every((word, index) => words[index] === word));
  const limits = [...(line.includes('--timeout') ? [] : ['--timeout', '20s']), '--retries', '0'];
  return await user.run([...words, ...(asks ? limits : []), ...more], {
    env: { NO_COLOR: '1', CI: '1' },
    ...(terminal && { terminal: { columns: 10_000 } }),
  });
}

/** Nor is a line of errors a forged one. */
function expectSafe(finished: Finished): void {
  expectSafeOutput(finished);
  expect(finished.stderr).not.toMatch(/^erpsync: all is well/m);
}

describe.concurrent('the data of a tenant', () => {
  test.each(allLines)('when "%s" shows it at a terminal then nothing steers it', async (line) => {
    expectSafe(await run(await against('data'), line, ['-vv']));
  });

  // What is input for other programs stays as it is where no terminal is.
  test.each(oneLineEach.filter((line) => !line.startsWith('erpsync api')))(
    'when "%s" shows it in a log then nothing steers whoever reads that',
    async (line) => {
      expectSafe(await run(await against('data'), line, [], false));
    },
  );

  test.each(oneLineEach)('when "%s" shows it as JSON then it is escaped there', async (line) => {
    const finished = await run(await against('data'), line, ['-o', 'json']);
    expectSafe(finished);
    expect(JSON.parse(finished.stdout)).toHaveProperty('schemaVersion', 1);
  });

  test.each(oneLineEach.filter((line) => !line.startsWith('erpsync api')))(
    'when "%s" shows it over SOAP then nothing steers',
    async (line) => {
      expectSafe(await run(await against('data'), line, ['--transport', 'soap', '-vv']));
    },
  );

  test.each([
    'connections list',
    'connections get 124',
    'connectors list',
    'mappings get --connection 124 --actor-type Customer',
    'keys list --connection 124',
    'tasks show 70',
    'log',
    'engine status',
    'call GetConnection -F ErpConnectionId=124',
    'api /api/v1/User/currentPrincipal',
    'force-resync --connection 124 --ids 1',
  ])('when "%s" shows it then it is there, as escapes', async (line) => {
    const { stdout } = await run(await against('data'), `erpsync ${line}`);
    for (const sign of ['\\u001b', '\\u009b', '\\u202e', '\\u2028']) expect(stdout).toContain(sign);
  });
});

describe.concurrent('the errors of a tenant', () => {
  const moods = ['refusal', 'unauthorized', 'redirect', 'busy', 'html'] as const;
  const cases = moods.flatMap((mood) => oneLineEach.map((line): [Mood, string] => [mood, line]));
  test.each(cases)('when the answer is %s to "%s" then nothing steers the terminal', async (mood, line) => {
    expectSafe(await run(await against(mood), line, ['-vv']));
  });
});

describe('what was kept', () => {
  test('when a run holds names of the server then what is told of it later steers nothing', async () => {
    const user = await against('data');
    const report = path.join(user.home, 'report.xml');
    const summary = path.join(user.home, 'summary.md');
    const env = { NO_COLOR: '1', CI: '1', GITHUB_STEP_SUMMARY: summary };
    const keys = ['--connection', '124', '--ids', '1,2', '--chunk-size', '1', '--run', 'nightly'];
    const more = ['--rate', '1', '--deadline', '200ms', '--report', `junit=${report}`];
    const finished = await user.run(['force-resync', ...keys, ...more], {
      env,
      terminal: { columns: 10_000 },
    });
    expect(finished.exitCode).toBe(10);
    expect(readFileSync(report, 'utf8') + readFileSync(summary, 'utf8')).not.toMatch(steering);
    for (const line of ['runs list', 'runs show nightly', 'runs show nightly -o json', 'resume nightly']) {
      const told = await user.run(line.split(' '), { env, terminal: { columns: 10_000 } });
      expectSafe(told);
      expect(told.stdout + told.stderr).toContain('\\u202e');
    }
  });

  test('when a file of profiles holds such names and values then errors and lists steer nothing', async () => {
    const user = machineHere();
    const profiles = {
      good: { url: 'https://crm.example.com', auth: 'none', username: evil, language: evil },
      [evil]: { url: `https://${evil}`, auth: evil },
    };
    mkdirSync(user.configDirectory, { recursive: true, mode: 0o700 });
    for (const text of [JSON.stringify({ profiles }), JSON.stringify({ [evil]: 1 }), `{"a": ${evil}`]) {
      writeFileSync(path.join(user.configDirectory, 'config.json'), text, { mode: 0o600 });
      for (const line of [
        'profile list',
        'profile show good',
        'config explain -p good',
        'connections list',
      ]) {
        expectSafe(
          await user.run(line.split(' '), { env: { NO_COLOR: '1' }, terminal: { columns: 10_000 } }),
        );
      }
    }
  });
});
