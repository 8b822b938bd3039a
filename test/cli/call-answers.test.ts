/** What comes back from `erpsync call`, and what of it is masked. */
import { describe, expect, test } from 'vitest';
import { callRunner } from '../support/call-runner.ts';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import type { Reply } from '../support/tenant-server.ts';

const call = callRunner();

describe.concurrent('what comes back', () => {
  const get = ['GetConnection', '-F', 'ErpConnectionId=124'];
  test.each<[string, string[], Reply, number, unknown]>([
    ['a carrier', get, { status: 200, body: { active: true, Unheard: 1 } }, 0, { Active: true }],
    [
      'false of a test',
      ['TestConnectionById', '-F', 'ErpConnectionId=1'],
      { status: 200, body: false },
      0,
      false,
    ],
    ['nothing', ['DeleteConnection', '-F', 'ErpConnectionId=1', '-y'], { status: 204 }, 0, null],
    [
      'an interval in clock form',
      ['GetEngineStatus'],
      { status: 200, body: { Interval: '1.02:00:00' } },
      0,
      { Interval: '1.02:00:00' },
    ],
    [
      'an interval in ISO form',
      ['GetEngineStatus'],
      { status: 200, body: { Interval: 'PT15M' } },
      0,
      { Interval: 'PT15M' },
    ],
    [
      'names in several languages',
      get,
      { status: 200, body: { DisplayName: 'NO:"Bil";US:"Car"' } },
      0,
      { DisplayName: 'NO:"Bil";US:"Car"' },
    ],
  ])('when it is %s then the result has the names of the wire', async (_, args, reply, exitCode, result) => {
    const { finished } = await call([...args, '-o', 'json'], reply);
    expect(finished.exitCode).toBe(exitCode);
    expect(documentOf(finished)).toEqual({ schemaVersion: 1, command: 'call', operation: args[0], result });
  });

  test.each<[string, string[], Reply, number, string]>([
    ['null for a read', get, { status: 200, body: null }, 6, 'null'],
    [
      'IsOk=false',
      ['SyncAll'],
      { status: 200, body: { IsOk: false, UserExplanation: 'No licence' } },
      6,
      'No licence',
    ],
    [
      'reasons',
      ['ToggleErpConnectionActive', '-F', 'ErpConnectionId=1'],
      { status: 200, body: ['Name has no direction'] },
      6,
      'Name has no direction',
    ],
    ['401', get, { status: 401 }, 4, '401'],
    ['403', get, { status: 403 }, 5, '403'],
    ['a lost answer to a write', ['SyncAll'], { status: 502 }, 11, 'SyncAll took effect is not known'],
  ])('when it is %s then the exit code says so', async (_, args, reply, exitCode, word) => {
    const { finished } = await call([...args, '--retries', '0'], reply);
    expectRefusal(finished, exitCode, [word]);
  });

  test.each<[string, Reply, string]>([
    [
      'a list of objects',
      { status: 200, body: [{ Id: 17, Name: 'NO:"Bil";US:"Car"', ToolTip: null }] },
      'ID  NAME\n17  Car\n',
    ],
    ['an empty list', { status: 200, body: [] }, 'nothing (an empty list)\n'],
  ])('when it is %s then people can read it, with --quiet too', async (_, reply, shown) => {
    const { finished } = await call(['GetAllConnectors', '-q'], reply);
    expect(finished).toMatchObject({ exitCode: 0, stdout: shown });
  });
});

describe.concurrent('passwords of ERP systems', () => {
  const fields = { Company: '1001', Password: 'geheim', Empty: '' };
  const masked = { Company: '********', Password: '********', Empty: '' };
  test.each<[string, string[], unknown, unknown]>([
    ['GetConnection', ['-F', 'ErpConnectionId=1'], { ConfigFields: fields }, { ConfigFields: masked }],
    ['GetErpConnectionConfigFields', ['-F', 'ErpConnectionId=1'], fields, masked],
    [
      'GetAllConnections',
      ['-F', 'IncludeDeleted=false'],
      [{ ConfigFields: fields }],
      [{ ConfigFields: masked }],
    ],
    [
      'SaveConnection',
      ['--data', '{"Connection":{"ConfigFields":{"Password":"geheim"}}}'],
      { ConfigFields: fields },
      { ConfigFields: masked },
    ],
    [
      'GetConfigurationFields',
      ['-F', 'ErpConnectorId=1'],
      [
        { FieldKey: 'P', FieldType: 'Password', DefaultValue: 'geheim' },
        { FieldKey: 'T', FieldType: 'Text', DefaultValue: 'x' },
      ],
      [
        { FieldKey: 'P', FieldType: 'Password', DefaultValue: '********' },
        { FieldKey: 'T', FieldType: 'Text', DefaultValue: 'x' },
      ],
    ],
    [
      'GetDefaultValueInfo',
      ['-F', 'ErpFieldId=504'],
      { ErpFieldId: 504, FieldType: 'Password', DefaultValue: 'geheim', FirstSyncDefaultValue: 'geheim1' },
      {
        ErpFieldId: 504,
        FieldType: 'Password',
        DefaultValue: '********',
        FirstSyncDefaultValue: '********',
      },
    ],
  ])('when %s answers them then they are masked in every form', async (operation, args, body, result) => {
    const reply = { status: 200, body };
    const json = await call([operation, ...args, '-o', 'json'], reply);
    expect(documentOf(json.finished)['result']).toEqual(result);
    for (const form of ['table', 'ndjson']) {
      const { finished } = await call([operation, ...args, '-o', form], reply);
      expect(finished.exitCode).toBe(0);
      expect(finished.stdout + finished.stderr).not.toContain('geheim');
    }
    const shown = await call([operation, ...args, '-o', 'json', '--show-secrets'], reply);
    expect(documentOf(shown.finished)['result']).toEqual(body);
  });

  test.each<[string, string, string]>([
    ['SaveConnection', '{"Connection":{"configFields":{"Password":"********"}}}', 'ConfigFields.Password'],
    [
      'TestConnectionByConfig',
      '{"ErpConnectionId":1,"ConfigFields":{"A":"x","Password":"********"}}',
      'ConfigFields.Password',
    ],
    ['SaveDefaultValueInfo', '{"ErpSyncDefaultValue":{"defaultValue":"********"}}', 'DefaultValue'],
    [
      'SaveDefaultValueInfo',
      '{"ErpSyncDefaultValue":{"firstSyncDefaultValue":"********"}}',
      'FirstSyncDefaultValue',
    ],
  ])('when %s is given the mask in %s then nothing is sent', async (operation, data, path) => {
    const { finished, requests } = await call([operation, '--data', data, '--show-secrets']);
    expectRefusal(finished, 2, [`${path} cannot be used: it is a mask, not a password`]);
    expect(requests).toEqual([]);
  });
});
