/** The Archive agent: rows of an archive page by page, with values as agents encode them. */
import type { ArchiveListItem } from '../agent/archive-carriers.ts';
import type { ValueOf } from '../agent/wire-types.ts';
import { archiveNamed } from './archive/archives.ts';
import { encodedCell } from './archive/cells.ts';
import { columnInfo } from './archive/describe.ts';
import { readFilter } from './archive/filter.ts';
import { readNames, readOrder } from './archive/query-text.ts';
import { readRestrictions } from './archive/restrictions.ts';
import { type ArchiveQuery, defaultPageSize, runArchive } from './archive/run.ts';
import type { Call, Implementations } from './implementation.ts';
import { elements, filled, Refusal } from './refusal.ts';

/** The implementations; pages count from 0, and a page size of 0 is the documented one of 1000. */
export const archiveOperations = {
  GetArchiveListByColumns(given, call) {
    const order = elements(given.SortOrder ?? [], 'SortOrder').map(({ Name, Direction }, index) => ({
      column: filled(Name, `SortOrder[${index}].Name`),
      descending: Direction === 'DESC',
    }));
    return listItems(call, {
      provider: filled(given.ProviderName, 'ProviderName'),
      columns: elements(given.Columns, 'Columns'),
      filter: readRestrictions(given.Restriction),
      order,
      entities: elements(given.Entities ?? [], 'Entities'),
      ...pageOf(given),
    });
  },

  GetArchiveListByColumns2: (given, call) =>
    listItems(call, {
      provider: filled(given.ProviderName, 'ProviderName'),
      columns: readNames(given.Columns),
      filter: readFilter(given.Restrictions ?? ''),
      order: readOrder(given.SortOrder),
      entities: readNames(given.Entities),
      ...pageOf(given),
    }),

  GetAvailableColumns({ ProviderName, Context }) {
    if (Context) throw new Refusal('Context: no archive here takes one');
    return archiveNamed(filled(ProviderName, 'ProviderName')).columns.map(columnInfo);
  },
} satisfies Partial<Implementations>;

function pageOf({ Page, PageSize }: { readonly Page: number; readonly PageSize: number }) {
  if (Page < 0) throw new Refusal(`Page: ${Page}, while pages count from 0`);
  if (PageSize < 0) throw new Refusal(`PageSize: ${PageSize} is no number of rows`);
  const top = PageSize === 0 ? defaultPageSize : PageSize;
  return { skip: Page * top, top };
}

function listItems(call: Call, query: ArchiveQuery): ValueOf<typeof ArchiveListItem>[] {
  const { columns, rows } = runArchive(query, call);
  return rows.map(({ key, entity, cells }) => ({
    EntityName: entity,
    PrimaryKey: key,
    ColumnData: Object.fromEntries(
      columns.map(({ name, type }, index) => [
        name,
        { DisplayValue: encodedCell(type, cells[index] ?? null), TooltipHint: '', LinkHint: '' },
      ]),
    ),
    LinkHint: '',
    StyleHint: '',
  }));
}
