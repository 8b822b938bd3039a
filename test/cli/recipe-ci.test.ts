/** The recipes of docs/ci.md: the files are read as YAML, and their lines run as a runner runs them. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { page, sorted, worker } from '../support/recipes.ts';
import { resyncServer } from '../support/resync-server.ts';
import { jsonAnswer, noContent } from '../support/wire-server.ts';

const { blocks, text } = page('ci.md');
const [github = '', gitlab = ''] = blocks('yaml');
const password = { ERPSYNC_PASSWORD: 'S3cret-Sentinel' };

interface Step {
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly uses?: string;
  readonly with?: { readonly path?: string };
}

interface Workflow {
  readonly concurrency: { readonly 'cancel-in-progress': boolean };
  readonly jobs: {
    readonly resync: {
      readonly strategy: { readonly matrix: { readonly shard: readonly number[] } };
      readonly steps: readonly Step[];
    };
  };
}

const workflow = parse(github) as Workflow;
const { steps, strategy } = workflow.jobs.resync;
const { shard: shards } = strategy.matrix;
/** What a workflow writes for a value of its own. */
const expression = (name: string): string => ['${{', name, '}}'].join(' ');
const forPart = (line: string, shard: number): string =>
  line.replaceAll(expression('matrix.shard'), String(shard));

describe('GitHub Actions', () => {
  const resync = steps.find(({ run }) => run?.startsWith('erpsync')) ?? {};

  test('when the matrix runs then every key comes once, and each part adds its summary and leaves its files', async () => {
    const { user, server, list, run } = await worker(100);
    const ended = await Promise.all(
      shards.map((shard) => {
        const summary = path.join(user.home, `summary-${shard}.md`);
        writeFileSync(summary, '');
        const env = { ...password, CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
        return run(forPart(resync.run ?? '', shard), {
          ...env,
          ERPSYNC_STATE_DIR: path.join(user.home, `${shard}`),
        });
      }),
    );
    expect(ended.map(({ exitCode }) => exitCode)).toEqual(shards.map(() => 0));
    expect(sorted(server.keys())).toEqual(list);
    for (const shard of shards) {
      expect(readFileSync(path.join(user.home, `summary-${shard}.md`), 'utf8')).toContain('| accepted |');
      expect(readFileSync(path.join(user.home, `resync-${shard}.xml`), 'utf8')).toContain('<testsuite ');
    }
  });

  test('when a part is refused then the annotation says so, and the left keys are a list for another run', async () => {
    let refuses = true;
    const bad = jsonAnswer(400, { Error: true, ErrorMessage: 'No' });
    const { server, list, run } = await worker(40, await resyncServer(() => (refuses ? bad : noContent)));
    const { exitCode, stderr } = await run(forPart(resync.run ?? '', 2), {
      ...password,
      GITHUB_ACTIONS: 'true',
    });
    expect(exitCode).toBe(6);
    expect(stderr).toMatch(/^::error title=erpsync force-resync%3A rejected \(6\)::/m);
    const refused = server.keys();
    refuses = false;
    const [, again = ''] = /^ {2}`(erpsync force-resync .*--ids-file failed-2\.txt)`/m.exec(text) ?? [];
    expect(await run(again)).toMatchObject({ exitCode: 0 });
    expect(server.keys()).toEqual([...refused, ...refused]);
    expect(refused.length).toBeLessThan(list.length);
  });

  test('when the password is given then it is by a secret of the job, and each left file is kept', () => {
    expect(resync.env).toEqual({ ERPSYNC_PASSWORD: expression('secrets.ERPSYNC_PASSWORD') });
    const kept = steps.find(({ uses }) => uses?.startsWith('actions/upload-artifact'))?.with?.path ?? '';
    const pattern = new RegExp(`^${forPart(kept, 2).replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
    const written = (forPart(resync.run ?? '', 2).match(/[\w-]+\.(?:xml|txt)\b/g) ?? []).filter(
      (name) => name !== 'keys.txt',
    );
    expect(written).toEqual(['resync-2.xml', 'failed-2.txt', 'unknown-2.txt']);
    for (const name of written) expect(name).toMatch(pattern);
    expect(workflow.concurrency['cancel-in-progress']).toBe(false);
  });
});

describe('GitLab', () => {
  const { resync } = parse(gitlab) as {
    resync: {
      parallel: number;
      script: string[];
      artifacts: { reports: { junit: string }; paths: string[] };
    };
  };

  test('when the parallel jobs run then every key comes once and the report is where it is looked for', async () => {
    const { user, server, list, run } = await worker(100);
    for (let index = 1; index <= resync.parallel; index += 1) {
      const env = { CI_NODE_INDEX: String(index), CI_NODE_TOTAL: String(resync.parallel) };
      const ended = await run(resync.script.join('\n'), { ...password, ...env });
      expect(ended).toMatchObject({ exitCode: 0 });
      expect(existsSync(path.join(user.home, resync.artifacts.reports.junit))).toBe(true);
    }
    expect(sorted(server.keys())).toEqual(list);
    for (const name of resync.artifacts.paths) expect(resync.script[0]).toContain(`-out ${name}`);
  });
});
