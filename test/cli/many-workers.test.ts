/** The recipes of docs/many-workers.md, as far as this machine can run them. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, inject, test } from 'vitest';
import { machine } from '../support/program.ts';
import { resyncServer } from '../support/resync-server.ts';

const recipes = readFileSync('docs/many-workers.md', 'utf8');
const hasParallel = spawnSync('parallel', ['--version']).status === 0;

/** A user with a profile `prod`, a list of keys, and `erpsync` on the path. */
async function worker(keys: number) {
  const user = machine();
  const server = await resyncServer();
  const add = ['profile', 'add', 'prod', '--url', server.url, '--auth', 'none'];
  expect(await user.run(add)).toMatchObject({ exitCode: 0 });
  const list = Array.from({ length: keys }, (_, index) => index + 1);
  writeFileSync(path.join(user.home, 'keys.txt'), list.join('\n'));
  const program = `#!/bin/sh\nexec ${process.execPath} ${inject('program')} "$@" --no-check\n`;
  writeFileSync(path.join(user.home, 'erpsync'), program, { mode: 0o755 });
  const env = { PATH: `${user.home}:${process.env['PATH'] ?? ''}`, HOME: user.home };
  const run = (line: string, more: Readonly<Record<string, string>> = {}) =>
    execa('sh', ['-c', line], { cwd: user.home, env: { ...env, ...more }, extendEnv: false, reject: false });
  return { user, server, list, run };
}

const sorted = (keys: readonly number[]): number[] => keys.toSorted((a, b) => a - b);

describe('recipes', () => {
  test.skipIf(!hasParallel)(
    'when GNU parallel runs four parts then every key comes once, also when run again',
    async () => {
      const { server, list, run } = await worker(200);
      const line = /^ {4}(parallel .*)$/m.exec(recipes)?.[1] ?? '';
      expect(await run(line)).toMatchObject({ exitCode: 0 });
      expect(sorted(server.keys())).toEqual(list);
      expect(await run(line)).toMatchObject({ exitCode: 0 });
      expect(server.keys()).toHaveLength(list.length);
    },
  );

  test('when the pods of an indexed job count from 0 then their parts are the whole', async () => {
    const { user, server, list, run } = await worker(100);
    const [, command = ''] = /exec (erpsync force-resync[\s\S]*?)\n {10}env:/.exec(recipes) ?? [];
    const line = command
      .replace(/\s+/g, ' ')
      .replace('--url https://crm.example.com/super --username svc-erp', '-p prod')
      .replace('/keys/keys.txt', 'keys.txt');
    expect(line).toContain('JOB_COMPLETION_INDEX + 1');
    const pods = await Promise.all(
      ['0', '1', '2', '3'].map((index) =>
        run(line, { JOB_COMPLETION_INDEX: index, ERPSYNC_STATE_DIR: path.join(user.home, `state-${index}`) }),
      ),
    );
    expect(pods.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
    expect(sorted(server.keys())).toEqual(list);
  });

  test('when a matrix names its parts then none is missing', () => {
    expect(recipes).toMatch(/shard: \[1, 2, 3, 4\]\n[\s\S]*--shard \$\{\{ matrix\.shard \}\}\/4/);
  });
});
