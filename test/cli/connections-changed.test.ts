/** ERP connections: switched at most once, and put in order. */
import { describe, expect, test } from 'vitest';
import { active, answering, connectionsRunner, inactive, ok, visma } from '../support/connections-runner.ts';
import { expectRefusal } from '../support/expectations.ts';
import type { Reply } from '../support/tenant-server.ts';

const connections = connectionsRunner();

describe.concurrent('enable and disable', () => {
  const [read, toggled] = ['GetConnection', 'ToggleErpConnectionActive'];
  const done = ok([]);
  test.each<[string, string, Readonly<Record<string, readonly Reply[] | Reply>>, number, string[], string]>([
    [
      'is switched',
      'enable',
      { [read]: [inactive, active], [toggled]: done },
      0,
      [read, toggled, read],
      'is active now',
    ],
    ['is so already', 'disable', { [read]: inactive }, 0, [read], 'inactive already; nothing was changed'],
    [
      'is refused with reasons',
      'enable',
      { [read]: inactive, [toggled]: ok(['Name has no direction', 'No actor']) },
      6,
      [read, toggled],
      'Name has no direction; No actor',
    ],
    [
      'is not so afterwards',
      'enable',
      { [read]: inactive, [toggled]: done },
      6,
      [read, toggled, read],
      'is not active',
    ],
    [
      'is lost, and not so afterwards',
      'enable',
      { [read]: inactive, [toggled]: { status: 502 } },
      11,
      [read, toggled, read],
      'ToggleErpConnectionActive took effect is not known',
    ],
    [
      'is lost, but so afterwards',
      'disable',
      { [read]: [active, inactive], [toggled]: { status: 502 } },
      0,
      [read, toggled, read],
      'the answer was lost',
    ],
    [
      'cannot be seen afterwards',
      'disable',
      { [read]: [active, { status: 401 }], [toggled]: done },
      11,
      [read, toggled, read],
      'could not be read',
    ],
    [
      'is not sent',
      'disable',
      { [read]: active, [toggled]: { status: 401 } },
      4,
      [read, toggled],
      'HTTP 401',
    ],
    ['is of no connection', 'enable', { [read]: ok(null) }, 6, [read], 'no ERP connection 124'],
    [
      'is of a deleted connection',
      'enable',
      { [read]: ok({ ...visma, Deleted: true, Active: false }) },
      6,
      [read],
      'is deleted',
    ],
    ['is of one that does not say', 'enable', { [read]: ok({}) }, 6, [read], 'does not say'],
  ])(
    'when the switch %s then it is toggled at most once and the code tells',
    async (_, word, replies, exitCode, expected, words) => {
      const { finished, operations } = await connections([word, '124'], answering(replies));
      expect(finished.exitCode).toBe(exitCode);
      expect(operations).toEqual(expected);
      expect(finished.stdout + finished.stderr).toContain(words);
    },
  );

  test.each([
    [
      'enable',
      'see how its fields are mapped (erpsync mappings get --connection 124 --actor-type <type>), and whether it works: erpsync connections test 124',
    ],
    ['disable', 'look at it: erpsync connections get 124'],
  ])('when the server refuses to %s it then what helps against its reasons is named', async (word, next) => {
    const before = word === 'enable' ? inactive : active;
    const replies = { [read]: before, [toggled]: ok(['Name has no direction']) };
    const { finished } = await connections([word, '124'], answering(replies));
    expectRefusal(finished, 6, [`ERP connection 124 was not made ${word === 'enable' ? '' : 'in'}active: `]);
    expect(finished.stderr.endsWith(`Name has no direction; ${next}\n`)).toBe(true);
  });

  test('when it is a dry run then the connection is only read', async () => {
    const { finished, operations } = await connections(
      ['disable', '124', '--dry-run'],
      answering({ [read]: active }),
    );
    expect(operations).toEqual([read]);
    expect(finished.stdout).toMatch(/Dry run.*would become inactive.\n\nPOST .*ToggleErpConnectionActive\n/);
  });
});

describe.concurrent('priority', () => {
  const all = ok([
    visma,
    { ...visma, ErpConnectionId: 125 },
    { ...visma, ErpConnectionId: 127, Deleted: true },
  ]);
  const save = 'SaveErpConnectionSyncPriorities';
  test.each<[string, string[]]>([
    ['words', ['125', 'crm', '124']],
    ['a list', ['125,crm,124']],
  ])('when the ids are %s then they travel in that order', async (_, ids) => {
    const { finished, bodiesOf } = await connections(
      ['priority', ...ids],
      answering({ GetAllConnections: all, [save]: ok(true) }),
    );
    expect(finished).toMatchObject({ exitCode: 0, stderr: '' });
    expect(bodiesOf(save)).toEqual([{ ErpConnectionIds: [125, 0, 124] }]);
  });

  test('when one is left out then a warning says so', async () => {
    const { finished } = await connections(
      ['priority', '124'],
      answering({ GetAllConnections: all, [save]: ok(true) }),
    );
    expect(finished.exitCode).toBe(0);
    expect(finished.stderr).toContain('without a place: 125');
    expect(finished.stderr).toContain('without a place: crm');
  });

  test.each<[string, string[], number, string]>([
    ['unknown', ['124', '999'], 6, 'no ERP connection 999'],
    ['deleted', ['127'], 6, 'ERP connection 127 cannot have a place in the order: it is deleted'],
    ['given twice', ['124', 'crm', '124'], 2, '124 is given twice'],
    ['no id', ['124', 'visma'], 2, '"visma"'],
    ['missing', [], 2, '<ids> is missing'],
    ['planned only', ['124', '--dry-run'], 0, 'without a place'],
  ])('when one is %s then nothing is saved', async (_, ids, exitCode, words) => {
    const { finished, operations } = await connections(
      ['priority', ...ids],
      answering({ GetAllConnections: all }),
    );
    expect(finished.exitCode).toBe(exitCode);
    expect(finished.stderr).toContain(words);
    expect(operations).not.toContain(save);
  });

  test('when the server answers false then the code is 6', async () => {
    const { finished } = await connections(
      ['priority', '124', '125', 'crm'],
      answering({ GetAllConnections: all, [save]: ok(false) }),
    );
    expectRefusal(finished, 6, ['false']);
  });
});
