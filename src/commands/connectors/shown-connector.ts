/** Sync connectors as commands show them. */

import { savedConnector } from '../../agent/connector-saving.ts';
import type { Connector } from '../../agent/connectors.ts';
import { type GivenMember, readGivenMembers } from '../../agent/saved-record.ts';
import { wholeNumber } from '../../cli/values.ts';
import { nameOf } from '../connections/shown-connection.ts';

/** The id of a connector as an argument. */
export const connectorId = wholeNumber('id', 1, 2 ** 31 - 1);

/** Everything that is said of a connector. */
export function connectorItem({ ErpConnectorId, DisplayName, URL, Deleted }: Connector) {
  return {
    id: ErpConnectorId ?? null,
    name: nameOf(DisplayName),
    url: URL ?? '',
    deleted: Deleted ?? false,
  };
}

/** A connector in words: `connector 17 "Visma Net connector"`. */
export function connectorInWords(id: number, name: string): string {
  return name === '' ? `connector ${id}` : `connector ${id} ${JSON.stringify(name)}`;
}

/** What flags give of a connector; nothing for those that are not there. */
export function givenByFlags(flags: Readonly<Record<string, string | undefined>>): GivenMember[] {
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
  return readGivenMembers(savedConnector, given, 'flags');
}
