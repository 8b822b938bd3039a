/** Archives over REST: OData answers, with logical values unless others are asked for. */
import { type Answer, jsonAnswer } from './answers.ts';
import { archiveNamed, archives } from './archive/archives.ts';
import { type Cell, displayedCell } from './archive/cells.ts';
import type { Column } from './archive/column.ts';
import { columnInfo } from './archive/describe.ts';
import { readFilter } from './archive/filter.ts';
import { readNames, readOrder } from './archive/query-text.ts';
import { type AnswerRow, defaultPageSize, runArchive } from './archive/run.ts';
import type { ArchiveOptions } from './rest-archive-options.ts';
import type { EntityCall } from './rest-entity-call.ts';

type Options = Extract<ArchiveOptions, { readonly kind: 'options' }>;

/** The names of all archives. */
export function archiveList({ baseUrl }: EntityCall): Answer {
  return jsonAnswer(200, {
    'odata.metadata': metadataUrl(baseUrl),
    value: archives.map(({ name }) => ({ name, url: name })),
  });
}

/** The columns of an archive by name. @throws Refusal when there is no such archive. */
export function archiveColumns(archive: string): Answer {
  const { columns } = archiveNamed(archive);
  return jsonAnswer(200, Object.fromEntries(columns.map((column) => [column.name, columnInfo(column)])));
}

/**
 * A page of an archive, and the link to the next one when there are more rows.
 *
 * @throws Refusal for a query that the archive cannot answer.
 */
export function archivePage(archive: string, options: Options, path: string, call: EntityCall): Answer {
  const { skip, top = defaultPageSize } = options;
  const page = runArchive(
    {
      provider: archive,
      columns: readNames(options.select),
      filter: readFilter(options.filter),
      order: readOrder(options.orderBy),
      entities: readNames(options.entities),
      skip,
      top,
    },
    call,
  );
  const write = options.mode === 'full' ? fullRow : slimRow;
  return jsonAnswer(200, {
    'odata.metadata': metadataUrl(call.baseUrl),
    'odata.nextLink': page.hasMore ? nextLink(call.baseUrl + path, options, skip + top) : null,
    value: page.rows.map((row) => write(row, page.columns, options)),
  });
}

/** The primary key is a text in this mode. */
function slimRow({ key, entity, cells }: AnswerRow, columns: readonly Column[], options: Options): object {
  const value = (cell: Cell) => (options.output === 'display' ? displayedCell(cell) : cell);
  const entries = columns.map(({ name }, index) => [nameIn(options, name), value(cells[index] ?? null)]);
  return { PrimaryKey: String(key), EntityName: entity, ...Object.fromEntries(entries) };
}

function fullRow({ key, entity, cells }: AnswerRow, columns: readonly Column[], options: Options): object {
  const entries = columns.map(({ name }, index) => {
    const cell = cells[index] ?? null;
    return [
      nameIn(options, name),
      { RawValue: cell, DisplayValue: displayedCell(cell), LinkHint: '', TooltipHint: '' },
    ];
  });
  return {
    PrimaryKey: key,
    EntityName: entity,
    StyleHint: '',
    LinkHint: '',
    TableRight: null,
    Column: Object.fromEntries(entries),
  };
}

function nameIn({ jsonSafe }: Options, name: string): string {
  return jsonSafe ? name.replace(/\W/g, '_') : name;
}

function nextLink(url: string, { given }: Options, skip: number): string {
  const query = new URLSearchParams([...given].filter(([name]) => name !== '$skip'));
  query.set('$skip', String(skip));
  return `${url}?${query}`;
}

function metadataUrl(baseUrl: string): string {
  return `${baseUrl}/api/v1/Archive/$metadata`;
}
