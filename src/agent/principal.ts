/** Who the server takes us for. */
import { ErpsyncError } from '../errors.ts';
import { failureOutcome } from '../transport/outcome.ts';
import { type RawRequests, statusError } from '../transport/raw.ts';
import { asReadError } from './client.ts';

const path = '/api/v1/User/currentPrincipal';

/**
 * The id under which batch tasks of this login run.
 *
 * @throws ErpsyncError as for any read; `rejected` if the answer does not hold one
 */
export async function currentAssociateId(raw: RawRequests): Promise<number> {
  const exchange = await raw.send({ method: 'GET', path });
  if (exchange.kind === 'failure') throw asReadError(failureOutcome(exchange));
  const error = statusError(exchange);
  if (error !== undefined) throw error;
  const id = associateIdIn(exchange.body.toString('utf8'));
  if (id !== undefined) return id;
  throw new ErpsyncError('rejected', `${path} does not say who we are`, {
    httpStatus: exchange.status,
    hint: 'check the url of the profile',
  });
}

function associateIdIn(text: string): number | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const id: unknown =
      typeof value === 'object' && value !== null ? Reflect.get(value, 'AssociateId') : undefined;
    return typeof id === 'number' && Number.isInteger(id) && id > 0 ? id : undefined;
  } catch {
    return undefined;
  }
}
