/** ERP connections: what is given is merged into a fresh read, and nothing else changes. */
import { describe, expect, test } from 'vitest';
import { active, answering, connectionsRunner, ok, visma } from '../support/connections-runner.ts';
import { documentOf, expectRefusal, steering } from '../support/expectations.ts';
import type { Reply } from '../support/tenant-server.ts';

const connections = connectionsRunner();

const [read, save] = ['GetConnection', 'SaveConnection'];
const declared = ok([
  { FieldKey: 'Company', FieldType: 'Text', Access: 'Mandatory' },
  { FieldKey: 'Password', FieldType: 'Password', Access: 'Mandatory' },
]);
/** Everything that a save sends of a connection that stays as it is. */
const whole = { ...visma, UserGroupAccessIds: null, AssociateAccessIds: null };
const healthy = { [read]: active, GetConfigurationFields: declared, [save]: active };

describe.concurrent('what stays', () => {
  test('when the output of get is saved back then nothing is sent', async () => {
    const { finished: got } = await connections(['get', '124', '-o', 'json'], answering(healthy));
    const { finished, operations } = await connections(['save', '124', '--data', '-'], answering(healthy), {
      input: got.stdout,
    });
    expect(finished).toMatchObject({ exitCode: 0, stderr: '' });
    expect(finished.stdout).toContain('nothing was changed');
    expect(operations).toEqual([read]);
  });

  test('when it is edited before then only that changes, and every other member is sent as it was', async () => {
    const { finished: got } = await connections(['get', '124', '-o', 'json'], answering(healthy));
    const edited = { ...JSON.parse(got.stdout), description: 'Ålesund 株式会社' };
    const { finished, bodiesOf } = await connections(['save', '124', '--data', '-'], answering(healthy), {
      input: JSON.stringify(edited),
    });
    expect(finished.exitCode).toBe(0);
    expect(bodiesOf(save)).toEqual([{ Connection: { ...whole, DisplayDescription: 'Ålesund 株式会社' } }]);
  });

  test('when a configuration field is given then the others, passwords too, are sent as they are stored', async () => {
    const data = '{"ConfigFields":{"Password":"********","Other":"********"}}';
    const { finished, bodiesOf } = await connections(
      ['save', '124', '--config', 'Company=1002', '--data', data],
      answering(healthy),
    );
    expect(finished.exitCode).toBe(0);
    const ConfigFields = { ...visma.ConfigFields, Company: '1002' };
    expect(bodiesOf(save)).toEqual([{ Connection: { ...whole, ConfigFields } }]);
  });

  test('when the configuration does not come with the connection then it is asked for', async () => {
    const { finished, bodiesOf } = await connections(
      ['save', '124', '--description', 'x'],
      answering({
        ...healthy,
        [read]: ok({ ...visma, ConfigFields: null }),
        GetErpConnectionConfigFields: ok(visma.ConfigFields),
      }),
    );
    expect(finished.exitCode).toBe(0);
    expect(bodiesOf(save)).toEqual([{ Connection: { ...whole, DisplayDescription: 'x' } }]);
  });

  test('when another name is given under its name on the wire then it is changed', async () => {
    const { finished, bodiesOf } = await connections(
      ['save', '124', '--data', '{"displayname":"Visma","TableRight":null}'],
      answering(healthy),
    );
    expect(finished.exitCode).toBe(0);
    expect(bodiesOf(save)).toEqual([{ Connection: { ...whole, DisplayName: 'Visma' } }]);
  });

  test('when access is given then it is what the flags say', async () => {
    const { bodiesOf } = await connections(
      ['save', '124', '--all-access', 'no', '--user-groups', '3,4', '--associates', '5'],
      answering(healthy),
    );
    const access = { AllAccess: false, UserGroupAccessIds: [3, 4], AssociateAccessIds: [5] };
    expect(bodiesOf(save)).toEqual([{ Connection: { ...whole, ...access } }]);
  });
});

