/** On GitHub: errors and warnings are annotations, and no text from outside is a command to the runner. */
import { describe, expect, test } from 'vitest';
import { machineHere } from '../support/in-process.ts';
import { resyncServer, runLine } from '../support/resync-server.ts';
import { jsonAnswer, wireServer } from '../support/wire-server.ts';

const github = { GITHUB_ACTIONS: 'true' };
const hostile = '::error::a\n ::add-mask::b\r::stop-commands::c\u2028\u00a0::warning::d ##[error]e 100 %';

/** What the runner would take for a command, by its own rules: at the beginning of a line, or in brackets anywhere. */
function commandsIn(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n/).filter((line) => /^[\s\u0085]*::\S|##\[/.test(line));
}

async function refused(env: Readonly<Record<string, string>>, ...more: readonly string[]) {
  const server = await resyncServer(() => jsonAnswer(400, { Error: true, ErrorMessage: hostile }));
  return await machineHere().run(runLine(server.url, 1, ...more), { env });
}

describe('an error', () => {
  test('when a run is refused on GitHub then it is one annotation with the name of the code', async () => {
    const { exitCode, stdout, stderr } = await refused(github);
    expect(exitCode).toBe(6);
    const commands = commandsIn(stderr);
    expect(commands).toEqual([
      expect.stringMatching(/^::error title=erpsync force-resync%3A rejected \(6\)::\S/),
    ]);
    expect(commands[0]).toContain('100 %25');
    expect(commandsIn(stdout)).toEqual([]);
  });

  test('when the document is on stdout then the annotation is on stderr all the same', async () => {
    const { stdout, stderr } = await refused(github, '-o', 'json');
    expect(JSON.parse(stdout).error.message).toContain('##[error]e');
    expect(commandsIn(stdout)).toEqual([]);
    expect(commandsIn(stderr)).toEqual([expect.stringMatching(/^::error title=/)]);
  });

  test('when events are on stdout then no line of them is a command', async () => {
    const { stdout, stderr } = await refused(github, '-o', 'ndjson');
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).type),
    ).toContain('end');
    expect(commandsIn(stdout)).toEqual([]);
    expect(commandsIn(stderr)).toHaveLength(1);
  });

  test('when the command line is wrong then that is an annotation, too', async () => {
    const { exitCode, stderr } = await machineHere().run(['force-resync', '--idz', '1'], { env: github });
    expect([exitCode, stderr.trimEnd().split('\n')]).toEqual([
      2,
      [expect.stringMatching(/^::error title=erpsync force-resync%3A usage \(2\)::.*--idz/)],
    ]);
  });

  test('when it holds a secret then that is masked', async () => {
    const server = await resyncServer(() =>
      jsonAnswer(400, { Error: true, ErrorMessage: 'no S3cret%Sentinel, no' }),
    );
    const line = runLine(server.url, 1).map((word) => (word === 'none' ? 'bearer' : word));
    const { stderr } = await machineHere().run(line, {
      env: { ...github, ERPSYNC_TOKEN: 'S3cret%Sentinel' },
    });
    expect(commandsIn(stderr)).toEqual([expect.stringContaining('no ***, no')]);
  });

  test.each([{}, { GITHUB_ACTIONS: 'false' }, { CI: 'true' }])(
    'when it is not on GitHub (%o) then it is a line',
    async (env) => {
      const { stderr } = await refused(env);
      expect(stderr).toMatch(/^erpsync: /m);
      expect(stderr).not.toContain('::error title');
    },
  );
});

describe('a warning', () => {
  test('when there is one on GitHub then it is an annotation', async () => {
    const { url } = await wireServer(() => jsonAnswer(200, []));
    const line = ['mappings', 'check', '--url', url, '--auth', 'none'];
    const run = await machineHere().run(line, { env: github });
    expect(commandsIn(run.stderr)).toEqual(['::warning title=erpsync::there is no mapping to check']);
  });
});

describe('text of a server', () => {
  const named = [
    {
      ErpConnectionId: 7,
      ConnectionId: 'x',
      DisplayName: hostile,
      DisplayDescription: hostile,
      Active: true,
    },
  ];

  test.each([
    ['a table', []],
    ['JSON', ['-o', 'json']],
    ['events', ['-o', 'ndjson']],
    ['what travels', ['-vv']],
  ])('when %s shows it then none of it is a command', async (_, flags) => {
    const { url } = await wireServer(() => jsonAnswer(200, named));
    const line = ['connections', 'list', '--url', url, '--auth', 'none', ...flags];
    const { stdout, stderr } = await machineHere().run(line, { env: github });
    expect(stdout).toContain('warning::d');
    expect([...commandsIn(stdout), ...commandsIn(stderr)]).toEqual([]);
  });

  test('when api prints a body then none of it is a command, and JSON has the same meaning', async () => {
    const body = { names: [hostile] };
    const { url } = await wireServer(() => jsonAnswer(200, body));
    const line = ['api', 'v1/Any', '--url', url, '--auth', 'none'];
    const { stdout } = await machineHere().run(line, { env: github });
    expect(JSON.parse(stdout)).toEqual(body);
    expect(commandsIn(stdout)).toEqual([]);
  });
});
