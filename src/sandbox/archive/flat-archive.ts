/** Archives with columns of their own, over rows that the tenant holds. */
import { Refusal } from '../refusal.ts';
import { type Archive, type ArchiveContext, type Column, everyArchivesColumns } from './column.ts';

/** What makes such an archive. */
interface FlatArchive<R> {
  readonly name: string;
  readonly entities: readonly string[];
  readonly onlyNamed?: readonly string[];
  readonly columns: readonly Column<R>[];
  rows(context: ArchiveContext): readonly R[];
  keyOf(row: R): number;
  entityOf(row: R): string;
}

/** An archive whose rows the tenant keeps in any order; names of columns bind whatever their case. */
export function flatArchive<R>(parts: FlatArchive<R>): Archive<R> {
  const { name, entities, onlyNamed = [], keyOf, entityOf } = parts;
  const columns = [...everyArchivesColumns, ...parts.columns];
  const byName = new Map(columns.map((column) => [column.name.toLowerCase(), column]));
  return {
    name,
    entities,
    onlyNamed,
    columns,
    open: (context) => ({
      rows: parts.rows(context).toSorted((one, other) => keyOf(one) - keyOf(other)),
      column(asked) {
        const column = byName.get(asked.toLowerCase());
        if (column === undefined) throw new Refusal(`${name} has no column "${asked}"`);
        return column;
      },
      keyOf,
      entityOf,
      admits: () => true,
      isKey: (column) => column.name.toLowerCase() === 'id',
    }),
  };
}
