/** The pages of docs/: what they name is there, and what they show is run here as it stands. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { flagName } from '../../src/cli/flags.ts';
import { globalFlags } from '../../src/cli/globals.ts';
import { commands } from '../../src/commands/index.ts';
import { exitCodeMeanings, exitCodes } from '../../src/errors.ts';
import { parseFault } from '../../src/sandbox/faults.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { type MachineHere, machineHere, workIn } from '../support/in-process.ts';
import { loginAddress } from '../support/login-runner.ts';
import { namedCommands, shownCommands, wordsOf } from '../support/page-commands.ts';
import { machine } from '../support/program.ts';
import { shownUrl } from '../support/recipes.ts';

const declared = await Promise.all(commands.map((entry) => entry.load()));
const pages = readdirSync('docs').filter((name) => name.endsWith('.md'));
/** Tests work in the homes of their users. */
const docs = path.resolve('docs');
const textOf = (name: string): string => readFileSync(path.join(docs, name), 'utf8');

/** The command that words begin with: the longest path that fits. */
function commandOf(words: readonly string[]) {
  return declared
    .filter(({ path: own }) => own.every((word, index) => words[index] === word))
    .toSorted((a, b) => b.path.length - a.path.length)[0];
}

// The reference is made from the declarations, and another test compares them.
describe.each(pages.filter((name) => name !== 'reference.md'))('%s', (name) => {
  const text = textOf(name);

  test('when it names a command then there is one, with those flags', () => {
    const named = namedCommands(text);
    expect(named.length).toBeGreaterThan(0);
    for (const line of named) {
      const [, ...words] = wordsOf(line);
      if (words[0]?.startsWith('-')) continue;
      const command = commandOf(words);
      expect(command, line).toBeDefined();
      const known = new Set(Object.keys({ ...command?.flags, ...globalFlags }).map(flagName));
      const given = line.match(/(?<= )--[a-z][a-z-]*/g) ?? [];
      expect(
        given.filter((flag) => !known.has(flag)),
        line,
      ).toEqual([]);
    }
  });

  test('when it names a flag, a file or another page then that is there', () => {
    const flags = new Set(
      declared.flatMap(({ flags: own }) => Object.keys({ ...own, ...globalFlags })).map(flagName),
    );
    const alone = [...text.matchAll(/`(--[a-z][a-z-]*)[^`]*`/g)].map(([, flag = '']) => flag);
    expect(alone.filter((flag) => !flags.has(flag) && !flag.startsWith('--collector'))).toEqual([]);
    const linked = [...text.matchAll(/\]\(([\w.-]+\.md)\)/g)].map(([, target = '']) => target);
    expect(linked.filter((target) => !pages.includes(target))).toEqual([]);
  });
});

/** A user with the files that pages name, before a server that fails as it is told. */
async function reader(faults: readonly string[] = [], now: () => number = Date.now) {
  const user = machine();
  const here = machineHere(user.home);
  workIn(user);
  const tenantName = 'Cust12345';
  const sandbox = await startSandbox({
    host: '127.0.0.1',
    port: 0,
    tenantName,
    // The person at the browser, who follows where it leads.
    signIn: 'auto',
    faults: faults.map(parseFault),
    surroundings: { now },
  });
  onTestFinished(() => sandbox.close());
  const { url, credentials } = sandbox;
  const files = {
    'password.txt': credentials.password,
    'keys.txt': '1\n2\n3\n',
    'key.pem': credentials.privateKey,
    'app-token.txt': credentials.appToken,
    'customer-token.txt': credentials.systemUserToken,
    'ticket.txt': credentials.ticket,
  };
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(path.join(user.home, name), content, { mode: 0o600 });
  }
  const run = async (shown: string) => {
    const line = shown.includes('<run>') ? shown.replace('<run>', await latestRun(user)) : shown;
    const adapted = line.replace(shownUrl, url).replace('svc-erp', credentials.username);
    const [command = '', redirected] = adapted.replace('--env online', `--online-url ${url}`).split(' > ');
    const words = wordsOf(command).slice(1);
    if (words.slice(0, 2).join(' ') === 'auth login') {
      const started = user.start([...words, '--no-browser']);
      expect((await fetch(await loginAddress(started))).status).toBe(200);
      return await started.finished;
    }
    if (redirected !== undefined) return await user.run(words, { redirect: `> ${redirected}` });
    const startsProgram = words.slice(0, 2).join(' ') === 'engine pause';
    return await (startsProgram ? user : here).run(words);
  };
  return { user, url, run };
}

async function latestRun(user: MachineHere): Promise<string> {
  const { stdout } = await user.run(['runs', 'list', '-o', 'ids']);
  return stdout.trimEnd().split('\n').at(-1) ?? '';
}

/** A user who has stored the server as the pages say. */
async function prepared(faults: readonly string[] = [], now?: () => number) {
  const reading = await reader(faults, now);
  const add = `erpsync profile add prod --url ${shownUrl} --username svc-erp --password-file password.txt`;
  expect(await reading.run(add)).toMatchObject({ exitCode: 0 });
  return reading;
}

describe('what a page shows', () => {
  test.each(['on-site.md', 'online.md'])(
    'when %s is followed from its beginning then all of it works',
    async (name) => {
      const { run } = await reader();
      const lines = shownCommands(textOf(name));
      expect(lines.length).toBeGreaterThanOrEqual(5);
      for (const line of lines) {
        const { exitCode, stderr } = await run(line);
        // The tenant of the sandbox has fields that have vanished.
        expect([line, exitCode], stderr).toEqual([line, line.includes('mappings check') ? 6 : 0]);
      }
    },
  );

  test('when the lines of from-the-gui.md are typed then they work, and every record is asked about first', async () => {
    const { run } = await prepared();
    const lines = shownCommands(textOf('from-the-gui.md'));
    expect(lines.length).toBeGreaterThanOrEqual(8);
    for (const line of lines) {
      const { exitCode, stderr } = await run(line);
      const asked = line.endsWith('--all');
      expect([line, exitCode], stderr).toEqual([line, asked ? 2 : 0]);
      if (asked) expect(await run(`${line} --yes`)).toMatchObject({ exitCode: 0 });
    }
  });
});

const troubleshooting = textOf('troubleshooting.md');

/** The sections of the page by their headings, as `6: rejected`. */
const sections = new Map(
  troubleshooting
    .split(/^## /m)
    .slice(1)
    .map((text) => [text.split('\n', 1)[0] ?? '', text] as const),
);

describe('troubleshooting.md', () => {
  test('when codes and names are compared with those of the program then each has its section, in order', () => {
    expect([...sections.keys()]).toEqual(exitCodeMeanings.map(([code, name]) => `${code}: ${name}`));
  });

  /** How each code comes about, and how the commands of its section end then, in their order. */
  const stories: readonly {
    readonly code: keyof typeof exitCodes;
    readonly faults?: readonly string[];
    readonly lines: readonly string[];
    readonly ends: readonly number[];
  }[] = [
    { code: 'ok', lines: ['--ids 1'], ends: [0] },
    { code: 'usage', lines: [''], ends: [0] },
    { code: 'config', lines: ['--ids 1 -p nope'], ends: [0, 0] },
    { code: 'auth', faults: ['status=401,path=ForceResync'], lines: ['--ids 1'], ends: [0] },
    { code: 'forbidden', faults: ['status=403'], lines: ['--ids 1'], ends: [5] },
    { code: 'rejected', faults: ['poison=2'], lines: ['--ids 1,2'], ends: [0, 6] },
    { code: 'network', lines: ['--ids 1 --url http://127.0.0.1:1 --auth none --retries 0'], ends: [0] },
    { code: 'pending', lines: ['--ids 1 --wait --wait-timeout 1ms'], ends: [0] },
    {
      code: 'unavailable',
      faults: ['status=503,path=ForceResync'],
      lines: ['--ids 1 --retries 0'],
      ends: [],
    },
    {
      code: 'partial',
      lines: ['--ids 1,2 --chunk-size 1 --rate 1 --deadline 200ms'],
      ends: [0, 0],
    },
    {
      code: 'unknown',
      faults: ['reset-after-body,path=ForceResync,times=1'],
      lines: ['--ids 1'],
      ends: [11, 0, 0],
    },
    { code: 'storage', lines: ['--ids 1 --report junit=/dev/full'], ends: [0, 0] },
  ];

  test.each(stories)(
    'when a run ends with $code then the next commands of its section work',
    async (story) => {
      const { code, faults = [], lines, ends: due } = story;
      const { run } = await prepared(faults);
      for (const line of lines) {
        expect(await run(`erpsync force-resync --from-crm ${line}`)).toMatchObject({
          exitCode: exitCodes[code],
        });
      }
      const section = sections.get(`${exitCodes[code]}: ${code}`) ?? '';
      const ends: [string, number | undefined][] = [];
      for (const line of shownCommands(section)) ends.push([line, (await run(line)).exitCode]);
      expect(ends).toEqual(shownCommands(section).map((line, index) => [line, due[index]]));
    },
  );

  test('when another run holds the tenant then it ends with 12, and the first one is listed', async () => {
    const { user, run } = await prepared(['hang,path=ForceResync']);
    const first = user.start(['force-resync', '--from-crm', '--ids', '1']);
    await vi.waitUntil(async () => (await run('erpsync runs list -o ids')).stdout !== '', {
      timeout: 20_000,
    });
    expect(await run('erpsync force-resync --from-crm --ids 2')).toMatchObject({
      exitCode: exitCodes.locked,
    });
    const [line = ''] = shownCommands(sections.get('12: locked') ?? '');
    const { exitCode, stdout } = await run(line);
    expect([exitCode, stdout.split('\n').length]).toEqual([0, 3]);
    first.child.kill('SIGKILL');
    await first.finished;
  });

  test('when a batch task failed then it is listed', async () => {
    // A server on which no time passes, so that the task can still be stopped: as Failed.
    const startedAt = Date.now();
    const { run } = await prepared([], () => startedAt);
    await run('erpsync force-resync --from-crm --ids 1');
    const { stdout } = await run('erpsync tasks list -o ids');
    const [id = ''] = stdout.split('\n');
    expect(await run(`erpsync tasks stop ${id} --yes`)).toMatchObject({ exitCode: 0 });
    expect(await run(`erpsync tasks watch ${id}`)).toMatchObject({ exitCode: exitCodes.failed });
    const [list = '', resume = ''] = shownCommands(sections.get('13: failed') ?? '');
    expect((await run(list)).stdout).toContain(`${id} `);
    expect(await run(resume)).toMatchObject({ exitCode: 0 });
  });

  test('when a run was interrupted then the line of that section sends the rest', async () => {
    const { user, run } = await prepared(['delay=2s,path=ForceResync']);
    const first = user.start([
      'force-resync',
      '--from-crm',
      '--ids',
      '1,2',
      '--chunk-size',
      '1',
      '--concurrency',
      '1',
    ]);
    await vi.waitUntil(async () => (await run('erpsync runs list -o ids')).stdout !== '', {
      timeout: 20_000,
    });
    first.child.kill('SIGINT');
    expect(await first.finished).toMatchObject({ exitCode: 130 });
    const [line = ''] = shownCommands(sections.get('129, 130, 143: interrupted') ?? '');
    expect(await run(line)).toMatchObject({ exitCode: 0 });
  });

  test('when the journal is looked at then it tells of the last run', async () => {
    const { run } = await prepared();
    await run('erpsync force-resync --from-crm --ids 1');
    for (const line of shownCommands(troubleshooting.split(/^## /m, 1)[0] ?? '')) {
      expect(await run(line)).toMatchObject({ exitCode: 0 });
    }
  });
});
