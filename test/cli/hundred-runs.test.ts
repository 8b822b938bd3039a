/** A state directory in which a year of runs has gathered. */
import { expect, test } from 'vitest';
import { machineHere } from '../support/in-process.ts';
import { resyncServer, runLine } from '../support/resync-server.ts';
import { jsonAnswer, noContent } from '../support/wire-server.ts';

test('when there are a hundred runs then each is found, checked and pruned, and the next one starts', async () => {
  const user = machineHere();
  const refused = jsonAnswer(400, { Message: 'no', MessageDetail: 'bad' });
  const server = await resyncServer((_, index) => (index === 41 ? refused : noContent));
  for (let index = 0; index < 100; index++) await user.run(runLine(server.url, 1, '--run', `night-${index}`));
  const { items } = JSON.parse((await user.run(['runs', 'list', '-o', 'json'])).stdout);
  const names = items.map(({ name }: { name: string }) => name);
  expect(names).toEqual(Array.from({ length: 100 }, (_, index) => `night-${index}`));
  expect(
    JSON.parse((await user.run(['runs', 'show', 'night-41', '-o', 'json'])).stdout).counts.rejected,
  ).toBe(1);
  expect((await user.run(['runs', 'check'])).exitCode).toBe(0);
  const again = await user.run(runLine(server.url, 1, '--run', 'night-7'));
  expect([again.exitCode, server.requests.length]).toEqual([0, 100]);
  const pruned = await user.run(['runs', 'prune', '--older-than', '0d', '-o', 'json']);
  expect(JSON.parse(pruned.stdout).removed).toHaveLength(100);
  expect((await user.run(runLine(server.url, 1))).exitCode).toBe(0);
});
