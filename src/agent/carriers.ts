/**
 * The data types of the ErpSync agent: names, members, types and order as the Services88
 * WSDLs have them. REST uses the same names; SOAP needs the order.
 */
import {
  boolean,
  type CarrierType,
  carrier,
  dateTime,
  duration,
  enumeration,
  int32,
  lazy,
  list,
  plainCarrier,
  string,
  stringMap,
  type ValueOf,
} from './wire-types.ts';

/** Type of a configuration or mapping field; values of `Password` fields are secrets. */
export const FieldMetadataType = enumeration('FieldMetadataType', {
  Checkbox: 0,
  Text: 1,
  Password: 2,
  Integer: 3,
  Double: 4,
  List: 5,
  Date: 6,
  Label: 99,
});

export const FieldAccess = enumeration('FieldAccess', { Normal: 0, Mandatory: 1, ReadOnly: 2 });

/** Kinds of records in an ERP system. Employee and Sale exist but ErpSync does not support them. */
export const ErpActorType = enumeration('ErpActorType', {
  Unknown: 0,
  Customer: 1,
  Supplier: 2,
  Partner: 3,
  Person: 4,
  Project: 5,
  Employee: 6,
  Sale: 7,
});

/** Kinds of records in SuperOffice CRM. */
export const CrmActorType = enumeration('CrmActorType', {
  Unknown: 0,
  Contact: 1,
  Person: 2,
  Project: 3,
  Sale: 4,
});

/** Answer of the connector checks. */
export const ErpSyncResponseCode = enumeration('ErpSyncResponseCode', {
  NoError: 0,
  ErrorConnectorHasConnections: 1,
  ErrorNotFound: 2,
});

/** `PluginResponse.Status`: `Error` goes with `IsOk` false. */
export const QuoteStatus = enumeration('QuoteStatus', { Ok: 0, OkWithInfo: 1, Warning: 2, Error: 3 });

export const ChangedDataItem = carrier('ChangedDataItem', {
  Tablename: string,
  RecordId: int32,
});

export const ChangedData = carrier('ChangedData', {
  AddedRecords: list(ChangedDataItem),
  UpdatedRecords: list(ChangedDataItem),
  DeletedRecords: list(ChangedDataItem),
});

/** An ERP connection: a connector with its configuration. `ErpConnectionId` is what a resync takes as its source. */
export const ErpConnection = carrier('ErpConnection', {
  ErpConnectionId: int32,
  ErpConnectorId: int32,
  DisplayName: string,
  DisplayDescription: string,
  Active: boolean,
  ConnectionId: string,
  MostRecentTimestamp: string,
  ConfigFields: stringMap,
  Deleted: boolean,
  AllAccess: boolean,
  UserGroupAccessIds: list(int32),
  AssociateAccessIds: list(int32),
});

export const FieldMetadata = carrier('FieldMetadata', {
  FieldKey: string,
  Rank: int32,
  DisplayName: string,
  DisplayDescription: string,
  FieldType: FieldMetadataType,
  ListName: string,
  DefaultValue: string,
  MaxLength: int32,
  Access: FieldAccess,
  ShowInSearch: boolean,
});

export const ErpConnectionData = carrier('ErpConnectionData', {
  ErpConnectionId: int32,
  ConnectionName: string,
  Connected: boolean,
  ErpFields: list(FieldMetadata),
  CrmActorType: CrmActorType,
  ErpActorType: ErpActorType,
  ErpActorTypes: list(ErpActorType),
});

/** A list item with its children; declared by hand because a type cannot infer itself. */
export interface MDOListItemValue {
  readonly Id?: number | null;
  readonly Name?: string | null;
  readonly ToolTip?: string | null;
  readonly Deleted?: boolean | null;
  readonly Rank?: number | null;
  readonly Type?: string | null;
  readonly ChildItems?: readonly (MDOListItemValue | null)[] | null;
  readonly IconHint?: string | null;
  readonly ColorBlock?: number | null;
  readonly ExtraInfo?: string | null;
  readonly StyleHint?: string | null;
  readonly FullName?: string | null;
}

