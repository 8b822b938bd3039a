/** What an archive is made of: columns over rows. */

import type { Clock } from '../clock.ts';
import type { Tenant } from '../state.ts';
import type { User } from '../users.ts';
import type { Cell, CellType } from './cells.ts';

/** Which operators a condition on a column may use; `None` takes no condition. */
export type RestrictionType =
  | 'int'
  | 'listAny'
  | 'string'
  | 'stringorPK'
  | 'bool'
  | 'date'
  | 'associate'
  | 'None';

/** A column over rows of one kind. */
export interface Column<R = unknown> {
  readonly name: string;
  readonly type: CellType;
  readonly restriction: RestrictionType;
  readonly canOrderBy: boolean;
  read(row: R): Cell;
  /** What conditions compare, where that is not what the column shows. */
  compared?(row: R): Cell;
}

/** On what, for whom and when an archive is asked. */
export interface ArchiveContext {
  readonly tenant: Tenant;
  readonly caller: User;
  readonly now: Clock;
}

/** An archive that is asked for certain columns. Its rows stand by ascending primary key. */
export interface OpenArchive<R = unknown> {
  readonly rows: readonly R[];
  /** @throws Refusal for a column that the archive does not have. */
  column(name: string): Column<R>;
  keyOf(row: R): number;
  entityOf(row: R): string;
  /** Whether a row is there at all: an inner join that finds nothing drops it. */
  admits(row: R): boolean;
  /** Whether the rows stand in the order of this column already. */
  isKey(column: Column<R>): boolean;
}

/** An archive. */
export interface Archive<R = unknown> {
  /** As the documentation spells it; requests bind whatever their case. */
  readonly name: string;
  /** The kinds of rows. */
  readonly entities: readonly string[];
  /** Those of them that come only when a request names them. */
  readonly onlyNamed: readonly string[];
  /** The columns that it describes; the dynamic one's are defined by who asks. */
  readonly columns: readonly Column<R>[];
  open(context: ArchiveContext): OpenArchive<R>;
}

/** The two restrictions of every archive: all rows, or none. As columns they say nothing. */
export const everyArchivesColumns: readonly Column[] = [
  rowSwitch('getAllRows', true),
  rowSwitch('getNoRows', false),
];

function rowSwitch(name: string, holds: boolean): Column {
  return {
    name,
    type: 'bool',
    restriction: 'bool',
    canOrderBy: false,
    read: () => false,
    compared: () => holds,
  };
}
