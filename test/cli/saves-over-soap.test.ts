/** Links and mappings against the sandbox over SOAP: what is saved is there, and dry runs name the service. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningSandbox, startSandbox } from '../../src/sandbox/server.ts';
import { documentOf } from '../support/expectations.ts';
import { runHere } from '../support/in-process.ts';

let sandbox: RunningSandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ host: '127.0.0.1', port: 0 });
});
afterAll(() => sandbox.close());

async function erpsync(line: string, transport = 'soap', services = '88') {
  const address = ['--url', sandbox.url, '--username', 'tje0', '--transport', transport];
  const more = transport === 'soap' ? ['--services', services] : [];
  const env = { ERPSYNC_PASSWORD: 'Tje0' };
  const finished = await runHere([...line.split(' '), ...address, ...more, '-o', 'json'], { env });
  expect(finished).toMatchObject({ exitCode: 0 });
  return documentOf(finished);
}

describe('over SOAP', () => {
  test.each([
    ['SaveConnection', 'connections save 124 --name Other'],
    ['DeleteConnection', 'connections delete 126'],
    ['ToggleErpConnectionActive', 'connections disable 124'],
    ['SaveErpConnectionSyncPriorities', 'connections priority 124 crm'],
    ['UpdateConnectionFields', 'connections refresh-fields 124'],
    ['SaveErpSyncConnectorEntity', 'connectors save 17 --name Other'],
    ['DeleteErpSyncConnectorEntity', 'connectors delete 19'],
    ['DeleteErpSyncConnectorEntity', 'call DeleteErpSyncConnectorEntity -F ErpSyncConnectorEntityId=19'],
    ['CreateActorLink', 'links create --connection 124 --company 15 --erp-key C-1 --actor-type Customer'],
    ['BreakActorLink', 'links break --connection 124 --company 12'],
    [
      'SaveActorTypeMapping',
      'mappings save --connection 124 --actor-type Customer --data {"isActive":false}',
    ],
    ['SaveDefaultValueInfo', 'mappings save-default --field 504 --mandatory yes'],
  ])(
    'when the dry run of %s shows its request then that is the service, and over REST the operation',
    async (operation, line) => {
      const requestOf = (shown: Readonly<Record<string, unknown>>) => shown['plan'] ?? shown;
      const soap = requestOf(await erpsync(`${line} --dry-run`));
      expect(soap).toMatchObject({ method: 'POST', url: `${sandbox.url}/Remote/Services88/ErpSync.svc` });
      const rest = requestOf(await erpsync(`${line} --dry-run`, 'rest'));
      const query = operation === 'DeleteErpSyncConnectorEntity' ? '?erpSyncConnectorEntityId=19' : '';
      expect(rest).toMatchObject({ url: `${sandbox.url}/api/v1/Agents/ErpSync/${operation}${query}` });
    },
  );

  test('when the services lack TryConnectActor then links connect uses ConnectActor', async () => {
    const line = 'links connect --connection 124 --company 15 --erp-key C-10015 --actor-type Customer';
    expect(await erpsync(`${line} --dry-run`, 'soap', '86')).toMatchObject({ operation: 'ConnectActor' });
    expect(await erpsync(line, 'soap', '86')).toMatchObject({ status: 'ok', operation: 'ConnectActor' });
    const { items } = await erpsync('connections records company 15');
    expect(items).toContainEqual(expect.objectContaining({ id: 124, connected: true }));
  });

  test.each([
    [
      'is saved',
      'connections save --connector 17 --name New --config Company=1001 --config User=a --config Password=b',
      'created',
      true,
    ],
    ['is made', 'connectors create --name New --connector-url plugin://new', 'created', true],
    ['has a place', 'connections priority 124 crm', 'status', 'ok'],
  ])(
    'when the services cannot list connections and something new %s then it works',
    async (_, line, key, value) => {
      expect((await erpsync(line, 'soap', '86'))[key]).toBe(value);
    },
  );

  test.each(['soap', 'rest'])(
    'when mappings are saved over %s then they are read as saved',
    async (transport) => {
      const item = `{"erpListItemId":"30","crmListItem":{"id":${transport === 'soap' ? 1 : 3}}}`;
      const data = `{"erpListItemMappings":[{"erpFieldId":504,"erpCrmListItemMappings":[${item}]}]}`;
      await erpsync(`mappings save-lists --connection 124 --data ${data}`, transport);
      expect(JSON.stringify(await erpsync('mappings lists --connection 124', transport))).toContain(
        `"erpListItemName":"Intercompany","crmListItem":{"id":${transport === 'soap' ? 1 : 3}`,
      );
      await erpsync(`mappings save-default --field 501 --default-value ${transport}`, transport);
      expect(await erpsync('mappings default --field 501', transport)).toMatchObject({
        defaultValue: transport,
      });
      const gui = `{"fieldMappings":[{"erpFieldId":502,"showInGui":${transport === 'soap'}}]}`;
      await erpsync(`mappings save --connection 124 --actor-type Customer --data ${gui}`, transport);
      const got = await erpsync('mappings get --connection 124 --actor-type Customer', transport);
      expect(got['fieldMappings']).toContainEqual(
        expect.objectContaining({ erpFieldId: 502, showInGui: transport === 'soap' }),
      );
    },
  );
});