export const MDOListItem: CarrierType<MDOListItemValue> = carrier('MDOListItem', {
  Id: int32,
  Name: string,
  ToolTip: string,
  Deleted: boolean,
  Rank: int32,
  Type: string,
  ChildItems: list(lazy((): CarrierType<MDOListItemValue> => MDOListItem)),
  IconHint: string,
  ColorBlock: int32,
  ExtraInfo: string,
  StyleHint: string,
  FullName: string,
});

export const ErpCrmListItemMapping = carrier('ErpCrmListItemMapping', {
  ErpListItemId: string,
  ErpListItemName: string,
  CrmListItem: MDOListItem,
});

export const ErpConnectionListMapping = carrier('ErpConnectionListMapping', {
  CrmList: MDOListItem,
  ErpListName: string,
  ErpCrmListItemMappings: list(ErpCrmListItemMapping),
  ErpActorTypeName: string,
  ErpFieldId: int32,
});

export const ErpConnectionListMappingContainer = carrier('ErpConnectionListMappingContainer', {
  ErpListItemMappings: list(ErpConnectionListMapping),
  ErpConnectionId: int32,
  ErpConnectionName: string,
});

export const ErpSyncActorSummary = carrier('ErpSyncActorSummary', {
  ActorType: ErpActorType,
  HasMappings: boolean,
  Defaults: string,
  Mappings: string,
});

export const ErpSyncFieldMapping = carrier('ErpSyncFieldMapping', {
  ErpFieldId: int32,
  CrmFieldKey: string,
  CrmDisplayName: string,
  CrmDisplayTooltip: string,
  ErpFieldKey: string,
  FieldType: FieldMetadataType,
  ErpDisplayName: string,
  ErpDisplayTooltip: string,
  SyncToCrm: boolean,
  SyncToErp: boolean,
  ShowInGui: boolean,
  ShowInSearch: boolean,
  AlreadyMapped: boolean,
  MissingInERP: boolean,
  MissingInCRM: boolean,
  Access: FieldAccess,
  ListReference: string,
});

export const ErpSyncActorTypeMapping = carrier('ErpSyncActorTypeMapping', {
  ErpConnectionId: int32,
  IsActive: boolean,
  FieldMappings: list(ErpSyncFieldMapping),
  ActorTypeErp: ErpActorType,
  ActorTypeCrm: CrmActorType,
});

export const ErpSyncConnectionSummary = carrier('ErpSyncConnectionSummary', {
  DisplayName: string,
  DisplayDescription: string,
  Active: boolean,
  Deleted: boolean,
  LastSync: dateTime,
  Actors: list(ErpSyncActorSummary),
});

/** A sync connector: a web service of a partner, known by its URL. */
export const ErpSyncConnectorEntity = carrier('ErpSyncConnectorEntity', {
  ErpConnectorId: int32,
  DisplayName: string,
  URL: string,
  Deleted: boolean,
});

export const ErpSyncDefaultValue = carrier('ErpSyncDefaultValue', {
  ErpFieldId: int32,
  DefaultValue: string,
  HasFirstSyncDefaultValue: boolean,
  FirstSyncDefaultValue: string,
  PromptUser: boolean,
  Mandatory: boolean,
  ErpFieldKey: string,
  FieldType: FieldMetadataType,
  ListName: string,
  Access: FieldAccess,
});

/** The sync engine: whether it runs, and the interval between its rounds. */
export const ErpSyncEngineStatus = carrier('ErpSyncEngineStatus', {
  IsRunning: boolean,
  StatusMessage: string,
  Interval: duration,
});

export const ErpSyncFieldValue = carrier('ErpSyncFieldValue', {
  DisplayName: string,
  CrmFieldKey: string,
  Value: string,
  DisplayValue: string,
  SyncToCrm: boolean,
  SyncToErp: boolean,
});

/** An entry of a list; for a connector its URL stands in `ToolTip`. */
export const ListItem = plainCarrier('ListItem', {
  Id: int32,
  Name: string,
  ToolTip: string,
});

/** The answer of the direct sync operations: `IsOk` says whether it went well. `Status` is absent before Services88. */
export const PluginResponse = carrier(
  'PluginResponse',
  {
    IsOk: boolean,
    UserExplanation: string,
    TechExplanation: string,
    ErrorCode: string,
    Changes: ChangedData,
    Status: QuoteStatus,
  },
  ['Status'],
);

/** Values of an ERP connection as the server answers them. */
export type ErpConnectionValue = NonNullable<ValueOf<typeof ErpConnection>>;
