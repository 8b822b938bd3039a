/** Fields as the wire describes them to who fills them in. */
import type { FieldMetadata } from '../agent/carriers.ts';
import type { ValueOf } from '../agent/wire-types.ts';
import type { ErpField } from './state.ts';

/** The description of an ERP or configuration field; ranks count from 1. */
export function fieldMetadata(field: ErpField, rank: number): ValueOf<typeof FieldMetadata> {
  return {
    FieldKey: field.key,
    Rank: rank,
    DisplayName: field.name,
    DisplayDescription: field.tooltip,
    FieldType: field.type,
    ListName: field.list,
    DefaultValue: field.defaultValue,
    MaxLength: field.maxLength,
    Access: field.access,
    ShowInSearch: field.showInSearch,
  };
}
