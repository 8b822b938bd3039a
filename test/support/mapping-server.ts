/** Mappings as a server answers them, and a runner of `erpsync mappings` against a server that answers by operation. */
import { active, answering, ok } from './connections-runner.ts';
import { runHere } from './in-process.ts';
import type { RunOptions } from './program.ts';
import { type Reply, tenantServer } from './tenant-server.ts';

/** A mapped field with everything that the server has of it. */
export const fax = {
  ErpFieldId: 501,
  CrmFieldKey: 'Fax',
  CrmDisplayName: 'Fax',
  CrmDisplayTooltip: '',
  ErpFieldKey: 'Fax',
  FieldType: 'Text',
  ErpDisplayName: 'Telefax',
  ErpDisplayTooltip: '',
  SyncToCrm: true,
  SyncToErp: false,
  ShowInGui: true,
  ShowInSearch: false,
  AlreadyMapped: true,
  MissingInERP: false,
  MissingInCRM: false,
  Access: 'Normal',
  ListReference: '',
};

/** Two fields of customers. */
export const customers = {
  ErpConnectionId: 124,
  IsActive: true,
  FieldMappings: [fax, { ...fax, ErpFieldId: 502, ErpFieldKey: 'Phone', CrmFieldKey: 'Phone' }],
  ActorTypeErp: 'Customer',
  ActorTypeCrm: 'Contact',
};

/** An item of the CRM list. */
export const crmItem = (Id: number, Name: string) => ({ Id, Name, Type: 'category', ChildItems: [] });

/** Two items of one ERP list, the first one mapped. */
export const lists = {
  ErpListItemMappings: [
    {
      CrmList: crmItem(64, 'Category'),
      ErpListName: 'CustomerGroup',
      ErpCrmListItemMappings: [
        { ErpListItemId: '10', ErpListItemName: 'Domestic', CrmListItem: crmItem(1, 'Customer') },
        { ErpListItemId: '20', ErpListItemName: 'Export' },
      ],
      ErpActorTypeName: 'Customer',
      ErpFieldId: 504,
    },
  ],
  ErpConnectionId: 124,
  ErpConnectionName: 'Visma Net',
};

/** The default value of a field that is a password. */
export const pin = {
  ErpFieldId: 507,
  DefaultValue: 'geheim',
  HasFirstSyncDefaultValue: true,
  FirstSyncDefaultValue: 'geheim1',
  PromptUser: false,
  Mandatory: false,
  ErpFieldKey: 'Pin',
  FieldType: 'Password',
  ListName: '',
  Access: 'Normal',
};

const usual = {
  GetConnection: active,
  GetActorTypeMapping: ok(customers),
  GetConnectionListMappings: ok(lists),
  GetDefaultValueInfo: ok(pin),
};

/** Starts a server before the tests of the file and returns what runs `erpsync mappings` against it. */
export function mappingsRunner() {
  const tenant = tenantServer();
  return async (
    args: readonly string[],
    replies: Readonly<Record<string, readonly Reply[] | Reply>> = {},
    options: RunOptions = {},
  ) => {
    const { url, requests, bodiesOf } = tenant(answering({ ...usual, ...replies }));
    const given = ['mappings', ...args, '--url', url, '--auth', 'none', '--retries', '0'];
    const finished = await runHere(given, options);
    return { finished, operations: requests.map(({ operation }) => operation), bodiesOf };
  };
}
