/** What a run leaves for CI. */
import { lstatSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { documentOf } from '../support/expectations.ts';
import { machineHere } from '../support/in-process.ts';
import { resyncServer, runLine } from '../support/resync-server.ts';
import { answer, jsonAnswer, noContent } from '../support/wire-server.ts';

const hostile = '<script>|`x`\u001b[31m\n::error::|';
const bad = jsonAnswer(400, { Error: true, ErrorMessage: hostile });

/** A run of three keys, of which the second one is refused. */
async function mixedRun(
  flags: (file: string) => readonly string[],
  env: Readonly<Record<string, string>> = {},
) {
  const user = machineHere();
  const file = path.join(user.home, 'report.xml');
  const server = await resyncServer((keys) => (keys[0] === 2 ? bad : noContent));
  const finished = await user.run(runLine(server.url, 3, '--concurrency', '1', ...flags(file)), { env });
  return { ...finished, user, file, server };
}

describe('a JUnit report', () => {
  test('when a request was refused then it is a failure, and the others passed', async () => {
    const { exitCode, file } = await mixedRun((at) => ['--report', `junit=${at}`]);
    expect(exitCode).toBe(10);
    const report = readFileSync(file, 'utf8');
    expect(report).toContain('tests="4" failures="2" errors="0" skipped="0"');
    expect(report).toContain('name="request 1, 1 key from 1: accepted"/>');
    expect(report).toMatch(
      /name="request 2, 1 key from 1: rejected"><failure message="the server refuses ForceResyncBatchTask \(HTTP 400\): &#60;script&#62;/,
    );
    expect(report).not.toContain('\u001b');
  });

  test('when a request was never tried then it was skipped, as one that was not sent', async () => {
    const user = machineHere();
    const file = path.join(user.home, 'report.xml');
    const server = await resyncServer(() => answer(404, ''));
    await user.run(runLine(server.url, 2, '--concurrency', '1', '--report', `junit=${file}`));
    const report = readFileSync(file, 'utf8');
    expect(report).toContain('tests="3" failures="2" errors="0" skipped="1"');
    expect(report).toContain('name="request 2, 1 key from 1: unsent"><skipped message="unsent"/>');
  });

  test.each([
    ['in no directory', 'none/report.xml', 'no such file or directory (ENOENT); give another path'],
    ['a directory', '.', 'it is a directory; give another path'],
  ])('when it is %s then nothing is sent, code 2', async (_, name, problem) => {
    const user = machineHere();
    const server = await resyncServer();
    const report = `junit=${path.join(user.home, name)}`;
    const { exitCode, stderr } = await user.run(runLine(server.url, 1, '--report', report));
    expect([exitCode, server.requests.length]).toEqual([2, 0]);
    expect(stderr).toContain(`--report ${report} cannot be written: ${problem}`);
  });

  test('when it cannot be written in the end then a run that went well ends with 14', async () => {
    const user = machineHere();
    const server = await resyncServer();
    const { exitCode, stderr } = await user.run(runLine(server.url, 1, '--report', 'junit=/dev/full'));
    expect([exitCode, server.requests.length]).toEqual([14, 1]);
    expect(stderr).toContain(
      '\nerpsync: --report junit=/dev/full cannot be written: no space left on device (ENOSPC); see what came of the run all the same: erpsync runs list\n',
    );
    expect(statSync('/dev/full').isCharacterDevice()).toBe(true);
  });

  test('when it cannot be written in the end then the document has that as its error', async () => {
    const { url } = await resyncServer();
    const line = runLine(url, 1, '--report', 'junit=/dev/full', '-o', 'json');
    expect(documentOf(await machineHere().run(line))).toMatchObject({
      status: 'failed',
      exitCode: 14,
      error: { code: 'storage', exitCode: 14 },
    });
  });

  test('when it is a link then that stays, and what it leads to is replaced', async () => {
    const { exitCode, file } = await mixedRun((at) => {
      symlinkSync('kept.xml', at);
      return ['--report', `junit=${at}`];
    });
    expect([exitCode, lstatSync(file).isSymbolicLink()]).toEqual([10, true]);
    expect(readFileSync(path.join(path.dirname(file), 'kept.xml'), 'utf8')).toContain('<testsuite');
  });

  test('when another form is asked for then nothing is sent, code 2', async () => {
    const { exitCode, server } = await mixedRun((at) => ['--report', `tap=${at}`]);
    expect([exitCode, server.requests]).toEqual([2, []]);
  });
});

describe('the summary of a step', () => {
  test('when GitHub asks for one then counts and error are added to it, and nothing in them is Markdown', async () => {
    const user = machineHere();
    const file = path.join(user.home, 'summary.md');
    writeFileSync(file, 'before\n');
    await mixedRun(() => [], { GITHUB_STEP_SUMMARY: file });
    const summary = readFileSync(file, 'utf8');
    expect(summary).toMatch(/^before\n### erpsync&#58; partial/);
    expect(summary).toContain('| accepted | 2 |');
    expect(summary).toContain('| rejected | 1 |');
    for (const raw of ['<script>', '::error', '`x`', '\u001b']) expect(summary).not.toContain(raw);
  });
});
