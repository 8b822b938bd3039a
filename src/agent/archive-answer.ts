/** A page of an archive over REST: how it is asked for, and what the answer holds. */
import { ErpsyncError } from '../errors.ts';
import { readBoundedJson } from '../transport/bounded-json.ts';
import { errorMessageIn } from '../transport/error-object.ts';
import { lostRead } from '../transport/lost-answer.ts';
import { failureOutcome } from '../transport/outcome.ts';
import { type RawRequests, statusError } from '../transport/raw.ts';
import { asReadError } from './client.ts';

/** A page that is asked for; an empty text leaves that part out. */
export interface PageRequest {
  readonly provider: string;
  readonly columns: string;
  readonly filter: string;
  readonly orderBy: string;
  readonly entities: string;
  /** Rows before the page. */
  readonly skip: number;
  /** Rows of the page at most. */
  readonly top: number;
}

/** Servers and proxies refuse longer addresses. */
const longestPath = 2_000;

/**
 * The rows of a page, their columns by name. Links in the answer are not followed.
 *
 * @throws ErpsyncError `forbidden`, `rejected` and others that say what the server said
 */
export async function restPage(
  raw: RawRequests,
  page: PageRequest,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { provider } = page;
  const root = `/api/v1/Archive/${provider}`;
  const query = queryOf(page);
  const path = `${root}?${query}`;
  const exchange = await raw.send(
    path.length <= longestPath
      ? { method: 'GET', path }
      : {
          method: 'POST',
          path: root,
          headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
          body: query,
          reads: true,
        },
  );
  const asked = `the archive ${provider}`;
  if (exchange.kind === 'failure') throw asReadError(failureOutcome(exchange, lostRead(asked)));
  const read = readBoundedJson(exchange.body.toString('utf8'));
  const answer = read.kind === 'json' ? read.value : undefined;
  const error = statusError(exchange, asked);
  if (error !== undefined) throw error;
  const value: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'value') : null;
  if (Array.isArray(value) && value.every(isRow)) return value;
  throw new ErpsyncError('rejected', {
    what: `${asked} cannot be read`,
    why: errorMessageIn(answer) ?? 'the server does not answer rows',
    next: 'check the url and the version of the server: erpsync doctor',
    httpStatus: exchange.status,
  });
}

function queryOf({ columns, filter, orderBy, entities, skip, top }: PageRequest): string {
  const options: readonly (readonly [string, string])[] = [
    ['$select', columns],
    ['$filter', filter],
    ['$orderBy', orderBy],
    ['$entities', entities],
    ['$top', String(top)],
    ['$skip', skip === 0 ? '' : String(skip)],
  ];
  return options
    .filter(([, text]) => text !== '')
    .map(([name, text]) => `${name}=${encodeURIComponent(text)}`)
    .join('&');
}

function isRow(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
