/** The pages of help: what is on them, where they go, and how they look on a terminal. */
import { describe, expect, test } from 'vitest';
import { flagName } from '../../src/cli/flags.ts';
import { globalFlags } from '../../src/cli/globals.ts';
import { groupSummaries, helpTasks } from '../../src/cli/help-tasks.ts';
import { helpTopics } from '../../src/cli/help-topics.ts';
import { commands } from '../../src/commands/index.ts';
import { everyCommandCodes } from '../../src/errors.ts';
import { expectRefusal } from '../support/expectations.ts';
import { machineHere, runHere } from '../support/in-process.ts';

/** A page without the line breaks that its width made. */
function unwrapped(page: string): string {
  return page.replace(/\s+/g, ' ');
}

async function pageOf(args: readonly string[], terminal = {}): Promise<string> {
  const { exitCode, stdout, stderr } = await runHere(args, terminal);
  expect([exitCode, stderr]).toEqual([0, '']);
  return stdout;
}

const firstWords = [...new Set(commands.map(({ path: [word = ''] }) => word))];
const groups = firstWords.filter((word) => commands.every(({ path }) => path.join(' ') !== word));

describe.concurrent('the first page', () => {
  test.each([[['--help']], [['-h']], [['help']], [['--help', '--version']]])(
    'when %j is run then it is on stdout, with every command or its group',
    async (args) => {
      const page = await pageOf(args);
      for (const word of firstWords) {
        const members = commands.filter(({ path }) => path[0] === word);
        const shown = groups.includes(word) ? members[0]?.path[1] : members[0]?.summary;
        expect(unwrapped(page)).toContain(` ${word} ${shown}`);
      }
      for (const { name, summary } of helpTopics) expect(unwrapped(page)).toContain(` ${name} ${summary}`);
    },
  );

  test('when it is read then the main example comes first, and all of it fits on a screen', async () => {
    const lines = (await pageOf(['--help'])).split('\n');
    expect(lines.indexOf('Example: erpsync force-resync --connection 124 --ids 100,959')).toBe(4);
    expect(lines.length).toBeLessThanOrEqual(54);
  });

  test('when a command is declared then it stands in exactly one task, and a group has a summary', () => {
    expect(helpTasks.flatMap(({ words }) => words).toSorted()).toEqual(firstWords.toSorted());
    expect(Object.keys(groupSummaries).toSorted()).toEqual(groups.toSorted());
  });

  test('when a topic is declared then no command hides behind it', () => {
    expect(helpTopics.filter(({ name }) => firstWords.includes(name))).toEqual([]);
  });
});

describe.concurrent('a command that is missing', () => {
  test.each<[string[], string]>([
    [[], 'Usage: erpsync <command>'],
    [['-q'], 'Usage: erpsync <command>'],
    [['-q', 'profile'], 'Usage: erpsync profile <command>'],
    ...groups.map((group): [string[], string] => [[group], `Usage: erpsync ${group} <command>`]),
  ])('when it is missing after %j then help is on stderr', async (args, usage) => {
    const { exitCode, stdout, stderr } = await machineHere().run(args);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(usage);
  });
});

describe.concurrent('pages', () => {
  test.each([
    [['profile', '--help'], 'erpsync profile <command>'],
    [['help', 'profile'], 'erpsync profile <command>'],
    [['help', 'profile', 'add'], 'erpsync profile add <name>'],
    [['-o', 'json', 'profile', '-h', 'list'], 'erpsync profile list'],
    [['force-resync', '--ids', 'x', '--nonsense', '-h'], 'erpsync force-resync'],
    [['help', 'exit-codes'], '129, 130, 143'],
    [['help', 'environment'], 'ERPSYNC_APP_TOKEN'],
    [['help', 'environment'], 'ERPSYNC_STATE_DIR'],
    [['help', 'options'], '--proxy <url>'],
    [['help', 'options'], '--no-input'],
    [['help', 'secrets'], 'ERPSYNC_PRIVATE_KEY'],
    [['help', 'internal-keys'], 'ErpInternalKey'],
    [['help', 'keys'], 'erpsync keys <command>'],
  ])('when %j is run then the page is on stdout', async (args, words) => {
    expect(await pageOf(args)).toContain(words);
  });

  test.each<[string[], string[]]>([
    [['exit-code'], ['no help about "exit-code"', 'did you mean "exit-codes"?', 'erpsync help exit-codes']],
    [['enviroment'], ['did you mean "environment"?']],
    [['force-resnyc'], ['did you mean "force-resync"?', 'erpsync help force-resync']],
    [
      ['profile', 'ad'],
      ['did you mean "profile add"?', 'erpsync help profile add'],
    ],
    [['xyzzy'], ['no help about "xyzzy"', 'erpsync help']],
  ])('when %j is no topic then the nearest is named', async (words, told) => {
    expectRefusal(await machineHere().run(['help', ...words]), 2, told);
  });

  test('when help is a document then its page is plain', async () => {
    const { text } = JSON.parse(await pageOf(['help', 'exit-codes', '-o', 'json']));
    expect(text).toMatch(/^Exit codes\. /);
  });

  test('when the word behind -- looks like help then it is none', async () => {
    expectRefusal(await machineHere().run(['profile', 'show', '--', '--help']), 3, ['"--help"']);
  });

  test.each(groups)('when %s --help is run then each of its commands is there', async (group) => {
    const page = unwrapped(await pageOf([group, '--help']));
    for (const { path, summary } of commands.filter(({ path: [word] }) => word === group)) {
      expect(page).toContain(` ${path.join(' ')} ${summary}`);
    }
  });
});

