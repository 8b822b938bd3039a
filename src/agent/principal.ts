/** Who the server takes us for. */
import { ErpsyncError } from '../errors.ts';
import { lostRead } from '../transport/lost-answer.ts';
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
  const asked = `GET ${path}`;
  if (exchange.kind === 'failure') throw asReadError(failureOutcome(exchange, lostRead(asked)));
  const error = statusError(exchange, asked);
  if (error !== undefined) throw error;
  const principal = principalIn(jsonIn(exchange.body.toString('utf8')));
  if (principal !== undefined) return principal;
  throw new ErpsyncError('rejected', {
    what: `who we are there cannot be read from ${path}`,
    why: 'the answer does not say it, as one of SuperOffice would',
    next: 'check that the url leads to SuperOffice itself: erpsync doctor',
    httpStatus: exchange.status,
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
