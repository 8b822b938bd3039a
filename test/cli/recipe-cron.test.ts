/** The recipe of docs/cron.md: its lines are run as cron runs them. The units of systemd: test/system. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { page, sorted, type Worker, worker } from '../support/recipes.ts';
import { resyncServer } from '../support/resync-server.ts';
import { jsonAnswer } from '../support/wire-server.ts';

const { blocks } = page('cron.md');
const [crontab = '', exporterLine = ''] = blocks('crontab');

/** The jobs of a crontab: five fields of time, then the command, up to a % that is not escaped. */
function jobsOf(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const job = /^(?:[\d*/,-]+ +){5}(\S.*)$/.exec(line);
    return job === null ? [] : [(job[1] ?? '').split(/(?<!\\)%/, 1)[0]?.replaceAll('\\%', '%') ?? ''];
  });
}

const [nightly = '', morning = ''] = jobsOf(crontab);

/** What cron would send as a mail: all that is printed, wherever. */
async function mailOf({ run }: Worker, line: string): Promise<string> {
  const { stdout, stderr } = await run(line);
  return stdout + stderr;
}

describe('the crontab', () => {
  test('when it is read then each line is a variable, empty or a job', () => {
    const rest = crontab.split('\n').filter((line) => line !== '' && !/^[A-Z]+=\S+$/.test(line));
    expect(rest).toHaveLength(jobsOf(crontab).length);
    expect(jobsOf(crontab)).toHaveLength(2);
  });

  test('when the night goes well then all keys are sent, once, and no mail', async () => {
    const on = await worker(50);
    expect(await mailOf(on, nightly)).toBe('');
    expect(sorted(on.server.keys())).toEqual(on.list);
    expect(await mailOf(on, nightly)).toBe('');
    expect(on.server.keys()).toHaveLength(50);
    expect(await mailOf(on, morning)).toBe('');
    const { stdout } = await on.run('erpsync runs list -o json');
    expect(JSON.parse(stdout).items).toMatchObject([
      { name: expect.stringMatching(/^nightly-\d{4}-\d\d-\d\d$/) },
    ]);
  });

  test('when the list is empty then nothing is sent, and no mail', async () => {
    const on = await worker(0);
    expect(await mailOf(on, nightly)).toBe('');
    expect(on.server.requests).toEqual([]);
  });

  test('when the server refuses then the mail is one line, from the run and in the morning', async () => {
    const refusing = await resyncServer(() => jsonAnswer(400, { Error: true, ErrorMessage: 'No' }));
    const on = await worker(5, refusing);
    expect(await mailOf(on, nightly)).toMatch(/^erpsync: .*No.*$/);
    expect(await mailOf(on, morning)).toMatch(/^erpsync: run nightly-\S+ did not go well: .*$/);
  });

  test('when the night did not happen then the morning says so in one line', async () => {
    expect(await mailOf(await worker(5), morning)).toMatch(
      /^erpsync: there is no run: .*; see: erpsync runs list$/,
    );
  });
});

describe('the figures for Prometheus', () => {
  const file = '/var/lib/prometheus/node-exporter/erpsync.prom';

  test('when the exporter line runs then the file holds each series that the alerts ask for', async () => {
    const on = await worker(5);
    await on.run(nightly);
    const [line = ''] = jobsOf(exporterLine);
    expect(line).toContain(file);
    const written = path.join(on.user.home, 'erpsync.prom');
    expect(await on.run(line.replace(file, written))).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
    const figures = readFileSync(written, 'utf8');
    const [rules = ''] = blocks('yaml');
    const { groups } = parse(rules) as { groups: { rules: { alert: string; expr: string }[] }[] };
    const asked = groups.flatMap((group) =>
      group.rules.flatMap(({ expr }) => expr.match(/erpsync_\w+/g) ?? []),
    );
    expect(asked.length).toBeGreaterThanOrEqual(5);
    for (const name of asked) expect(figures).toMatch(new RegExp(`^${name}\\{profile="prod"`, 'm'));
    expect(figures).toContain('state="unknown"} 0');
  });

  test('when the file cannot be written then the code says so', async () => {
    const on = await worker(5);
    await on.run(nightly);
    writeFileSync(path.join(on.user.home, 'file'), '');
    const [line = ''] = jobsOf(exporterLine);
    expect(await on.run(line.replace(file, 'file/erpsync.prom'))).toMatchObject({ exitCode: 14 });
  });
});
