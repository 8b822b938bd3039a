/** Sync connectors: listed, looked at, tested. */
import { describe, expect, test } from 'vitest';
import { answering, connectionsRunner, ok } from '../support/connections-runner.ts';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import type { Reply } from '../support/tenant-server.ts';

const connectors = connectionsRunner('connectors');

const read = 'GetErpSyncConnectorEntity';
const url = 'https://connector.example.com/visma';
const stored = { ErpConnectorId: 17, DisplayName: 'NO:"Kobling";US:"Visma"', URL: url, Deleted: false };

describe.concurrent('list and get', () => {
  test('when there are connectors then their addresses come out of the tooltips', async () => {
    const react = answering({
      GetAllConnectors: ok([
        { Id: 17, Name: 'US:"株式会社"', ToolTip: url },
        { Id: 18, Name: null, ToolTip: 'plugin://\u001b[2J' },
      ]),
    });
    const { finished } = await connectors(['list', '-o', 'json'], react);
    expect(documentOf(finished)['items']).toEqual([
      { id: 17, name: '株式会社', url },
      { id: 18, name: '', url: 'plugin://\u001b[2J' },
    ]);
    const { finished: people } = await connectors(['list'], react);
    expect(people.stdout).toBe(
      `ID  NAME      URL\n17  株式会社  ${url}\n18            plugin://\\u001b[2J\n`,
    );
  });

  test('when one is asked for then its id stands in the query and there is no body', async () => {
    const { finished, requests } = await connectors(
      ['get', '17', '-o', 'json'],
      answering({ [read]: ok(stored) }),
    );
    expect(documentOf(finished)).toMatchObject({ id: 17, name: 'Visma', url, deleted: false });
    expect(requests.map(({ path, body }) => ({ path, body }))).toEqual([
      { path: `/api/v1/Agents/ErpSync/${read}?erpSyncConnectorEntityId=17`, body: '' },
    ]);
  });

  test('when there is none then the code is 6', async () => {
    const { finished } = await connectors(['get', '9'], answering({ [read]: ok(null) }));
    expectRefusal(finished, 6, ['no connector 9', 'connectors list']);
  });
});

describe.concurrent('test', () => {
  const check = 'TestConnectorUrl';
  test.each<[string, string[], string, number, string]>([
    ['answers', ['17'], 'NoError', 0, `The connector at ${url} answers.`],
    ['does not answer', ['17'], 'ErrorNotFound', 6, 'ErrorNotFound'],
  ])('when a connector %s then the code tells', async (_, args, code, exitCode, words) => {
    const { finished, bodiesOf } = await connectors(
      ['test', ...args],
      answering({ [read]: ok(stored), [check]: ok(code) }),
    );
    expect(finished.exitCode).toBe(exitCode);
    expect(finished.stdout + finished.stderr).toContain(words);
    expect(bodiesOf(check)).toEqual([{ Url: url }]);
  });

  test('when an address is given then no connector is read, and a script gets the code', async () => {
    const { finished, operations } = await connectors(
      ['test', '--connector-url', 'plugin://new', '-o', 'json'],
      answering({ [check]: ok('ErrorNotFound') }),
    );
    expect(documentOf(finished)).toMatchObject({
      id: null,
      url: 'plugin://new',
      works: false,
      code: 'ErrorNotFound',
      exitCode: 6,
      error: { code: 'rejected' },
    });
    expect(operations).toEqual([check]);
  });

  test.each([
    ['nothing', []],
    ['both', ['17', '--connector-url', 'plugin://new']],
  ])('when %s is given then no request leaves', async (_, args) => {
    const { finished, operations } = await connectors(['test', ...args], answering({}));
    expectRefusal(finished, 2, ['--connector-url']);
    expect(operations).toEqual([]);
  });
});

describe.concurrent('config-fields', () => {
  const fields = [
    {
      FieldKey: 'Company',
      DisplayName: 'Company',
      FieldType: 'Text',
      Access: 'Mandatory',
      DefaultValue: '1',
    },
    {
      FieldKey: 'Password',
      FieldType: 'Password',
      Access: 'Mandatory',
      DefaultValue: 'geheim',
      MaxLength: 9,
    },
    { FieldKey: 'Odd', DefaultValue: 'geheim' },
    { FieldKey: 'Group', FieldType: 'List', ListName: 'Groups' },
  ];
  test.each<[string, string[], string]>([
    ['not asked for', [], '********'],
    ['asked for', ['--show-secrets'], 'geheim'],
  ])('when secrets are %s then default passwords are shown so', async (_, args, shown) => {
    const react = answering({ GetConfigurationFields: ok(fields) });
    const { finished } = await connectors(['config-fields', '17', ...args, '-o', 'json'], react);
    expect(documentOf(finished)['items']).toMatchObject([
      { key: 'Company', type: 'Text', mandatory: true, default: '1', list: '' },
      { key: 'Password', type: 'Password', mandatory: true, default: shown, maxLength: 9 },
      { key: 'Odd', type: null, mandatory: false, default: shown },
      { key: 'Group', type: 'List', default: '', list: 'Groups' },
    ]);
    const { finished: people } = await connectors(['config-fields', '17', ...args], react);
    expect(people.stdout.includes('geheim')).toBe(args.length > 0);
  });

  test.each<[string, Reply, number]>([
    ['there is no such connector', ok(null), 6],
    ['it is forbidden', { status: 403 }, 5],
  ])('when %s then the code tells', async (_, reply, exitCode) => {
    const { finished } = await connectors(
      ['config-fields', '17'],
      answering({ GetConfigurationFields: reply }),
    );
    expect(finished.exitCode).toBe(exitCode);
  });
});
