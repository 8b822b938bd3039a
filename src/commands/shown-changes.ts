/** What a save changes, as commands show it. */
import type { Change } from '../agent/saved-record.ts';
import type { Style } from '../output/style.ts';
import { table } from '../output/table.ts';

/** A change in `-o json`. */
export interface ShownChange {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** The changes without what only the program needs. */
export function shownChanges(changes: readonly Change[]): readonly ShownChange[] {
  return changes.map(({ field, before, after }) => ({ field, before, after }));
}

/**
 * The changes as a table, before and after side by side.
 *
 * @param created there is no before
 */
export function changeTable(changes: readonly ShownChange[], created: boolean, style: Style): string {
  const field = { heading: 'field', cell: (change: ShownChange) => change.field };
  const before = { heading: 'before', cell: (change: ShownChange) => inWords(change.before), whole: true };
  const after = {
    heading: created ? 'value' : 'after',
    cell: (change: ShownChange) => inWords(change.after),
    whole: true,
  };
  return table(changes, created ? [field, after] : [field, before, after], style);
}

function inWords(value: unknown): string {
  if (value === null || value === undefined || value === '') return '(empty)';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return String(value);
}
