/** What `connections enable` and `connections disable` share. */
import type { ErpConnectionValue } from '../../agent/carriers.ts';
import { planSwitch, toggleOnce } from '../../agent/connections.ts';
import { type ConnectionFlags, connectionFlags } from '../../cli/connection-flags.ts';
import type { Context } from '../../cli/context.ts';
import { toggle } from '../../cli/flags.ts';
import { withSession } from '../../cli/with-session.ts';
import { dryRunInWords, type PlannedRequest, plannedRequest } from '../planned-request.ts';
import { connectionInWords, nameOf } from './shown-connection.ts';

/** Their flags. */
export const switchFlags = {
  dryRun: toggle('look at the connection, and change nothing'),
  ...connectionFlags,
};

/** What became of it. */
export interface Switched {
  readonly id: number;
  readonly name: string;
  /** As it is now. */
  readonly active: boolean;
  /** False if it was so already, and in a dry run. */
  readonly changed: boolean;
  /** What a dry run would send. */
  readonly plan?: PlannedRequest | null;
  readonly status: 'ok' | 'dry-run';
}

/**
 * Reads the connection, toggles it at most once, and reads it again.
 *
 * @throws ErpsyncError see {@link planSwitch} and {@link toggleOnce}
 */
export async function switchConnection(
  { id, dryRun, ...flags }: ConnectionFlags & { readonly id: number; readonly dryRun: boolean },
  active: boolean,
  context: Context,
): Promise<Switched & Readonly<Record<string, unknown>>> {
  return await withSession(context, flags, dryRun ? 'read' : 'write', async ({ client }) => {
    const { connection, needed } = await planSwitch(client, id, active);
    const facts = { id, name: shownName(connection) };
    if (dryRun) {
      const request = plannedRequest(client, 'ToggleErpConnectionActive', { ErpConnectionId: id });
      const plan = needed ? request : null;
      return { ...facts, active: active !== needed, changed: false, plan, status: 'dry-run' };
    }
    if (!needed) return { ...facts, active, changed: false, status: 'ok' };
    const { answered } = await toggleOnce(client, id, active);
    if (!answered)
      context.warn(`warning: the answer was lost, but the connection is ${active ? '' : 'in'}active`);
    return { ...facts, active, changed: true, status: 'ok' };
  });
}

/** The outcome as a sentence. */
export function switchedInWords(result: Switched, wanted: boolean): string {
  const words = connectionInWords(result.id, result.name);
  const state = wanted ? 'active' : 'inactive';
  if (result.plan) {
    return dryRunInWords(`${words} would become ${state}.`, result.plan);
  }
  if (result.changed) return `${words} is ${state} now.`;
  return `${words} is ${state} already; nothing was changed.`;
}

function shownName({ DisplayName }: ErpConnectionValue): string {
  return nameOf(DisplayName);
}
