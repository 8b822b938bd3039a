/** The units of docs/cron.md, as systemd itself reads them. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { exitCodes } from '../../src/errors.ts';
import { temporaryDirectory } from '../support/program.ts';
import { page, sorted, worker } from '../support/recipes.ts';

/** The units of the page, by the names in their first lines. */
const units = new Map(
  page('cron.md')
    .blocks('ini')
    .map((text) => [path.basename(/^# (\S+)$/m.exec(text)?.[1] ?? ''), text] as const),
);

test('when systemd verifies the units then it has nothing to say', () => {
  const directory = temporaryDirectory();
  for (const [name, text] of units) writeFileSync(path.join(directory, name), text);
  const files = [...units.keys()].map((name) => path.join(directory, name));
  expect(files).toHaveLength(2);
  const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...files], {
    encoding: 'utf8',
  });
  // What it says of other units of the machine is no matter.
  const said = (stdout + stderr).split('\n').filter((line) => line.includes('erpsync'));
  expect([status, said]).toEqual([0, []]);
});

test('when a word of a unit is wrong then that is seen by this test', () => {
  const directory = temporaryDirectory();
  const file = path.join(directory, 'erpsync-nightly.service');
  writeFileSync(file, (units.get('erpsync-nightly.service') ?? '').replace('RestartSec', 'RestartSecs'));
  const { stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' });
  expect(stdout + stderr).toContain('RestartSecs');
});

test('when the run ends with a code then another try is made only where one can help', () => {
  const [, given = ''] =
    /^RestartPreventExitStatus=(.*)$/m.exec(units.get('erpsync-nightly.service') ?? '') ?? [];
  const again = Object.entries(exitCodes).filter(
    ([, code]) => code > 0 && !given.split(' ').map(Number).includes(code),
  );
  expect(again.map(([name]) => name)).toEqual(['network', 'pending', 'unavailable', 'locked']);
});

test('when the time of the timer is read then it is half past three, each day', () => {
  const [, when = ''] = /^OnCalendar=(.*)$/m.exec(units.get('erpsync-nightly.timer') ?? '') ?? [];
  const { stdout } = spawnSync('systemd-analyze', ['calendar', '--iterations=2', when], { encoding: 'utf8' });
  expect(stdout).toContain('Normalized form: *-*-* 03:30:00');
});

test('when the command of the service is run then all keys are sent, and once when it is started again', async () => {
  const { server, list, run } = await worker(30);
  const [, command = ''] = /^ExecStart=(.*)$/m.exec(units.get('erpsync-nightly.service') ?? '') ?? [];
  // systemd takes $$ for $ and %% for %, and starts no shell: /bin/sh is in the command.
  const line = command.replaceAll('$$', '$').replaceAll('%%', '%');
  for (const _ of ['first', 'again']) {
    expect(await run(line)).toMatchObject({ exitCode: 0 });
    expect(sorted(server.keys())).toEqual(list);
  }
});
