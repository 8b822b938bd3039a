/** Reading archives, the server's tables for lists and searches, page by page over either transport. */
import type { RawRequests } from '../transport/raw.ts';
import { type PageRequest, restPage } from './archive-answer.ts';
import { type ArchiveColumns, type ArchiveRow, readRow, unreadableArchive } from './archive-cells.ts';
import type { AgentClient } from './client.ts';

/** What archives are read with; a session has both. */
export interface ArchiveAccess {
  readonly client: AgentClient;
  readonly raw: RawRequests;
}

/** What is asked for. */
export interface ArchiveQuery<C extends ArchiveColumns> {
  /** Name of the archive: `Dynamic`, `ErpConnection`, ... */
  readonly provider: string;
  readonly columns: C;
  /** Conditions joined by `and` and `or`, of which `and` binds tighter; empty takes every row. */
  readonly filter: string;
  /**
   * A column whose ascending numbers are unique: each page begins behind the last number of the one before,
   * which costs the same for every page, while `$skip` reads all rows before it. The filter has no `or` then.
   */
  readonly key?: keyof C & string;
  /** The order, where no key makes it: `updated desc`. */
  readonly orderBy?: string;
  /** Names of entities, where not the archive's own. */
  readonly entities?: string;
}

/** The server's own limit. */
const pageSize = 1_000;
/** No list without a key is longer by far; without a limit a server could answer pages for ever. */
const mostRows = 1_000_000;

/**
 * The rows of an archive, a page at a time; the next page is asked for when the last one has been taken.
 *
 * @throws ErpsyncError as for any read; `rejected` for an answer without a column that was asked for
 */
export async function* archivePages<C extends ArchiveColumns>(
  access: ArchiveAccess,
  query: ArchiveQuery<C>,
): AsyncGenerator<readonly ArchiveRow<C>[]> {
  const { provider, columns, filter, key, entities = '' } = query;
  const orderBy = key === undefined ? (query.orderBy ?? '') : `${key} asc`;
  const same = { provider, columns: Object.keys(columns).join(','), orderBy, entities, top: pageSize };
  let last: number | undefined;
  let before = '';
  for (let skip = 0; ; skip += pageSize) {
    const behind = last === undefined ? '' : `${filter === '' ? '' : ' and '}${key} gt ${last}`;
    const page = { ...same, filter: filter + behind, skip: key === undefined ? skip : 0 };
    const rows = (await rowsOf(access, page)).map((row) => readRow(columns, row, provider));
    if (rows.length > 0) yield rows;
    if (key === undefined) {
      if (rows.length < pageSize) return;
      const now = JSON.stringify(rows);
      if (now === before)
        throw unreadableArchive(provider, 'the server answers the same rows again in place of the next ones');
      if (skip + pageSize >= mostRows)
        throw unreadableArchive(provider, `the server answers more than ${mostRows} rows`);
      before = now;
      continue;
    }
    // Only an empty page is the end: a server may answer fewer rows than it is asked for.
    if (rows.length === 0) return;
    last = lastKey(rows, key, last, provider);
  }
}

async function rowsOf(
  { client, raw }: ArchiveAccess,
  page: PageRequest,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  if (client.transport.name === 'rest') return await restPage(raw, page);
  const items = await client.read('GetArchiveListByColumns2', {
    ProviderName: page.provider,
    Columns: page.columns,
    SortOrder: page.orderBy,
    Restrictions: page.filter,
    Entities: page.entities,
    Page: page.skip / page.top,
    PageSize: page.top,
  });
  return (items ?? []).flatMap((item) => {
    if (item === null) return [];
    const cells = Object.entries(item.ColumnData ?? {});
    return [Object.fromEntries(cells.map(([name, data]) => [name, data?.DisplayValue ?? null]))];
  });
}

/** The key of the last row; all rows lie behind the page before, in order, or the pages would never end. */
function lastKey<C extends ArchiveColumns>(
  rows: readonly ArchiveRow<C>[],
  key: keyof C & string,
  before: number | undefined,
  provider: string,
): number {
  let last = before ?? Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    const value: unknown = row[key];
    if (typeof value !== 'number' || value <= last) {
      throw unreadableArchive(provider, `the server does not answer in the order of ${key}, as asked`);
    }
    last = value;
  }
  return last;
}

/** A text in a filter: in single quotes, those in it doubled. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
