/** The recipes of docs/many-workers.md, as far as this machine can run them. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { page, sorted, worker } from '../support/recipes.ts';

const hasParallel = spawnSync('parallel', ['--version']).status === 0;

test.skipIf(!hasParallel)(
  'when GNU parallel runs four parts then every key comes once, also when run again',
  async () => {
    const { server, list, run } = await worker(200);
    const line = /^ {4}(parallel .*)$/m.exec(page('many-workers.md').text)?.[1] ?? '';
    expect(await run(line)).toMatchObject({ exitCode: 0 });
    expect(sorted(server.keys())).toEqual(list);
    expect(await run(line)).toMatchObject({ exitCode: 0 });
    expect(server.keys()).toHaveLength(list.length);
  },
);
