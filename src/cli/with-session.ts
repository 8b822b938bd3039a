/** A session for as long as some work takes. */
import type { Effect } from '../agent/contract.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import type { Context } from './context.ts';
import { openSession, type Session } from './session.ts';

/**
 * Opens a session, works with it, and closes its connections whatever comes of it.
 *
 * @param timeoutMs for a request, unless --timeout says otherwise
 */
export async function withSession<T>(
  context: Context,
  flags: ConnectionFlags,
  effect: Effect,
  work: (session: Session) => Promise<T>,
  timeoutMs?: number,
): Promise<T> {
  const session = await openSession(context, flags, effect, timeoutMs);
  try {
    return await work(session);
  } finally {
    await session.client.close();
  }
}
