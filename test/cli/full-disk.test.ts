/** The journal of a run that can no longer be written while the run is under way, as on a full disk. */
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { machine } from '../support/program.ts';
import { resyncServer, runLine } from '../support/resync-server.ts';
import { noContent, type Reaction } from '../support/wire-server.ts';

/** Answers four at a time, when all of them have come, up to request 20. */
function inFours(): (keys: readonly number[], index: number) => Reaction | 'wait' {
  const held: Socket[] = [];
  return (_keys, index) => {
    if (index >= 20) return noContent;
    return (socket) => {
      held.push(socket);
      if (held.length === 4) for (const each of held.splice(0)) each.write(noContent);
    };
  };
}

// Where the limit falls is certain: an intent has 94 bytes and an answer 126, and four at a time keep in step.
test.each([
  { concurrency: 1, largestFile: 2, unknown: 1, which: 'the answers to 1 key' },
  { concurrency: 4, largestFile: 4, unknown: 4, which: 'the answers to 4 keys' },
  // The answer found room, the next request did not.
  { concurrency: 1, largestFile: 3, unknown: 0, which: undefined },
])(
  'when the journal may have $largestFile KiB and $concurrency at a time are sent then no room is told once, with the command that goes on, and later commands count the same',
  async ({ concurrency, largestFile, unknown, which }) => {
    const user = machine();
    const server = await resyncServer(concurrency === 4 ? inFours() : undefined);
    const line = runLine(server.url, 60, '--concurrency', String(concurrency), '--run', 'nightly');
    const ended = await user.run([...line, '-o', 'json'], { largestFile });
    const { exitCode, keys, requests, error } = JSON.parse(ended.stdout);
    const { accepted, unsent } = keys;
    expect([ended.exitCode, exitCode, error.code, keys.unknown]).toEqual([14, 14, 'storage', unknown]);
    expect(server.requests).toHaveLength(accepted + unknown);

    const journal = `${user.home}/.local/state/erpsync/runs/${JSON.parse(ended.stdout).run}/journal.ndjson`;
    const lost = which === undefined ? '' : `; ${which} could not be written down, so they count as unknown`;
    const none = unknown === 0 ? '' : `${unknown} unknown, `;
    expect(error.message).toBe(
      `${accepted} of 60 keys accepted, ${none}${unsent} not sent: ${journal} cannot be written: file too large (EFBIG)${lost}`,
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
    expect(resumed.exitCode).toBe(unknown === 0 ? 0 : 11);
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