describe.concurrent('refusals', () => {
  const data = (value: unknown) => ['--data', JSON.stringify(value)];
  test.each<[string, string[], number, string[], Readonly<Record<string, Reply>>?]>([
    ['the id is unknown', ['--name', 'x'], 6, ['no ERP connection 124'], { [read]: ok(null) }],
    ['it is deleted', ['--name', 'x'], 6, ['is deleted'], { [read]: ok({ ...visma, Deleted: true }) }],
    [
      'a member is not told',
      ['--name', 'x'],
      6,
      ['AllAccess'],
      { [read]: ok({ ...visma, AllAccess: null }) },
    ],
    ['Active is another', data({ Active: false }), 2, ['--data.Active', 'connections enable or disable']],
    ['the id is another', data({ id: 125 }), 2, ['--data.id cannot be used: it is 125', 'argument']],
    ['the GUID is another', data({ ConnectionId: 'other' }), 2, ['--data.ConnectionId', 'leave it out']],
    ['the timestamp is another', data({ mostRecentTimestamp: '1' }), 2, ['mostRecentTimestamp', 'leave it']],
    ['it is to be deleted', data({ deleted: true }), 2, ['connections delete']],
    ['a member is unknown', data({ nmae: 'x' }), 2, ['"nmae"', 'did you mean "name"?']],
    ['a member has another type', data({ connectorId: 'x' }), 2, ['--data.connectorId']],
    ['a member is null', data({ description: null }), 2, ['--data.description cannot be used: it is null']],
    ['the name is empty', data({ name: ' ' }), 2, ['--data.name cannot be used: it is empty']],
    ['a member stands under two names', data({ name: 'x', DisplayName: 'x' }), 2, ['given twice']],
    ['a member differs in case only', ['--data', '{"name":"x","Name":"y"}'], 2, ['only in case']],
    [
      'a flag says it too',
      ['--name', 'x', ...data({ name: 'x' })],
      2,
      ['name is given twice', 'by its flag or in --data'],
    ],
    ['a field is given twice', ['--config', 'Company=1', '--config', 'Company=2'], 2, ['given twice']],
    [
      'a field is given by both',
      ['--config', 'Company=1', ...data({ configFields: { Company: '2' } })],
      2,
      ['Company is given twice', 'with --config or in --data'],
    ],
    ['a field is unknown', ['--config', 'company=1'], 2, ['"company"', 'did you mean "Company"?']],
    ['a stored field is unknown to the connector', ['--config', 'Other=1'], 2, ['connector 17', '"Other"']],
    ['a mandatory field is emptied', ['--config', 'Company='], 2, ['lacks Company']],
    ['a mask has nothing behind it', ['--config', 'Client=********'], 2, ['is a mask']],
    [
      'the connector cannot be asked',
      ['--config', 'Company=1'],
      5,
      ['GetConfigurationFields'],
      { GetConfigurationFields: { status: 403 } },
    ],
    [
      'the connector is unknown',
      ['--connector', '9'],
      6,
      ['no connector 9'],
      { GetErpSyncConnectorEntity: ok(null) },
    ],
    [
      'the connector has other fields',
      ['--connector', '9'],
      2,
      ['ERP connection 124 cannot have connector 9', 'Other, which that connector does not know'],
      { GetErpSyncConnectorEntity: ok({ ErpConnectorId: 9 }) },
    ],
  ])('when %s then nothing is saved', async (_, args, exitCode, words, replies = {}) => {
    const { finished, operations } = await connections(
      ['save', '124', ...args],
      answering({ ...healthy, ...replies }),
    );
    expectRefusal(finished, exitCode, words);
    expect(operations).not.toContain(save);
  });

  test.each([
    ['nothing is given', [], 'there is nothing to save: no flag and no --data says what to change'],
    ['the data is no object', ['--data', '[]'], 'is no object'],
    ['a list of ids is none', ['--user-groups', 'x'], '--user-groups'],
  ])('when %s then no request leaves', async (_, args, words) => {
    const { finished, operations } = await connections(['save', '124', ...args], answering(healthy));
    expectRefusal(finished, 2, [words]);
    expect(operations).toEqual([]);
  });
});

