/** How keys are sent: operations, sizes, splitting, and what is left over. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type MachineHere, machineAtHome } from '../support/in-process.ts';
import { jsonAnswer, noContent, type Reaction, wireServer } from '../support/wire-server.ts';

const isOk = jsonAnswer(200, { IsOk: true });
const refused = jsonAnswer(400, { Message: 'The request is invalid.' });

function keysIn(request: string): number[] {
  return JSON.parse(request.split('\r\n\r\n')[1] || '{}').InternalKeyIds;
}

async function resync(
  args: readonly string[],
  react: (request: string) => Reaction,
  user: MachineHere = machineAtHome(),
) {
  const server = await wireServer(react);
  const line = [
    'force-resync',
    '--connection',
    '124',
    '--no-check',
    '--auth',
    'none',
    '--url',
    server.url,
    '--retries',
    '0',
  ];
  const finished = await user.run([...line, ...args]);
  const operations = server.requests.map((request) => request.split(' ')[1]?.split('/').at(-1));
  return { ...finished, user, operations, keys: server.requests.map(keysIn) };
}

describe('mode', () => {
  test.each([
    [['--mode', 'direct'], 'ForceResync'],
    [['--keep-non-blank'], 'ForceResyncNoBlankValues'],
    [['--mode', 'direct', '--keep-non-blank'], 'ForceResyncNoBlankValues'],
  ])(
    'when %j is given then %s is called, 25 keys at a time, and done means done',
    async (args, operation) => {
      const { exitCode, stdout, operations, keys } = await resync(['--ids', '1-30', ...args], () => isOk);
      expect({ exitCode, operations }).toEqual({ exitCode: 0, operations: [operation, operation] });
      expect(keys.map((list) => list.length)).toEqual([25, 5]);
      expect(stdout).toMatch(
        /^Resynced, as the server says: 30 keys in 2 requests, from ERP connection 124 /,
      );
    },
  );

  test('when the server says that it went wrong then the code is 6 and its words are shown', async () => {
    const answer = jsonAnswer(200, { IsOk: false, UserExplanation: 'Connector is down', ErrorCode: 'E7' });
    const { exitCode, stdout, stderr } = await resync(['--ids', '1', '--mode', 'direct'], () => answer);
    expect({ exitCode, stdout }).toEqual({ exitCode: 6, stdout: 'Nothing was resynced.\n' });
    expect(stderr).toContain('Connector is down (E7)');
  });
});

describe('connection by name', () => {
  const connections = (...names: readonly [number, string, boolean][]): string =>
    jsonAnswer(
      200,
      names.map(([ErpConnectionId, DisplayName, Active]) => ({
        ErpConnectionId,
        DisplayName,
        Active,
        Deleted: false,
      })),
    );

  test('when one active connection has the name then it is the source', async () => {
    const list = connections([7, 'Visma', false], [8, 'Visma', true], [9, 'Xledger', true]);
    const server = await wireServer((request) => (request.includes('GetAllConnections') ? list : noContent));
    const line = [
      'force-resync',
      '--connection-name',
      'Visma',
      '--ids',
      '1',
      '--no-check',
      '--auth',
      'none',
      '--url',
      server.url,
    ];
    expect(await machineAtHome().run(line)).toMatchObject({ exitCode: 0 });
    expect(server.requests.at(-1)).toContain('{"ErpConnectionId":8,"InternalKeyIds":[1]}');
  });

  test.each([
    [
      'none',
      connections([8, 'Xledger', true]),
      ['no active ERP connection "Xledgr"', 'did you mean "Xledger"?'],
    ],
    ['two', connections([8, 'Xledgr', true], [9, 'Xledgr', true]), ['several', '8, 9', '--connection']],
  ])('when %s has it then nothing is sent and the code is 6', async (_, list, words) => {
    const server = await wireServer(() => list);
    const line = [
      'force-resync',
      '--connection-name',
      'Xledgr',
      '--ids',
      '1',
      '--auth',
      'none',
      '--url',
      server.url,
    ];
    const { exitCode, stderr } = await machineAtHome().run(line);
    expect(exitCode).toBe(6);
    for (const word of [...words, 'nothing was sent']) expect(stderr).toContain(word);
    expect(server.count('ForceResyncBatchTask')).toBe(0);
  });
});

describe('split', () => {
  const poisoned = (request: string): Reaction => (keysIn(request).includes(13) ? refused : noContent);

  test('when one key is bad then it alone is refused and all others are accepted', async () => {
    const { exitCode, stdout, keys } = await resync(['--ids', '1-20', '--split', '-o', 'json'], poisoned);
    expect(exitCode).toBe(10);
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'partial',
      keys: { accepted: 19, rejected: 1, unsent: 0, unknown: 0 },
    });
    expect(keys.filter((list) => list.includes(13)).at(-1)).toEqual([13]);
  });

  test('when it is not asked for then the whole request is refused', async () => {
    const { exitCode, keys } = await resync(['--ids', '1-20'], poisoned);
    expect({ exitCode, requests: keys.length }).toEqual({ exitCode: 6, requests: 1 });
  });

  test('when an answer is lost then nothing is split', async () => {
    const { exitCode, keys } = await resync(['--ids', '1-20', '--split'], () => (socket) => socket.destroy());
    expect({ exitCode, requests: keys.length }).toEqual({ exitCode: 11, requests: 1 });
  });
});

describe('files of what is left over', () => {
  const outputs = ['--failed-out', 'failed.txt', '--unknown-out', 'unknown.txt'];
  const read = ({ home }: MachineHere, name: string): string => readFileSync(path.join(home, name), 'utf8');
  const mixed = (request: string): Reaction => {
    const [key] = keysIn(request);
    if (key === 2) return refused;
    if (key === 3) return (socket) => socket.destroy();
    return key === 4 ? jsonAnswer(401, {}) : noContent;
  };

  test('when keys end differently then each stands in its file, and the files can be read again', async () => {
    const { exitCode, user } = await resync(
      ['--ids', '1-6', '--chunk-size', '1', '--concurrency', '1', ...outputs],
      mixed,
    );
    expect(exitCode).toBe(11);
    expect(read(user, 'failed.txt')).toBe('2\n4\n5\n6\n');
    expect(read(user, 'unknown.txt')).toBe('3\n');
    const again = await resync(['--ids-file', 'failed.txt', ...outputs], () => noContent, user);
    expect(again).toMatchObject({ exitCode: 0, keys: [[2, 4, 5, 6]] });
    expect(read(user, 'failed.txt') + read(user, 'unknown.txt')).toBe('');
  });

  test('when they are written then they are for the owner alone and nothing else is left', async () => {
    const { user } = await resync(['--ids', '1', ...outputs], () => noContent);
    expect(statSync(path.join(user.home, 'failed.txt')).mode & 0o777).toBe(0o600);
    const visible = readdirSync(user.home).filter((name) => name !== '.local');
    expect(visible.sort()).toEqual(['failed.txt', 'unknown.txt']);
  });

  test('when the source is none then the file is as it was', async () => {
    const user = machineAtHome();
    writeFileSync(path.join(user.home, 'failed.txt'), '7\n');
    const server = await wireServer(() => jsonAnswer(200, null));
    const line = ['force-resync', '--connection', '9', '--ids', '1', '--auth', 'none', '--url', server.url];
    expect(await user.run([...line, '--failed-out', 'failed.txt'])).toMatchObject({ exitCode: 6 });
    expect(read(user, 'failed.txt')).toBe('7\n');
  });

  test('when the tasks may not be seen then nothing is sent, and nothing is left beside the file', async () => {
    const user = machineAtHome();
    writeFileSync(path.join(user.home, 'failed.txt'), '7\n');
    const { exitCode, keys } = await resync(
      ['--ids', '1', '--wait', ...outputs],
      (request) => (request.includes('/ForceResync') ? noContent : jsonAnswer(403, {})),
      user,
    );
    expect({ exitCode, keys }).toMatchObject({ exitCode: 5 });
    expect(read(user, 'failed.txt')).toBe('7\n');
    expect(readdirSync(user.home).filter((name) => name !== '.local')).toEqual(['failed.txt']);
  });

  test.each([
    ['is a directory', ['--failed-out', 'taken'], 'is a directory'],
    ['has no directory', ['--failed-out', 'none/failed.txt'], 'cannot be written'],
    ['is the other one too', ['--failed-out', 'a', '--unknown-out', 'a'], 'same file'],
  ])('when the place %s then it is told before anything is sent', async (_, args, words) => {
    const user = machineAtHome();
    mkdirSync(path.join(user.home, 'taken'));
    const { exitCode, stderr, keys } = await resync(['--ids', '1', ...args], () => noContent, user);
    expect({ exitCode, keys }).toEqual({ exitCode: 2, keys: [] });
    expect(stderr).toContain(words);
    expect(existsSync(path.join(user.home, 'none'))).toBe(false);
  });

  test('when every record is meant then there are no keys to write', async () => {
    const { exitCode, stderr, keys } = await resync(['--all', '--yes', '--failed-out', 'x'], () => noContent);
    expect({ exitCode, keys }).toEqual({ exitCode: 2, keys: [] });
    expect(stderr).toContain('a resync of every record names none');
  });
});
