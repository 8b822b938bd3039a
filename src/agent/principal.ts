/** Who the server takes us for. */
import { ErpsyncError } from '../errors.ts';
import { failureOutcome } from '../transport/outcome.ts';
import { type RawRequests, statusError } from '../transport/raw.ts';
import { asReadError } from './client.ts';

const path = '/api/v1/User/currentPrincipal';

/** A user of the server. */
export interface Principal {
  /** The id under which batch tasks of this login run. */
  readonly associateId: number;
  /** Short name, as in `tje0`. */
  readonly associate: string | null;
  readonly fullName: string | null;
  readonly role: string | null;
}

/**
 * Asks the server.
 *
 * @throws ErpsyncError as for any read; `rejected` if the answer does not say it
 */
export async function currentPrincipal(raw: RawRequests): Promise<Principal> {
  const exchange = await raw.send({ method: 'GET', path });
  if (exchange.kind === 'failure') throw asReadError(failureOutcome(exchange));
  const error = statusError(exchange);
  if (error !== undefined) throw error;
  const principal = principalIn(jsonIn(exchange.body.toString('utf8')));
  if (principal !== undefined) return principal;
  throw new ErpsyncError('rejected', `${path} does not say who we are`, {
    httpStatus: exchange.status,
    hint: 'check the url of the profile',
  });
}

/** A principal in what REST or SOAP answers; undefined where there is none. */
export function principalIn(carrier: unknown): Principal | undefined {
  if (typeof carrier !== 'object' || carrier === null) return undefined;
  const text = (name: string): string | null => {
    const value: unknown = Reflect.get(carrier, name);
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const associateId: unknown = Reflect.get(carrier, 'AssociateId');
  if (typeof associateId !== 'number' || !Number.isInteger(associateId) || associateId <= 0) return undefined;
  return {
    associateId,
    associate: text('Associate') ?? text('UserName'),
    fullName: text('FullName'),
    role: text('RoleName'),
  };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