describe.concurrent('what is told', () => {
  test('when it is a dry run then before and after are shown, passwords masked, and nothing is saved', async () => {
    const args = ['save', '124', '--config', 'Password=neues-geheim', '--description', 'x', '--dry-run'];
    const { finished, operations } = await connections([...args, '-o', 'json'], answering(healthy));
    expect(documentOf(finished)).toMatchObject({
      status: 'dry-run',
      changes: [
        { field: 'description', before: 'All\u001b[2J', after: 'x' },
        { field: 'configFields.Password', before: '********', after: '********' },
      ],
      plan: { body: { Connection: { ConfigFields: { Company: '1001', Password: '********' } } } },
    });
    expect(finished.stdout).not.toContain('geheim');
    const { finished: people } = await connections(args, answering(healthy));
    expect(people.stdout).not.toContain('geheim');
    expect(people.stdout).not.toMatch(steering);
    expect(people.stdout).toMatch(/^Dry run, nothing was changed.*\n\nFIELD +BEFORE +AFTER\ndescription/);
    expect(operations).not.toContain(save);
  });

  test('when the connection is active and its configuration changes then a warning says so', async () => {
    const { finished } = await connections(['save', '124', '--config', 'Company=1'], answering(healthy));
    expect(finished.stderr).toContain('is active while its configuration fields are changed');
  });

  test('when the server makes something else of it then a warning says so', async () => {
    const { finished } = await connections(['save', '124', '--description', 'x'], answering(healthy));
    expect(finished).toMatchObject({ exitCode: 0 });
    expect(finished.stderr).toContain('has something else for description');
  });

  test('when the server repeats the password in its refusal then it is masked', async () => {
    const { finished } = await connections(
      ['save', '124', '--config', 'Password=neues-geheim'],
      answering({
        ...healthy,
        [save]: { status: 500, body: { Error: true, Message: 'neues-geheim is bad' } },
      }),
    );
    expect(finished.exitCode).toBe(6);
    expect(finished.stderr).toContain('was not saved');
    expect(finished.stderr).not.toContain('neues-geheim');
  });

  const done = ok({ ...visma, DisplayDescription: 'x' });
  test.each<[string, readonly Reply[] | Reply, number, string]>([
    ['it is so', [active, done], 0, 'the answer was lost, but the connection is saved'],
    ['it is not so', [active, active], 11, 'erpsync connections get 124'],
    ['it cannot be read', [active, { status: 401 }], 11, 'could not be read'],
  ])('when the answer is lost and %s afterwards then the code tells', async (_, reads, exitCode, words) => {
    const { finished, operations } = await connections(
      ['save', '124', '--description', 'x'],
      answering({ [read]: reads, [save]: { status: 502 } }),
    );
    expect(finished.exitCode).toBe(exitCode);
    expect(finished.stderr).toContain(words);
    expect(operations).toEqual([read, save, read]);
  });
});

