/** What is removed at a terminal is removed only if its id is typed. */
import { describe, expect, test } from 'vitest';
import deleteConnection from '../../src/commands/connections/delete.ts';
import deleteConnector from '../../src/commands/connectors/delete.ts';
import breakLink from '../../src/commands/links/break.ts';
import { typing } from '../support/at-terminal.ts';
import { active, answering, ok } from '../support/connections-runner.ts';
import { tenantServer } from '../support/tenant-server.ts';

const tenant = tenantServer();

const linked = { ErpConnectionId: 124, Connected: true, ErpActorType: 'Customer', ErpFields: [] };

const replies = {
  GetConnection: [active, ok(null)],
  DeleteConnection: { status: 204 },
  GetErpSyncConnectorEntity: [ok({ ErpConnectorId: 17, DisplayName: 'Visma', URL: 'plugin://x' }), ok(null)],
  CanDeleteErpSyncConnectorEntity: ok('NoError'),
  DeleteErpSyncConnectorEntity: { status: 204 },
  GetConnectionsAndDisplayFields: ok([linked]),
  GetFieldValuesFromCrm: ok([{ CrmFieldKey: 'Name', Value: 'Harbour' }]),
  BreakActorLink: ok(true),
};

describe.each([
  [
    'connection',
    deleteConnection,
    { id: 124 },
    'DeleteConnection',
    'ERP connection 124 "Visma Net" of connector 17, which is active',
  ],
  [
    'connector',
    deleteConnector,
    { id: 17 },
    'DeleteErpSyncConnectorEntity',
    'connector 17 "Visma" at plugin://x',
  ],
  [
    'link',
    breakLink,
    { connection: 124, company: 15 },
    'BreakActorLink',
    'the link of company 15 (Harbour) to a Customer in ERP connection 124 "Visma Net" goes',
  ],
] as const)('a %s', (_, command, given, operation, words) => {
  const id = 'id' in given ? given.id : given.company;

  test('when its id is typed then it is removed, after it was told what it is', async () => {
    const { url, requests } = tenant(answering(replies));
    const { ended, told } = await typing(command, { ...given, url }, String(id));
    const operations = requests.map((request) => request.operation);
    expect(ended).toBe('done');
    expect(told[0]).toContain(words);
    expect(operations.filter((name) => name === operation)).toHaveLength(1);
  });

  test.each(['', 'y', 'yes', '12', 'Visma'])('when %j is typed then it is not', async (typed) => {
    const { url, requests } = tenant(answering(replies));
    const { ended } = await typing(command, { ...given, url }, typed);
    const operations = requests.map((request) => request.operation);
    expect(ended).toBe('usage');
    expect(operations).not.toContain(operation);
  });
});
