/** What `connectors create` and `connectors save` share. */
import type { ArchiveAccess } from '../../agent/archive.ts';
import { type ConnectorPlan, saveConnector } from '../../agent/connector-saving.ts';
import { isDone } from '../../agent/saved-record.ts';
import type { Context } from '../../cli/context.ts';
import { printable } from '../../output/json.ts';
import type { Style } from '../../output/style.ts';
import { nameOf } from '../connections/shown-connection.ts';
import { type PlannedRequest, plannedRequest } from '../planned-request.ts';
import { changeTable, type ShownChange, shownChanges } from '../shown-changes.ts';
import { connectorInWords } from './shown-connector.ts';

/** What became of it. */
export interface SavedConnector {
  readonly status: 'ok' | 'dry-run';
  /** Null for a new one of a dry run, and where the answer does not say. */
  readonly id: number | null;
  readonly name: string;
  readonly created: boolean;
  /** Empty if it was so already. */
  readonly changes: readonly ShownChange[];
  /** What a dry run would send; null if that is nothing. */
  readonly plan?: PlannedRequest | null;
}

/**
 * Saves a connector as planned, or shows what would be sent.
 *
 * @param id undefined for a new one
 * @throws ErpsyncError see {@link saveConnector}
 */
export async function savePlanned(
  session: ArchiveAccess,
  plan: ConnectorPlan,
  { id, dryRun }: { readonly id: number | undefined; readonly dryRun: boolean },
  context: Pick<Context, 'warn'>,
): Promise<SavedConnector & Readonly<Record<string, unknown>>> {
  const { record } = plan;
  const changes = shownChanges(plan.changes);
  const about = { id: id ?? null, name: nameOf(record.DisplayName), created: id === undefined, changes };
  if (dryRun) {
    const given = { ErpSyncConnectorEntity: record };
    const request = plannedRequest(session.client, 'SaveErpSyncConnectorEntity', given);
    return { ...about, status: 'dry-run', plan: changes.length === 0 ? null : request };
  }
  if (changes.length === 0) return { ...about, status: 'ok' };
  const { value, answered } = await saveConnector(session, plan);
  if (!answered) context.warn('warning: the answer was lost, but the connector is saved');
  const others = plan.changes.filter((change) => !isDone(change, value)).map(({ field }) => field);
  if (others.length > 0) {
    context.warn(`warning: the server took the change, but has something else for ${others.join(', ')}`);
  }
  return { ...about, id: value.ErpConnectorId ?? about.id, status: 'ok' };
}

/** The outcome with the changes as a table. */
export function savedInWords({ id, name, created, changes, plan }: SavedConnector, style: Style): string {
  const words = id === null ? `Connector ${JSON.stringify(name)}` : capital(connectorInWords(id, name));
  if (changes.length === 0) return printable(`${words} is so already; nothing was changed.`);
  const shown = changeTable(changes, created, style);
  if (plan) {
    const intent = `Dry run, nothing was changed. ${words} would be ${created ? 'made' : 'changed'}.`;
    return `${printable(intent)}\n\n${shown}\n\n${plan.method} ${plan.url}`;
  }
  return `${printable(`${words} is ${created ? 'made' : 'saved'}.`)}\n\n${shown}`;
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