describe.concurrent('a new connection', () => {
  const connector = { GetErpSyncConnectorEntity: ok({ ErpConnectorId: 17, Deleted: false }) };
  const created = {
    ...connector,
    GetAllConnections: ok([{ ...visma, ErpConnectionId: 90, DisplayName: 'Norge' }]),
    GetConfigurationFields: declared,
    [save]: ok({ ...visma, ErpConnectionId: 128, DisplayName: 'Norge' }),
  };
  const required = [
    '--name',
    'Norge',
    '--connector',
    '17',
    '--config',
    'Company=1',
    '--config',
    'Password=p',
  ];
  const record = {
    ErpConnectionId: 0,
    ErpConnectorId: 17,
    DisplayName: 'Norge',
    DisplayDescription: '',
    Active: false,
    ConnectionId: null,
    MostRecentTimestamp: null,
    ConfigFields: { Company: '1', Password: 'p' },
    Deleted: false,
    AllAccess: true,
    UserGroupAccessIds: [],
    AssociateAccessIds: [],
  };
  test.each<[string, string[], object]>([
    ['nobody is named', [], {}],
    ['a user group is named', ['--user-groups', '3'], { AllAccess: false, UserGroupAccessIds: [3] }],
    ['no group is named', ['--user-groups', 'none'], {}],
  ])('when %s then it is made so, inactive, and its id told', async (_, args, access) => {
    const { finished, bodiesOf } = await connections(
      ['save', ...required, ...args, '-o', 'json'],
      answering(created),
    );
    expect(documentOf(finished)).toMatchObject({ id: 128, name: 'Norge', created: true, status: 'ok' });
    expect(bodiesOf(save)).toEqual([{ Connection: { ...record, ...access } }]);
  });

  test.each<[string, string[], number, string[], Readonly<Record<string, Reply>>?]>([
    ['the name is missing', required.slice(2), 2, ['--name is missing: a new ERP connection needs one']],
    [
      'the connector is missing',
      [...required.slice(0, 2), ...required.slice(4)],
      2,
      ['--connector is missing: a new ERP connection needs one'],
    ],
    ['a mandatory field is missing', required.slice(0, 6), 2, ['lacks Password']],
    ['a field is unknown', [...required, '--config', 'Passwort=x'], 2, ['did you mean "Password"?']],
    ['a password is a mask', [...required.slice(0, 6), '--config', 'Password=********'], 2, ['is a mask']],
    [
      'an id is in the data',
      [...required, '--data', '{"id":124}'],
      2,
      ['--data.id cannot be used: it is 124', 'argument'],
    ],
    ['it is to be active', [...required, '--data', '{"active":true}'], 2, ['connections enable']],
    ['a GUID is in the data', [...required, '--data', '{"guid":"x"}'], 2, ['has none']],
    ['the connector is unknown', required, 6, ['no connector 17'], { GetErpSyncConnectorEntity: ok(null) }],
    [
      'the connector is deleted',
      required,
      6,
      ['connector 17 cannot be used: it is deleted'],
      { GetErpSyncConnectorEntity: ok({ ErpConnectorId: 17, Deleted: true }) },
    ],
  ])('when %s then none is made', async (_, args, exitCode, words, replies = {}) => {
    const { finished, operations } = await connections(
      ['save', ...args],
      answering({ ...created, ...replies }),
    );
    expectRefusal(finished, exitCode, words);
    expect(operations).not.toContain(save);
  });

  test('when it is a dry run then none is made', async () => {
    const { finished, operations } = await connections(
      ['save', ...required, '--dry-run'],
      answering(created),
    );
    expect(finished.exitCode).toBe(0);
    expect(finished.stdout).toContain('ERP connection "Norge" would be made');
    expect(operations).not.toContain(save);
  });

  test.each<[string, readonly number[], number, string]>([
    ['one more of its name is there', [90, 128], 0, 'the answer was lost, but the connection is saved'],
    ['no other is there', [90], 11, 'look before you repeat it: erpsync connections list'],
    ['two more are there', [90, 128, 129], 11, 'SaveConnection took effect is not known'],
  ])(
    'when the answer is lost and %s then the code tells, and it is not repeated',
    async (_, ids, exitCode, words) => {
      const listed = (all: readonly number[]) =>
        ok(all.map((ErpConnectionId) => ({ ErpConnectionId, ErpConnectorId: 17, DisplayName: 'Norge' })));
      const { finished, operations } = await connections(
        ['save', ...required],
        answering({ ...created, GetAllConnections: [listed([90]), listed(ids)], [save]: { status: 502 } }),
      );
      expect(finished.exitCode).toBe(exitCode);
      expect(finished.stderr).toContain(words);
      expect(finished.stdout.includes('ERP connection 128 "Norge" is made')).toBe(exitCode === 0);
      expect(operations.filter((name) => name === save)).toHaveLength(1);
    },
  );
});
