/** The data types of the Archive agent, as the Services88 WSDL has them. */
import {
  boolean,
  type CarrierType,
  carrier,
  dictionary,
  enumeration,
  int32,
  lazy,
  list,
  plainCarrier,
  string,
} from './wire-types.ts';

export const OrderBySortType = enumeration('OrderBySortType', { ASC: 0, DESC: 1 });

export const InterRestrictionOperator = enumeration('InterRestrictionOperator', { None: 0, And: 1, Or: 2 });

export const ArchiveColumnInfo = plainCarrier('ArchiveColumnInfo', {
  DisplayName: string,
  DisplayTooltip: string,
  DisplayType: string,
  CanOrderBy: boolean,
  Name: string,
  CanRestrictBy: boolean,
  RestrictionType: string,
  RestrictionListName: string,
  IsVisible: boolean,
  Width: string,
  IconHint: string,
  HeadingIconHint: string,
  ExtraInfo: string,
});

export const ArchiveOrderByInfo = plainCarrier('ArchiveOrderByInfo', {
  Name: string,
  Direction: OrderBySortType,
});

/** A condition; one whose `IsActive` is not true has no influence. Declared by hand because a type cannot infer itself. */
export interface ArchiveRestrictionInfoValue {
  readonly Name?: string | null;
  readonly Operator?: string | null;
  readonly Values?: readonly (string | null)[] | null;
  readonly DisplayValues?: readonly (string | null)[] | null;
  readonly ColumnInfo?: object | null;
  readonly IsActive?: boolean | null;
  readonly SubRestrictions?: readonly (ArchiveRestrictionInfoValue | null)[] | null;
  readonly InterParenthesis?: number | null;
  readonly InterOperator?: string | null;
  readonly UniqueHash?: number | null;
}

export const ArchiveRestrictionInfo: CarrierType<ArchiveRestrictionInfoValue> = plainCarrier(
  'ArchiveRestrictionInfo',
  {
    Name: string,
    Operator: string,
    Values: list(string),
    DisplayValues: list(string),
    ColumnInfo: ArchiveColumnInfo,
    IsActive: boolean,
    SubRestrictions: list(lazy((): CarrierType<ArchiveRestrictionInfoValue> => ArchiveRestrictionInfo)),
    InterParenthesis: int32,
    InterOperator: InterRestrictionOperator,
    UniqueHash: int32,
  },
);

/** A cell; `DisplayValue` is encoded: `[I:123]`, `[D:09.11.2017]`, text bare. */
export const ArchiveColumnData = carrier('ArchiveColumnData', {
  DisplayValue: string,
  TooltipHint: string,
  LinkHint: string,
});

/** A row. */
export const ArchiveListItem = carrier('ArchiveListItem', {
  EntityName: string,
  PrimaryKey: int32,
  ColumnData: dictionary('ColumnDataDictionary', 'ColumnDataKeyValuePair', ArchiveColumnData),
  LinkHint: string,
  StyleHint: string,
});
