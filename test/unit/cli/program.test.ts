/** What becomes of errors: of those that nobody has foreseen, and of wrong command lines. */
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { Host } from '../../../src/cli/context.ts';
import { type AnyCommand, defineCommand } from '../../../src/cli/define.ts';
import { runProgram } from '../../../src/cli/program.ts';
import { ErpsyncError, errorValue, usageError } from '../../../src/errors.ts';
import { steering } from '../../support/expectations.ts';

const broken = defineCommand({
  path: ['broken'],
  summary: 'fails as no command should',
  effect: 'read',
  arguments: {},
  flags: {},
  examples: [{ run: 'erpsync broken', why: 'to see it fail' }],
  exitCodes: [],
  run(_, context): Promise<Record<string, never>> {
    context.conceal('S3cret-of-the-test');
    throw new TypeError('it was S3cret-of-the-test\n\u001b[2J\u202e');
  },
  render: () => '',
});

const wrong = usageError({ what: '--ids and --all exclude each other', why: 'reasons', next: 'give one' });
const stopped = AbortSignal.abort('SIGTERM');

/** A command whose error stands in what it returns. */
const telling = defineCommand({
  ...broken,
  run: () => Promise.resolve({ exitCode: 2, error: errorValue(wrong) }),
  render: () => '',
});

/** A command that fails with an error of ours. */
function failing(error: ErpsyncError) {
  return defineCommand({ ...broken, run: (): Promise<Record<string, never>> => Promise.reject(error) });
}

async function outcomeOf(
  args: readonly string[],
  command: AnyCommand = broken,
  signal: AbortSignal = new AbortController().signal,
) {
  let [stdout, stderr] = ['', ''];
  const host = {
    environment: {},
    stderr: new PassThrough(),
    homeDirectory: '/nowhere',
    stopped: signal,
    writeStdout(text: string) {
      stdout += text;
    },
    writeStderr(text: string) {
      stderr += text;
    },
  } as unknown as Host;
  const { path, summary } = broken;
  const entry = { path, summary, load: () => Promise.resolve(command) };
  const program = {
    commands: [entry as never],
    loadSchemas: () => Promise.reject(new Error('not asked for')),
  };
  const exitCode = await runProgram(['broken', ...args], program, host);
  return { exitCode, stdout, stderr };
}

test('when a command fails as nobody has foreseen then it is told as a bug, with its place and no secret', async () => {
  const { exitCode, stdout, stderr } = await outcomeOf([]);
  expect([exitCode, stdout]).toEqual([1, '']);
  const [first, ...places] = stderr.trimEnd().split('\n');
  expect(first).toBe(
    'erpsync: this is a bug in erpsync: it was *** \\u001b[2J\\u202e; report it, with what is printed by: erpsync doctor -o json',
  );
  expect(places.length).toBeGreaterThan(0);
  expect(places[0]).toContain('program.test');
  for (const place of places) expect(place).toMatch(/^ {4}at /);
  expect(stderr).not.toMatch(steering);
});

test('when the output is JSON then it is still one document', async () => {
  const { exitCode, stdout } = await outcomeOf(['-o', 'json']);
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ command: 'broken', error: { code: 'internal', exitCode: 1 } });
  expect(stdout).not.toContain('S3cret');
});

const helped = 'erpsync: --ids and --all exclude each other: reasons; give one; see: erpsync broken --help\n';

test('when a command line is wrong then the help of its command is named, thrown or returned', async () => {
  expect(await outcomeOf([], failing(wrong))).toEqual({ exitCode: 2, stdout: '', stderr: helped });
  expect(await outcomeOf([], telling)).toEqual({ exitCode: 2, stdout: '', stderr: helped });
  const { stdout } = await outcomeOf(['-o', 'json'], telling);
  expect(JSON.parse(stdout).error).toEqual({
    code: 'usage',
    exitCode: 2,
    message: '--ids and --all exclude each other: reasons',
    why: 'reasons',
    hint: 'give one; see: erpsync broken --help',
  });
});

test('when what to do next names a command already, or asks, then it reads on', async () => {
  const next = (text: string) => usageError({ what: 'w', why: 'y', next: text });
  const listed = await outcomeOf([], failing(next('see which there are: erpsync runs list')));
  expect(listed.stderr).toBe('erpsync: w: y; see which there are: erpsync runs list\n');
  const asked = await outcomeOf([], failing(next('did you mean "json"?')));
  expect(asked.stderr).toBe('erpsync: w: y; did you mean "json"? See: erpsync broken --help\n');
});

test.each([
  [0, null, 'ok'],
  [2, errorValue(wrong), 'failed'],
  [10, errorValue(new ErpsyncError('partial', { what: 'a', why: 'b', next: 'see: erpsync log' })), 'partial'],
])('when a result has the exit code %i and no status then it gets one', async (exitCode, error, status) => {
  const run = () => Promise.resolve({ found: 1, exitCode, error });
  const command = defineCommand({ ...broken, run, render: () => '' });
  const { stdout } = await outcomeOf(['-o', 'json'], command);
  const document = JSON.parse(stdout);
  expect(Object.keys(document)).toEqual(['schemaVersion', 'command', 'status', 'found', 'exitCode', 'error']);
  expect(document.status).toBe(status);
});

test('when a result says its status itself, or has no exit code, then it stays as it is', async () => {
  const own = { ...broken, run: () => Promise.resolve({ status: 200, exitCode: 2 }), render: () => '' };
  const { stdout } = await outcomeOf(['-o', 'json'], defineCommand(own));
  expect(JSON.parse(stdout)).toMatchObject({ status: 200, exitCode: 2 });
  const plain = { ...broken, run: () => Promise.resolve({ found: 1 }), render: () => '' };
  const { stdout: shown } = await outcomeOf(['-o', 'json'], defineCommand(plain));
  expect(JSON.parse(shown)).toEqual({ schemaVersion: 1, command: 'broken', found: 1 });
});

const lost = new ErpsyncError('unknown', {
  what: 'it is not known whether SyncAll took effect',
  why: 'the connection was closed',
  next: 'see: erpsync log',
  httpStatus: 502,
  concerns: [7],
});

test('when a signal has stopped the command then its error is that interruption, with all that it says', async () => {
  const { exitCode, stdout } = await outcomeOf(['-o', 'json'], failing(lost), stopped);
  expect([exitCode, JSON.parse(stdout).error]).toEqual([
    143,
    {
      code: 'interrupted',
      exitCode: 143,
      message: 'ended by SIGTERM: it is not known whether SyncAll took effect: the connection was closed',
      why: 'it is not known whether SyncAll took effect: the connection was closed',
      hint: 'see: erpsync log',
      httpStatus: 502,
      concerns: [7],
    },
  ]);
});
