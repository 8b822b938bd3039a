/** ERP connections: their configuration shown and tested, and the fields behind it read anew. */
import { describe, expect, test } from 'vitest';
import { active, answering, connectionsRunner, ok, visma } from '../support/connections-runner.ts';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import type { Reply } from '../support/tenant-server.ts';

const connections = connectionsRunner();

const declared = ok([
  { FieldKey: 'Company', DisplayName: 'US:"Company number"', FieldType: 'Text', Access: 'Mandatory' },
  { FieldKey: 'Password', DisplayName: 'Password', FieldType: 'Password', Access: 'Mandatory' },
  { FieldKey: 'Port', DisplayName: 'Port', FieldType: 'Integer', Access: 'Normal' },
]);
const healthy = {
  GetConnection: active,
  GetErpConnectionConfigFields: ok(visma.ConfigFields),
  GetConfigurationFields: declared,
};

describe.concurrent('config-fields', () => {
  test.each<[string, string[], Reply, unknown[]]>([
    ['the types are known', [], declared, ['1001', '********', null, '********']],
    ['secrets are asked for', ['--show-secrets'], declared, ['1001', 'geheim', null, 'geheim']],
    ['the types cannot be asked', [], { status: 403 }, ['********', '********', '********']],
  ])('when %s then the values are shown so', async (_, args, reply, values) => {
    const react = answering({ ...healthy, GetConfigurationFields: reply });
    const { finished } = await connections(['config-fields', '124', ...args, '-o', 'json'], react);
    const items = documentOf(finished)['items'] as { value: unknown }[];
    expect(items.map(({ value }) => value)).toEqual(values);
    const { finished: people } = await connections(['config-fields', '124', ...args], react);
    expect(people.stdout.includes('geheim')).toBe(args.length > 0);
    expect(people.stdout.includes('--show-secrets shows them')).toBe(args.length === 0);
  });

  test('when a field is declared then its type is told, and of another that it is not', async () => {
    const { finished } = await connections(['config-fields', '124', '-o', 'json'], answering(healthy));
    expect(documentOf(finished)['items']).toMatchObject([
      { key: 'Company', name: 'Company number', type: 'Text', mandatory: true, declared: true },
      { key: 'Password', type: 'Password', mandatory: true, declared: true },
      { key: 'Port', type: 'Integer', mandatory: false, declared: true },
      { key: 'Other', name: '', type: null, mandatory: false, declared: false },
    ]);
  });

  test('when there is no such connection then the code is 6', async () => {
    const { finished } = await connections(['config-fields', '9'], answering({ GetConnection: ok(null) }));
    expectRefusal(finished, 6, ['no ERP connection 9']);
  });
});

describe.concurrent('test with another configuration', () => {
  const test1 = 'TestConnectionByConfig';
  test.each([
    ['works', true, 0, 'ERP connection 124 works with this configuration.'],
    ['does not', false, 6, 'ERP connection 124 does not work with this configuration'],
  ])('when it %s then the code tells, with the fields that are stored', async (_, works, exitCode, words) => {
    const { finished, operations, bodiesOf } = await connections(
      ['test', '124', '--config', 'Company=1002', '--data', '{"configFields":{"Password":"********"}}'],
      answering({ ...healthy, [test1]: ok(works) }),
    );
    expect(finished.exitCode).toBe(exitCode);
    expect(finished.stdout + finished.stderr).toContain(words);
    const ConfigFields = { ...visma.ConfigFields, Company: '1002' };
    expect(bodiesOf(test1)).toEqual([{ ErpConnectionId: 124, ConfigFields }]);
    expect(operations).not.toContain('SaveConnection');
  });

  test.each<[string, string[], number, string, Readonly<Record<string, Reply>>?]>([
    ['a field is unknown', ['--config', 'Pasword=x'], 2, 'did you mean "Password"?'],
    ['the id is another', ['--data', '{"id":125}'], 2, '--data.id cannot be used: it is 125'],
    [
      'the connector is another',
      ['--data', '{"connectorId":18,"configFields":{}}'],
      2,
      'the server tests it with no other',
      {
        GetErpSyncConnectorEntity: ok({}),
        GetConnection: ok({ ...visma, ConfigFields: { Company: 'x', Password: 'y' } }),
      },
    ],
    ['there is none', ['--config', 'Company=x'], 6, 'no ERP connection 124', { GetConnection: ok(null) }],
  ])('when %s then nothing is tested', async (_, args, exitCode, words, replies = {}) => {
    const { finished, operations } = await connections(
      ['test', '124', ...args],
      answering({ ...healthy, ...replies, [test1]: ok(true) }),
    );
    expectRefusal(finished, exitCode, [words]);
    expect(operations).not.toContain(test1);
  });
});

describe.concurrent('refresh-fields', () => {
  const update = 'UpdateConnectionFields';
  test.each<[string, Reply, number, string]>([
    ['true', ok(true), 0, 'The fields of ERP connection 124 "Visma Net" are up to date.'],
    ['false', ok(false), 6, 'connections test 124'],
    ['nothing that can be read', { status: 502 }, 11, 'run the same command again, which does no harm'],
    ['that it is forbidden', { status: 403 }, 5, update],
  ])('when the server answers %s then the code tells', async (_, reply, exitCode, words) => {
    const { finished, operations } = await connections(
      ['refresh-fields', '124'],
      answering({ GetConnection: active, [update]: reply }),
    );
    expect(finished.exitCode).toBe(exitCode);
    expect(finished.stdout + finished.stderr).toContain(words);
    expect(operations).toEqual(['GetConnection', update]);
  });

  test.each<[string, string[], Reply, number]>([
    ['it is a dry run', ['--dry-run'], active, 0],
    ['there is no such connection', [], ok(null), 6],
    ['it is deleted', [], ok({ ...visma, Deleted: true }), 6],
  ])('when %s then nothing is asked of the connector', async (_, args, reply, exitCode) => {
    const { finished, operations } = await connections(
      ['refresh-fields', '124', ...args],
      answering({ GetConnection: reply, [update]: ok(true) }),
    );
    expect(finished.exitCode).toBe(exitCode);
    expect(operations).toEqual(['GetConnection']);
  });
});
