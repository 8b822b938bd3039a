/** A bug is told with where it is, and without the secrets that its words quote. */
import { expect, test } from 'vitest';
import type { Context, Host } from '../../../src/cli/context.ts';
import { defineCommand } from '../../../src/cli/define.ts';
import { runProgram } from '../../../src/cli/program.ts';

const failing = (thrown: unknown) =>
  defineCommand({
    path: ['fail'],
    summary: 'fail',
    effect: 'read',
    arguments: {},
    flags: {},
    examples: [],
    run(_given, { conceal }: Context): Promise<never> {
      conceal('S3cret-1');
      return Promise.reject(thrown);
    },
    render: () => '',
  });

test.each<[string, unknown]>([
  ['an error', new TypeError('cannot read S3cret-1')],
  ['a text', 'cannot read S3cret-1'],
])('when %s is thrown that quotes a secret then it is masked, in the stack too', async (_what, thrown) => {
  const command = failing(thrown);
  const entry = { path: command.path, summary: command.summary, load: () => Promise.resolve(command) };
  const host = { environment: {}, homeDirectory: '/nowhere', platform: 'linux' } as unknown as Host;
  const bug = await runProgram(['fail'], [entry], host).catch((error: Error) => error);
  const { message, stack } = bug as Error;
  expect([message, stack?.split('\n', 1)[0]]).toEqual(['cannot read ***', expect.stringContaining('***')]);
  expect(stack).not.toContain('S3cret-1');
  expect(stack?.includes('crash.test.ts')).toBe(thrown instanceof Error);
});
