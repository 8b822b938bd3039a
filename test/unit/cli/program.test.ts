/** What becomes of an error that nobody has foreseen. */
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { Host } from '../../../src/cli/context.ts';
import { defineCommand } from '../../../src/cli/define.ts';
import { runProgram } from '../../../src/cli/program.ts';
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

async function outcomeOf(args: readonly string[]) {
  let [stdout, stderr] = ['', ''];
  const never = new AbortController().signal;
  const host = {
    environment: {},
    stderr: new PassThrough(),
    homeDirectory: '/nowhere',
    stopped: never,
    writeStdout(text: string) {
      stdout += text;
    },
    writeStderr(text: string) {
      stderr += text;
    },
  } as unknown as Host;
  const { path, summary } = broken;
  const entry = { path, summary, load: () => Promise.resolve(broken) };
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
    'erpsync: this is a bug in erpsync: it was *** \\u001b[2J\\u202e; report it, with the version that is told by: erpsync doctor',
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
