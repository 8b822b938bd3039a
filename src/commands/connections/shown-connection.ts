/** ERP connections as commands show them. */
import type { ErpConnectionValue } from '../../agent/carriers.ts';
import type { ConnectionPlan } from '../../agent/connection-plan.ts';
import type { ValueParser } from '../../cli/flags.ts';
import { wholeNumber } from '../../cli/values.ts';
import { inEnglish } from '../../resync/names.ts';

/** The id of a connection as an argument. */
export const connectionId: ValueParser<number> = {
  ...wholeNumber('id', 1, 2 ** 31 - 1),
  completes: 'connection',
};

/** A name that may come in several languages, in English; empty if there is none. */
export function nameOf(text: string | null | undefined): string {
  return inEnglish(text ?? '');
}

/** What a list says of a connection. Configuration values are no part of it. */
export function connectionItem(connection: ErpConnectionValue) {
  return {
    id: connection.ErpConnectionId ?? null,
    name: nameOf(connection.DisplayName),
    description: nameOf(connection.DisplayDescription),
    connectorId: connection.ErpConnectorId ?? null,
    active: connection.Active ?? null,
    deleted: connection.Deleted ?? false,
    guid: connection.ConnectionId ?? null,
    mostRecentTimestamp: connection.MostRecentTimestamp ?? null,
    allAccess: connection.AllAccess ?? null,
  };
}

/** `yes`, `no`, or nothing where the server does not say. */
export function yesNo(value: boolean | null): string {
  return value === null ? '' : value ? 'yes' : 'no';
}

/** A connection in words: `ERP connection 124 "Visma Net"`. */
export function connectionInWords(id: number, name: string): string {
  return name === '' ? `ERP connection ${id}` : `ERP connection ${id} ${JSON.stringify(name)}`;
}

/** Has the passwords that are sent masked in all that is printed, also in the words of the server. */
export function concealPasswords(
  { changes, types }: ConnectionPlan,
  conceal: (secret: string) => void,
): void {
  for (const { entry, after } of changes) {
    if (entry === undefined || typeof after !== 'string') continue;
    if ((types.get(entry) ?? 'Password') === 'Password') conceal(after);
  }
}
