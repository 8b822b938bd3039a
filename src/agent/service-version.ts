/** Which SOAP services a server has. */
import { ErpsyncError } from '../errors.ts';
import { lostRead } from '../transport/lost-answer.ts';
import { failureOutcome } from '../transport/outcome.ts';
import { type RawRequests, statusError } from '../transport/raw.ts';
import { asReadError } from './client.ts';
import type { ServicesVersion } from './wire-xml.ts';

const path = '/api';

/**
 * The newest version that the server has and erpsync speaks. `GET /api` tells it without a login, as
 * `"ServicesCurrent": "Services88"` beside an older one that is kept up too.
 *
 * @throws ErpsyncError as for any read; `rejected` for an answer that does not say, or a server that is too old
 */
export async function newestServices(raw: RawRequests): Promise<ServicesVersion> {
  const exchange = await raw.send({ method: 'GET', path });
  const asked = `GET ${path}`;
  if (exchange.kind === 'failure') throw asReadError(failureOutcome(exchange, lostRead(asked)));
  const error = statusError(exchange, asked);
  if (error !== undefined) throw error;
  const found = currentIn(exchange.body.toString('utf8'));
  if (found === undefined) {
    throw new ErpsyncError('rejected', {
      what: 'the version of the SOAP services cannot be found out',
      why: `${raw.addressOf(path)} does not say which there are`,
      next: 'name it with --services 86, 87 or 88',
      httpStatus: exchange.status,
    });
  }
  if (found >= 88) return 88;
  if (found === 86 || found === 87) return found;
  throw new ErpsyncError('rejected', {
    what: `the SOAP services of this server cannot be used`,
    why: `it has them up to Services${found}, and Services86 are the first that can force a resync`,
    next: 'have the server updated, or use --transport rest',
  });
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
