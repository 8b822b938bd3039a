/** A query of an archive, whatever protocol brought it, and its answer. */
import { Refusal } from '../refusal.ts';
import { archiveNamed } from './archives.ts';
import type { Cell } from './cells.ts';
import type { ArchiveContext, Column, OpenArchive } from './column.ts';
import type { Filter } from './filter.ts';
import { matcherOf } from './matcher.ts';

/** How many rows come when a query does not say: the documented page size. */
export const defaultPageSize = 1000;

/** A column to sort by. */
export interface Order {
  readonly column: string;
  readonly descending: boolean;
}

/** What is asked. */
export interface ArchiveQuery {
  readonly provider: string;
  readonly columns: readonly string[];
  readonly filter: Filter;
  readonly order: readonly Order[];
  /** Kinds of rows; none stands for those that an archive shows by itself. */
  readonly entities: readonly string[];
  readonly skip: number;
  readonly top: number;
}

/** A row of an answer; its cells stand in the order of the columns. */
export interface AnswerRow {
  readonly key: number;
  readonly entity: string;
  readonly cells: readonly Cell[];
}

/** A page of an answer. */
export interface AnswerPage {
  readonly columns: readonly Column[];
  readonly rows: readonly AnswerRow[];
  /** Whether there are rows behind this page. */
  readonly hasMore: boolean;
}

/**
 * Answers a query. Without conditions every row fits, as the documentation's own samples have it.
 *
 * @throws Refusal for an archive, column, entity or operator that is not known, or no columns at all.
 */
export function runArchive(query: ArchiveQuery, context: ArchiveContext): AnswerPage {
  const archive = archiveNamed(query.provider);
  if (query.columns.length === 0) throw new Refusal(`${archive.name}: no columns are asked for`);
  const open = archive.open(context);
  const columns = [...new Set(query.columns)].map((name) => open.column(name));
  const order = query.order.map(({ column: name, descending }) => {
    const column = open.column(name);
    if (!column.canOrderBy)
      throw new Refusal(`${archive.name} cannot be sorted by the column "${column.name}"`);
    return { column, descending };
  });
  const matches = matcherOf(query.filter, open, context);
  const entities = askedEntities(archive, query.entities);
  const fits = (row: unknown) => entities(open.entityOf(row)) && open.admits(row) && matches(row);
  const end = query.skip + query.top + 1;
  const found = sorted(open, order, fits, end).slice(query.skip, end);
  return {
    columns,
    rows: found.slice(0, query.top).map((row) => ({
      key: open.keyOf(row),
      entity: open.entityOf(row),
      cells: columns.map((column) => column.read(row)),
    })),
    hasMore: found.length > query.top,
  };
}

function askedEntities(
  { name, entities, onlyNamed }: ReturnType<typeof archiveNamed>,
  asked: readonly string[],
): (entity: string) => boolean {
  if (asked.length === 0) return (entity) => !onlyNamed.includes(entity);
  // The dynamic archive's kinds of rows are the tables.
  if (entities.length === 0) throw new Refusal(`${name} takes no entities`);
  const known = new Map(entities.map((entity) => [entity.toLowerCase(), entity]));
  const wanted = new Set(
    asked.map((entity) => {
      const spelled = known.get(entity.toLowerCase());
      if (spelled === undefined)
        throw new Refusal(`${name} has no entity "${entity}", but ${entities.join(', ')}`);
      return spelled;
    }),
  );
  return (entity) => wanted.has(entity);
}

interface Sorting {
  readonly column: Column;
  readonly descending: boolean;
}

/** At least the first `count` rows that fit, in order. In the order of the primary key it stops there. */
function sorted(
  open: OpenArchive,
  order: readonly Sorting[],
  fits: (row: unknown) => boolean,
  count: number,
): unknown[] {
  const [first] = order;
  if (first === undefined || open.isKey(first.column)) {
    return firstOf(open.rows, first?.descending ?? false, fits, count);
  }
  const keyed = open.rows
    .filter(fits)
    .map((row) => ({ row, keys: order.map(({ column }) => sortKey(column.read(row))) }));
  keyed.sort((one, other) => {
    for (const [index, { descending }] of order.entries()) {
      const difference = compareKeys(one.keys[index] ?? null, other.keys[index] ?? null);
      if (difference !== 0) return descending ? -difference : difference;
    }
    return 0;
  });
  return keyed.map(({ row }) => row);
}

function firstOf(
  rows: readonly unknown[],
  backwards: boolean,
  fits: (row: unknown) => boolean,
  count: number,
): unknown[] {
  const found: unknown[] = [];
  for (let at = 0; at < rows.length && found.length < count; at++) {
    const row = rows[backwards ? rows.length - 1 - at : at];
    if (fits(row)) found.push(row);
  }
  return found;
}

type SortKey = number | string | null;

function sortKey(cell: Cell): SortKey {
  if (typeof cell === 'boolean') return Number(cell);
  return typeof cell === 'string' ? cell.toLowerCase() : cell;
}

/** No value comes first. Values of a column are all of one type. */
function compareKeys(one: SortKey, other: SortKey): number {
  if (one === other) return 0;
  if (one === null) return -1;
  if (other === null) return 1;
  return one < other ? -1 : 1;
}
