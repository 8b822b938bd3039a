/** The journal of a run that can no longer be written while the run is under way, as on a full disk. */
import { expect, test } from 'vitest';
import { machine } from '../support/program.ts';
import { resyncServer, runLine } from '../support/resync-server.ts';

test.each([
  [1, 'that of a request'],
  [4, 'those of several requests'],
])(
  'when %i at a time are sent and the answers (%s) find no room then that is told once, with the command that goes on, and later commands count the same',
  async (concurrency) => {
    const user = machine();
    const server = await resyncServer();
    const line = runLine(server.url, 60, '--concurrency', String(concurrency), '--run', 'nightly');
    const ended = await user.run([...line, '-o', 'json'], { largestFile: 2 });
    const { exitCode, keys, requests, error } = JSON.parse(ended.stdout);
    const { accepted, unsent, unknown } = keys;
    expect([ended.exitCode, exitCode, error.code, unknown]).toEqual([14, 14, 'storage', concurrency]);
    expect(server.requests).toHaveLength(accepted + unknown);

    const journal = `${user.home}/.local/state/erpsync/runs/${JSON.parse(ended.stdout).run}/journal.ndjson`;
    const which = concurrency === 1 ? '1 key' : `${concurrency} keys`;
    expect(error.message).toBe(
      `${accepted} of 60 keys accepted, ${unknown} unknown, ${unsent} not sent: ${journal} cannot be written: file too large (EFBIG); the answers to ${which} could not be written down, so they count as unknown`,
    );
    expect(error.hint).toBe(
      'raise the limit for the size of files (ulimit -f), then: erpsync resume nightly',
    );

    const shown = JSON.parse((await user.run(['runs', 'show', 'nightly', '-o', 'json'])).stdout);
    expect(shown.counts).toMatchObject({ accepted, unknown });
    expect(shown.requests).toMatchObject({ accepted: requests.accepted, unknown: requests.unknown });

    const resumed = await user.run([
      'resume',
      'nightly',
      '--url',
      server.url,
      '--auth',
      'none',
      '-o',
      'json',
    ]);
    expect(resumed.exitCode).toBe(11);
    expect(JSON.parse(resumed.stdout).keys).toMatchObject({ accepted: 60 - unknown, unknown, unsent: 0 });
    expect(new Set(server.keys()).size).toBe(60);
    expect(server.requests).toHaveLength(60);
  },
);

test('when there is still no room then nothing is sent, and the same command goes on', async () => {
  const user = machine();
  const server = await resyncServer();
  await user.run(runLine(server.url, 60, '--concurrency', '1', '--run', 'nightly'), { largestFile: 2 });
  const before = server.requests.length;
  // What is there is longer than any file may be.
  const line = ['resume', 'nightly', '--url', server.url, '--auth', 'none', '--wait'];
  const { exitCode, stdout, stderr } = await user.run(line, { largestFile: 1 });
  expect([exitCode, server.requests.length, stdout]).toEqual([14, before, '']);
  expect(stderr.split('\n').at(-2)).toMatch(
    /^erpsync: run nightly cannot go on: \S+journal\.ndjson cannot be written: file too large \(EFBIG\), so nothing was sent; raise the limit for the size of files \(ulimit -f\), then: erpsync resume nightly$/,
  );
});
