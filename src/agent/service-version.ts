/** Which SOAP services a server has. */
import { ErpsyncError } from '../errors.ts';
import { failureOutcome } from '../transport/outcome.ts';
import { type RawRequests, statusError } from '../transport/raw.ts';
import { asReadError } from './client.ts';
import type { ServicesVersion } from './wire-xml.ts';

const path = '/api';
const remedy = 'name the version with --services 86, 87 or 88';

/**
 * The newest version that the server has and erpsync speaks. `GET /api` tells it without a login, as
 * `"ServicesCurrent": "Services88"` beside an older one that is kept up too.
 *
 * @throws ErpsyncError as for any read; `rejected` for an answer that does not say, or a server that is too old
 */
export async function newestServices(raw: RawRequests): Promise<ServicesVersion> {
  const exchange = await raw.send({ method: 'GET', path });
  if (exchange.kind === 'failure') throw asReadError(failureOutcome(exchange));
  const error = statusError(exchange);
  if (error !== undefined) throw error;
  const found = currentIn(exchange.body.toString('utf8'));
  if (found === undefined) {
    throw new ErpsyncError('rejected', `${raw.addressOf(path)} does not say which SOAP services there are`, {
      httpStatus: exchange.status,
      hint: remedy,
    });
  }
  if (found >= 88) return 88;
  if (found === 86 || found === 87) return found;
  throw new ErpsyncError(
    'rejected',
    `the server has SOAP services up to ${found}, which cannot force a resync`,
    {
      hint: 'Services86 is the oldest version that can',
    },
  );
}

function currentIn(text: string): number | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const named: unknown =
      typeof value === 'object' && value !== null ? Reflect.get(value, 'ServicesCurrent') : undefined;
    const digits = /^Services(\d{2,3})$/i.exec(String(named))?.[1];
    return digits === undefined ? undefined : Number(digits);
  } catch {
    return undefined;
  }
}