describe.concurrent.each(commands.map(({ path, load }) => ({ name: path.join(' '), load })))(
  'the page of $name',
  ({ name, load }) => {
    test('when it is shown then every option is there under its group, and explained there or by help options', async () => {
      const { flags } = await load();
      const page = await pageOf([...name.split(' '), '--help']);
      const shared = unwrapped(await pageOf(['help', 'options']));
      for (const [key, { summary, group }] of Object.entries({ ...globalFlags, ...flags })) {
        const heading =
          group?.sharedAs ?? group?.heading ?? (key in flags ? 'Options' : 'Options of every command');
        const [, section = ''] = page.split(`\n${heading}`);
        const [own = ''] = section.split('\n\n');
        expect(own).toMatch(new RegExp(`[ /]${flagName(key)}\\b`));
        expect(unwrapped(group?.sharedAs === undefined ? own : shared)).toContain(summary);
      }
    });

    test('when it is shown then arguments, examples and exit codes are there', async () => {
      const { arguments: words, examples, exitCodes = [] } = await load();
      const page = await pageOf([...name.split(' '), '--help']);
      for (const key of Object.keys(words))
        expect(page).toMatch(new RegExp(`[<[]${key}(?:\\.\\.\\.)?[>\\]]`));
      for (const { run, why } of examples) {
        expect(page).toContain(`\n  ${run}\n`);
        expect(unwrapped(page)).toContain(why);
      }
      const codes = [...everyCommandCodes, ...exitCodes].toSorted((a, b) => a - b);
      const [, shown = ''] = page.split('\nExit codes:\n');
      const leading = [...shown.matchAll(/^ {2}([\d, ]*\d) {2}/gm)].map(([, code = '']) => code);
      expect(leading.flatMap((each) => each.split(', ')).map(Number)).toEqual([...new Set(codes)]);
      expect(page).not.toContain('\n\n\n');
    });
  },
);

describe.concurrent('a terminal', () => {
  const env = { TERM: 'xterm-256color' };
  const pages = [['--help'], ['runs', '--help'], ['connections', 'get', '--help'], ['help', 'environment']];

  test.each([40, 80, 200])(
    'when it has %d columns then no line is longer, but what is typed',
    async (columns) => {
      for (const args of pages) {
        const page = await pageOf(args, { terminal: { columns }, env: { ...env, NO_COLOR: '1' } });
        const long = page.split('\n').filter((line) => line.length > Math.min(columns, 100));
        expect(
          long.filter(
            (line) => !/^(?: *erpsync|Usage:|Example:|More:) ?/.test(line) && /\S\s+\S/.test(line.trim()),
          ),
        ).toEqual([]);
        expect(page.split('\n').some((line) => line.length > columns / 2 || line.length > 60)).toBe(true);
      }
    },
  );

  test('when it has colour then headings are bold, and words are the same', async () => {
    const plain = await pageOf(['runs', '--help']);
    const bold = await pageOf(['runs', '--help'], { terminal: { columns: 80 }, env });
    expect(bold).toContain('\u001b[1mCommands:\u001b[22m');
    expect(bold.replaceAll('\u001b[1m', '').replaceAll('\u001b[22m', '')).toBe(plain);
    const refused = await pageOf(['runs', '--help', '--no-color'], { terminal: { columns: 80 }, env });
    expect(refused).toBe(plain);
  });
});
