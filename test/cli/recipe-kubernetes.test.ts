/** The recipes of docs/kubernetes.md: what a container would be started with is started here, killed, and started again. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { exitCodes } from '../../src/errors.ts';
import { page, shownUrl, sorted, worker } from '../support/recipes.ts';
import { resyncServer } from '../support/resync-server.ts';
import { noContent } from '../support/wire-server.ts';

interface Container {
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string }[];
}

interface Pod {
  readonly spec: { readonly restartPolicy: string; readonly containers: readonly Container[] };
}

const [cron = '', indexed = ''] = page('kubernetes.md').blocks('yaml');

/** What Kubernetes puts in by itself. */
function expanded(given: string, env: Readonly<Record<string, string>>): string {
  return given.replace(/\$\((\w+)\)/g, (whole, name: string) => env[name] ?? whole);
}

/** The environment of a container, and its words; volumes are directories of the test. */
function containerOf({ spec }: Pod, home: string, given: Readonly<Record<string, string>>) {
  const [{ command = ['erpsync'], args = [], env: variables } = { env: [] } as Container] = spec.containers;
  const env: Record<string, string> = { ...given, ERPSYNC_PASSWORD: 'x' };
  for (const { name, value } of variables) if (value !== undefined) env[name] = expanded(value, env);
  const here = (word: string): string =>
    word.replaceAll('/keys/', `${home}/`).replaceAll('/state/', `${home}/state/`);
  const stateDirectory = here(env['ERPSYNC_STATE_DIR'] ?? '');
  return {
    words: [...command, ...args].map((word) => here(expanded(word, env))),
    env: { ...env, ERPSYNC_STATE_DIR: stateDirectory },
  };
}

describe('a CronJob', () => {
  const job = parse(cron) as {
    spec: {
      concurrencyPolicy: string;
      jobTemplate: {
        spec: { podFailurePolicy: { rules: { onExitCodes: { values: number[] } }[] }; template: Pod };
      };
    };
  };
  const { spec } = job.spec.jobTemplate;

  test('when the pod is killed then the next one sends what is left, and a pod of the same Job after it nothing', async () => {
    let answered = 0;
    const server = await resyncServer(() => (answered++ === 4 ? 'wait' : noContent));
    const { user, list } = await worker(20, server);
    mkdirSync(path.join(user.home, 'state'), { mode: 0o770 });
    const { words, env } = containerOf(spec.template, user.home, { JOB_NAME: 'erpsync-nightly-29401770' });
    const small = ['--no-check', '--chunk-size', '1', '--concurrency', '1'];
    const line = [...words.slice(1).map((word) => word.replace(shownUrl, server.url)), ...small];
    const first = user.start(line, { env });
    await vi.waitUntil(() => server.waiting.length === 1, { timeout: 10_000, interval: 5 });
    first.child.kill('SIGKILL');
    await first.finished;
    const second = await user.run(line, { env });
    // What was under way is not known, and so it is not sent again.
    expect(second.exitCode).toBe(exitCodes.unknown);
    expect(sorted(server.keys())).toEqual(list);
    const third = await user.run(line, { env });
    expect([third.exitCode, server.keys().length]).toEqual([exitCodes.unknown, list.length]);
  });

  test('when it is another night then everything is sent again', async () => {
    const { user, server, list } = await worker(3);
    for (const name of ['erpsync-nightly-1', 'erpsync-nightly-2']) {
      const { words, env } = containerOf(spec.template, user.home, { JOB_NAME: name });
      const line = words.slice(1).map((word) => word.replace(shownUrl, server.url));
      expect(await user.run([...line, '--no-check'], { env })).toMatchObject({ exitCode: 0 });
    }
    expect(server.keys()).toEqual([...list, ...list]);
  });

  test('when a pod fails then another try is made only where one can help', () => {
    const ends = spec.podFailurePolicy.rules.flatMap(({ onExitCodes }) => onExitCodes.values);
    const again = Object.entries(exitCodes).filter(([, code]) => code > 1 && !ends.includes(code));
    expect(again.map(([name]) => name)).toEqual(['network', 'pending', 'unavailable', 'locked', 'storage']);
    expect(job.spec.concurrencyPolicy).toBe('Forbid');
    expect(spec.template.spec.restartPolicy).toBe('Never');
  });
});

describe('an indexed Job', () => {
  const job = parse(indexed) as { spec: { completions: number; template: Pod } };

  test('when its pods count from 0 then their parts are the whole, also when they are started again', async () => {
    const { user, server, list, run } = await worker(100);
    const start = (index: number) => {
      const given = { JOB_NAME: 'resync-2026-11', JOB_COMPLETION_INDEX: String(index) };
      const { words, env } = containerOf(job.spec.template, user.home, given);
      expect(words.slice(0, 2)).toEqual(['sh', '-c']);
      expect(words[2]).toContain(`/${job.spec.completions} `);
      return run(words[2] ?? '', env);
    };
    const indexes = Array.from({ length: job.spec.completions }, (_, index) => index);
    for (const _ of ['first', 'again']) {
      const pods = await Promise.all(indexes.map(start));
      expect(pods.map(({ exitCode }) => exitCode)).toEqual(indexes.map(() => 0));
      expect(sorted(server.keys())).toEqual(list);
    }
  });
});
