/**
 * Rows of archives, page by page, the same over REST and over SOAP. REST has them under
 * `/api/v1/Archive/{provider}` with OData options; SOAP's Archive service takes the same texts
 * (`GetArchiveListByColumns2`) and answers values in an encoding of their own.
 */
import { ErpsyncError } from '../errors.ts';
import { failureOutcome } from '../transport/outcome.ts';
import { type RawRequests, statusError } from '../transport/raw.ts';
import { type ArchiveValue, decodeCell } from './archive-cell.ts';
import { type AgentClient, asReadError } from './client.ts';

/** What answers; a session has both. */
export interface ArchiveReader {
  readonly client: AgentClient;
  readonly raw: RawRequests;
}

/** Which rows, and what of them. */
export interface ArchiveQuery {
  /** `Dynamic`, `ErpSyncLog`, ... */
  readonly provider: string;
  readonly columns: readonly string[];
  /** `erpinternalkey.tableId eq 5`; undefined for all rows. */
  readonly filter: string | undefined;
  /** A column that orders the rows; a primary key where there is one, so that pages do not overlap. */
  readonly orderBy: string | undefined;
  /** Descending instead of ascending. */
  readonly descending?: boolean;
}

/** The values of a row, in the order of the columns asked for. */
export type ArchiveRow = readonly ArchiveValue[];

/** Rows in one page, as the documentation advises. */
const archivePageSize = 1_000;
/** Servers and proxies take addresses of about this length; a longer query goes in a body. */
const longestAddress = 2_000;

/**
 * One page of rows.
 *
 * @param page from 0
 * @throws ErpsyncError as for any read; `rejected` for an answer without a column that was asked for
 */
export async function archivePage(
  reader: ArchiveReader,
  query: ArchiveQuery,
  page: number,
): Promise<readonly ArchiveRow[]> {
  return reader.client.transport.name === 'rest'
    ? await restPage(reader.raw, query, page)
    : await soapPage(reader.client, query, page);
}

async function restPage(raw: RawRequests, query: ArchiveQuery, page: number): Promise<readonly ArchiveRow[]> {
  const { provider, columns, filter, orderBy, descending } = query;
  const options: readonly (readonly [string, string])[] = [
    ['$select', columns.join(',')],
    ...(filter === undefined ? [] : ([['$filter', filter]] as const)),
    ...(orderBy === undefined ? [] : ([['$orderBy', `${orderBy}${descending ? ' desc' : ''}`]] as const)),
    ['$top', String(archivePageSize)],
    ['$skip', String(page * archivePageSize)],
  ];
  const text = options.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  const path = `/api/v1/Archive/${encodeURIComponent(provider)}`;
  const exchange =
    text.length <= longestAddress
      ? await raw.send({ method: 'GET', path: `${path}?${text}` })
      : await raw.send({
          method: 'POST',
          path,
          headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
          body: text,
        });
  if (exchange.kind === 'failure') throw asReadError(failureOutcome(exchange));
  const body = exchange.body.toString('utf8');
  const error = statusError(exchange);
  if (error !== undefined) throw archiveError(provider, error, messageIn(body));
  return rowsIn(body, query);
}

async function soapPage(
  client: AgentClient,
  query: ArchiveQuery,
  page: number,
): Promise<readonly ArchiveRow[]> {
  const { provider, columns, filter = '', orderBy, descending } = query;
  const items = await client.read('GetArchiveListByColumns2', {
    ProviderName: provider,
    Columns: columns.join(','),
    SortOrder: orderBy === undefined ? '' : `${orderBy}${descending ? ' desc' : ''}`,
    Restrictions: filter,
    Entities: '',
    Page: page,
    PageSize: archivePageSize,
  });
  return (items ?? []).map((item) => {
    const cells = new Map(
      Object.entries(item?.ColumnData ?? {}).map(([name, cell]) => [name.toLowerCase(), cell] as const),
    );
    return columns.map((column) => {
      if (!cells.has(column.toLowerCase())) throw lacking(provider, column);
      return decodeCell(cells.get(column.toLowerCase())?.DisplayValue ?? null);
    });
  });
}

/** `{"value":[{"PrimaryKey":"2","EntityName":"...","<column>":...}]}`; the links in it are never followed. */
function rowsIn(body: string, { provider, columns }: ArchiveQuery): readonly ArchiveRow[] {
  const json = parsed(body);
  const rows: unknown = typeof json === 'object' && json !== null ? Reflect.get(json, 'value') : undefined;
  if (!Array.isArray(rows)) {
    const said = messageIn(body);
    const message = `the archive ${provider} answered no rows${said === undefined ? '' : `: ${said}`}`;
    throw new ErpsyncError('rejected', message, {
      hint: 'check the url of the profile and the rights of the user',
    });
  }
  return rows.map((row: unknown) => {
    const values = new Map(
      Object.entries(row ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const),
    );
    return columns.map((column) => {
      if (!values.has(column.toLowerCase())) throw lacking(provider, column);
      return plainValue(values.get(column.toLowerCase()));
    });
  });
}

function plainValue(value: unknown): ArchiveValue {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function lacking(provider: string, column: string): ErpsyncError {
  return new ErpsyncError('rejected', `the archive ${provider} does not answer the column ${column}`, {
    hint: 'the user may lack the right to it, or the server is another version than erpsync knows',
  });
}

function archiveError(provider: string, error: ErpsyncError, said: string | undefined): ErpsyncError {
  const { code, message, httpStatus, hint } = error;
  const words = `the archive ${provider}: ${said ?? message}`;
  return new ErpsyncError(code, words, { httpStatus, hint: hint ?? 'the user needs the right to read it' });
}

function messageIn(body: string): string | undefined {
  const json = parsed(body);
  if (typeof json !== 'object' || json === null) return undefined;
  for (const name of ['ErrorMessage', 'MessageDetail', 'Message']) {
    const text: unknown = Reflect.get(json, name);
    if (typeof text === 'string' && text.trim() !== '') return text.trim();
  }
  return undefined;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
