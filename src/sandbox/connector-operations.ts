/** Sync connectors: the web services that ERP connections call. */
import type { ErpSyncConnectorEntity, ErpSyncResponseCode } from '../agent/carriers.ts';
import type { ValueOf } from '../agent/wire-types.ts';
import { answersAt, erpSystemAt, isConnectorUrl } from './erp-systems.ts';
import { fieldMetadata } from './field-metadata.ts';
import type { Implementations } from './implementation.ts';
import { liveConnector } from './model.ts';
import { filled, notFound, present, Refusal, savedMembers } from './refusal.ts';
import { newErpField } from './starting-mappings.ts';
import type { Connector, Tenant } from './state.ts';

/** The implementations. */
export const connectorOperations = {
  // The URL stands in ToolTip: a list item has no better place for it.
  GetAllConnectors(_given, { tenant }) {
    return tenant.connectors
      .filter(({ deleted }) => !deleted)
      .map(({ id, displayName, url }) => ({ Id: id, Name: displayName, ToolTip: url }));
  },

  GetConfigurationFields({ ErpConnectorId }, { tenant }) {
    const connector = tenant.connectors.find(({ id, deleted }) => id === ErpConnectorId && !deleted);
    if (connector === undefined) return null;
    const fields = erpSystemAt(connector.url).configurationFields;
    return fields.map((field, index) => fieldMetadata(newErpField(field, 0), index + 1));
  },

  CreateDefaultErpSyncConnectorEntity: () =>
    connectorCarrier({ id: 0, displayName: '', url: '', deleted: false }),

  // A deleted connector is still there to be read, and says so.
  GetErpSyncConnectorEntity({ ErpSyncConnectorEntityId }, { tenant }) {
    const connector = tenant.connectors.find(({ id }) => id === ErpSyncConnectorEntityId);
    return connector === undefined ? null : connectorCarrier(connector);
  },

  /** Id 0 creates. Whether it is deleted is the server's own: see DeleteErpSyncConnectorEntity. */
  SaveErpSyncConnectorEntity({ ErpSyncConnectorEntity }, { tenant }) {
    const path = 'SaveErpSyncConnectorEntity';
    const given = present(ErpSyncConnectorEntity, path);
    const id = given.ErpConnectorId ?? 0;
    const stored = id === 0 ? undefined : liveConnector(tenant, id);
    const member = savedMembers(path, stored === undefined);
    const displayName = filled(member('DisplayName', given.DisplayName, ''), `${path}.DisplayName`);
    const url = filled(member('URL', given.URL, ''), `${path}.URL`);
    if (!isConnectorUrl(url)) {
      throw new Refusal(`${path}.URL: a connector is known by an http(s)://, plugin:// or app:// address`);
    }
    if (stored !== undefined) return connectorCarrier(Object.assign(stored, { displayName, url }));
    const created = { id: tenant.nextIds.connector++, displayName, url, deleted: false };
    tenant.connectors.push(created);
    return connectorCarrier(created);
  },

  // Soft, as with connections.
  DeleteErpSyncConnectorEntity({ ErpSyncConnectorEntityId }, { tenant }) {
    const code = canDelete(tenant, ErpSyncConnectorEntityId);
    if (code === 'ErrorNotFound') throw notFound(`ERP connector ${ErpSyncConnectorEntityId}`);
    if (code === 'ErrorConnectorHasConnections') {
      throw new Refusal(`ERP connector ${ErpSyncConnectorEntityId} has connections; delete these first`);
    }
    liveConnector(tenant, ErpSyncConnectorEntityId).deleted = true;
    return undefined;
  },

  CanDeleteErpSyncConnectorEntity: ({ ErpSyncConnectorId }, { tenant }) =>
    canDelete(tenant, ErpSyncConnectorId),

  // No network is touched: see answersAt.
  TestConnectorUrl: ({ Url }) => (answersAt(Url ?? '') ? 'NoError' : 'ErrorNotFound'),
} satisfies Partial<Implementations>;

function connectorCarrier(connector: Connector): ValueOf<typeof ErpSyncConnectorEntity> {
  return {
    ErpConnectorId: connector.id,
    DisplayName: connector.displayName,
    URL: connector.url,
    Deleted: connector.deleted,
  };
}

/** Deleted connections hold nothing back. */
function canDelete(
  { connectors, connections }: Tenant,
  connectorId: number,
): ValueOf<typeof ErpSyncResponseCode> {
  if (!connectors.some(({ id, deleted }) => id === connectorId && !deleted)) return 'ErrorNotFound';
  const isUsed = connections.some(
    (connection) => connection.connectorId === connectorId && !connection.deleted,
  );
  return isUsed ? 'ErrorConnectorHasConnections' : 'NoError';
}
