/**
 * The dynamic archive: columns over tables in dot syntax, all from one table. `.field` is an outer join along a
 * foreign key, `:field` an inner one, and `field[table]` joins a table on any number, which finds the record of
 * that id whatever kind of record the number was meant for. Right joins, `.(table->field)`, are not spoken here.
 */
import { Refusal } from '../refusal.ts';
import type { Tenant } from '../state.ts';
import type { Cell } from './cells.ts';
import { type Archive, type Column, everyArchivesColumns, type OpenArchive } from './column.ts';
import { type Field, type Table, tables } from './tables.ts';

/** One step from a row to a row of another table. */
interface Join {
  readonly field: Field;
  readonly target: Table;
  readonly isInner: boolean;
}

/** A column, taken apart. */
interface Path {
  readonly root: Table;
  readonly joins: readonly Join[];
  readonly field: Field;
}

/** The archive: only a request tells its columns. */
export const dynamicArchive: Archive = {
  name: 'Dynamic',
  entities: [],
  onlyNamed: [],
  columns: everyArchivesColumns,
  open: ({ tenant }) => openDynamic(tenant),
};

function openDynamic(tenant: Tenant): OpenArchive {
  let root: Table | undefined;
  let keyOf: (row: unknown) => number = () => 0;
  const columns = new Map<string, Column>(
    everyArchivesColumns.map((column) => [column.name.toLowerCase(), column]),
  );
  const admissions = new Map<string, (row: unknown) => boolean>();
  const keys = new Set<Column>();

  const readColumn = (text: string): Column => {
    const path = readPath(text);
    root ??= path.root;
    if (root !== path.root) {
      throw new Refusal(`Dynamic: "${text}" begins at ${path.root.name}, another column at ${root.name}`);
    }
    const [key] = root.fields;
    keyOf = (row) => Number(key.read(row));
    const reach = reachOf(path.joins, tenant);
    const last = path.joins.findLastIndex(({ isInner }) => isInner);
    if (last >= 0) {
      const reachInner = reachOf(path.joins.slice(0, last + 1), tenant);
      admissions.set(text.toLowerCase(), (row) => reachInner(row) !== undefined);
    }
    const column = columnOf(text, path.field, reach);
    if (path.joins.length === 0 && path.field === key) keys.add(column);
    return column;
  };

  return {
    get rows() {
      return root?.open(tenant).rows ?? [];
    },
    column(text) {
      const column = columns.get(text.toLowerCase()) ?? readColumn(text);
      columns.set(text.toLowerCase(), column);
      return column;
    },
    keyOf: (row) => keyOf(row),
    entityOf: () => root?.name ?? '',
    admits: (row) => {
      for (const admitted of admissions.values()) if (!admitted(row)) return false;
      return true;
    },
    isKey: (column) => keys.has(column),
  };
}

function columnOf(name: string, field: Field, reach: (row: unknown) => unknown): Column {
  const isList = field.refersTo !== undefined || field.ofList === true;
  return {
    name,
    type: field.type,
    restriction: isList ? 'listAny' : field.type,
    canOrderBy: true,
    read(row): Cell {
      const target = reach(row);
      return target === undefined ? null : field.read(target);
    },
  };
}

/** From a row to the one at the end of the joins, undefined where there is none. */
function reachOf(joins: readonly Join[], tenant: Tenant): (row: unknown) => unknown {
  const steps = joins.map(({ field, target }) => {
    const { byKey } = target.open(tenant);
    return (row: unknown) => byKey.get(Number(field.read(row)));
  });
  return (row) => {
    let at: unknown = row;
    for (const step of steps) {
      if (at === undefined) return undefined;
      at = step(at);
    }
    return at;
  };
}

/** Takes a column apart: `table`, then steps, then the field, which stands behind a dot. */
function readPath(text: string): Path {
  const match = /^(\w+)((?:[.:]\w+(?:\[\w+\])?)*)\.(\w+)$/.exec(text);
  if (match === null) throw new Refusal(`Dynamic: "${text}" is no column, such as table.foreign_key.field`);
  const [, rootName = '', steps = '', fieldName = ''] = match;
  const root = tableOf(rootName);
  const joins: Join[] = [];
  let at = root;
  for (const [, sign, name = '', free] of steps.matchAll(/([.:])(\w+)(?:\[(\w+)\])?/g)) {
    const field = fieldOf(at, name);
    const target = free ?? field.refersTo;
    if (target === undefined)
      throw new Refusal(`Dynamic: ${at.name}.${field.name} is no foreign key; name a table: [table]`);
    if (field.type !== 'int') throw new Refusal(`Dynamic: ${at.name}.${field.name} is no number to join on`);
    at = tableOf(target);
    joins.push({ field, target: at, isInner: sign === ':' });
  }
  return { root, joins, field: fieldOf(at, fieldName) };
}

function tableOf(name: string): Table {
  const table = tables.get(name.toLowerCase());
  if (table !== undefined) return table;
  throw new Refusal(`Dynamic: there is no table "${name}", but ${[...tables.keys()].join(', ')}`);
}

function fieldOf({ name, fields }: Table, asked: string): Field {
  const field = fields.find((one) => one.name.toLowerCase() === asked.toLowerCase());
  if (field !== undefined) return field;
  throw new Refusal(
    `Dynamic: ${name} has no field "${asked}", but ${fields.map((one) => one.name).join(', ')}`,
  );
}
