import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Profile } from '../../../src/profiles/profile.ts';
import { openProfileStore } from '../../../src/profiles/store.ts';
import { startChild, useChildBundle } from './child-process.ts';
import { tempDirectory } from './temp-directory.ts';

const uid = process.getuid?.();
const profile: Profile = { url: 'https://a', auth: 'none' };
const child = useChildBundle();

it('when four processes each add fifteen profiles at once then all sixty are there', {
  timeout: 60_000,
}, async () => {
  const directory = join(tempDirectory(), 'erpsync');
  const prefixes = ['a', 'b', 'c', 'd'];
  const runs = prefixes.map((prefix) =>
    startChild(process.execPath, [child.file, 'add', directory, prefix, '15']),
  );
  expect((await Promise.all(runs)).map(({ exitCode, stdout }) => [exitCode, stdout])).toEqual(
    prefixes.map(() => [0, '']),
  );
  const store = openProfileStore({ directory, uid });
  const expected = prefixes.flatMap((prefix) => Array.from({ length: 15 }, (_, i) => `${prefix}${i}`)).sort();
  expect([...(await store.read()).profiles.keys()].sort()).toEqual(expected);
  expect((await Promise.all(expected.map((name) => store.readSecrets(name)))).includes(undefined)).toBe(
    false,
  );
});

it('when many changes of one process run at once then all are done', async () => {
  const store = openProfileStore({ directory: join(tempDirectory(), 'erpsync'), uid });
  await Promise.all(Array.from({ length: 20 }, (_, i) => store.add(`p${i}`, profile, undefined)));
  expect((await store.read()).profiles.size).toBe(20);
});

it('when a writer is killed at any moment then the files are whole', { timeout: 60_000 }, async () => {
  const directory = join(tempDirectory(), 'erpsync');
  const store = openProfileStore({ directory, uid });
  for (let i = 0; i < 50; i++)
    await store.add(`p${i}`, profile, { origin: 'https://a:443', secrets: { token: 't' } });
  for (let round = 0; round < 12; round++) {
    const writer = startChild(process.execPath, [child.file, 'churn', directory, `x${round}`]);
    for (let step = 0; step <= round % 4; step++) await once(writer.stdout, 'data');
    const reads = 1 + (round % 3);
    for (let i = 0; i < reads; i++) await store.read();
    writer.kill('SIGKILL');
    await writer;
    const { profiles } = await store.read();
    expect(profiles.size).toBeGreaterThanOrEqual(50 - 1);
    for (const name of profiles.keys()) expect(await store.readSecrets(name)).toBeDefined();
    await store.use('p0');
  }
});

it('when a killed writer left its copies then the next change removes them', async () => {
  const directory = join(tempDirectory(), 'erpsync');
  mkdirSync(directory, { mode: 0o700 });
  const left = ['secrets.new.json', 'secrets.new.json.tmp-12345678900abcde', 'config.new.json'];
  for (const name of left) writeFileSync(join(directory, name), '{"schemaVersion":1,"profi', { mode: 0o600 });
  await openProfileStore({ directory, uid }).add('prod', profile, undefined);
  expect(readdirSync(directory)).toEqual(['config.json']);
});
