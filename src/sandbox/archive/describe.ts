/** Columns as archives describe them. */
import type { ArchiveColumnInfo } from '../../agent/archive-carriers.ts';
import type { ValueOf } from '../../agent/wire-types.ts';
import type { CellType } from './cells.ts';
import type { Column } from './column.ts';

const displayTypes: Readonly<Record<CellType, string>> = {
  int: 'int',
  string: 'string',
  bool: 'checkbox',
  date: 'date',
};

/** The description of a column; names and tooltips are the column's own name. */
export function columnInfo({
  name,
  type,
  restriction,
  canOrderBy,
}: Column): ValueOf<typeof ArchiveColumnInfo> {
  return {
    DisplayName: name,
    DisplayTooltip: name,
    DisplayType: displayTypes[type],
    CanOrderBy: canOrderBy,
    Name: name,
    CanRestrictBy: restriction !== 'None',
    RestrictionType: restriction === 'None' ? null : restriction,
    RestrictionListName: null,
    IsVisible: !/^get(All|No)Rows$/.test(name),
    Width: '10c',
    IconHint: '',
    HeadingIconHint: '',
    ExtraInfo: '',
  };
}
