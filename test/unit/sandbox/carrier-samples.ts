/** Whole carriers, as a client that read them first would save them. */

/** ERP connection 125 as it is at the start. */
export const connection125 = {
  ErpConnectionId: 125,
  ErpConnectorId: 18,
  DisplayName: 'Business Central',
  DisplayDescription: 'Projects and a part of the customers',
  Active: true,
  ConnectionId: '5f2b7c1e-0b1d-4c58-9a43-0d8f4a6f2125',
  MostRecentTimestamp: '8812',
  ConfigFields: { Environment: 'Production', ClientSecret: 'business-central-secret' },
  Deleted: false,
  AllAccess: true,
  UserGroupAccessIds: [],
  AssociateAccessIds: [],
};

/** A field mapping of connection 124's customers with nothing but what is saved of it. */
export function fieldMapping(id: number, key: string, changes: Readonly<Record<string, unknown>> = {}) {
  return {
    ErpFieldId: id,
    ErpFieldKey: key,
    CrmFieldKey: '',
    SyncToCrm: false,
    SyncToErp: false,
    ShowInGui: false,
    ShowInSearch: false,
    ...changes,
  };
}

/** The mapping of connection 124's customers with these field mappings. */
export function mapping124(...FieldMappings: readonly unknown[]) {
  return {
    ErpConnectionId: 124,
    IsActive: true,
    FieldMappings,
    ActorTypeErp: 'Customer',
    ActorTypeCrm: 'Contact',
  };
}

/** The default value of connection 124's field PaymentDays, an integer. */
export const paymentDays = {
  ErpFieldId: 506,
  DefaultValue: '[I:30]',
  HasFirstSyncDefaultValue: true,
  FirstSyncDefaultValue: '[I:30]',
  PromptUser: true,
  Mandatory: false,
  ErpFieldKey: 'PaymentDays',
  FieldType: 'Integer',
  ListName: '',
  Access: 'Normal',
};

/** The list mapping of connection 124's field CustomerGroup with these items. */
export function listMapping124(...items: readonly (readonly [erp: string, crm: number | null])[]) {
  const mappings = items.map(([erp, crm]) => ({
    ErpListItemId: erp,
    CrmListItem: crm === null ? null : { Id: crm },
  }));
  return {
    ErpConnectionId: 124,
    ErpListItemMappings: [
      { ErpFieldId: 504, ErpListName: 'CustomerGroup', ErpCrmListItemMappings: mappings },
    ],
  };
}
