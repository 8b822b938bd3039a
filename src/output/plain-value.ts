/** Any value for people: scalars as text, lists of objects as tables, objects as name and value. */
import { details } from './details.ts';
import { printable } from './json.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';

/** A value as text of one or more lines. */
export function plainValue(value: unknown, style: Style): string {
  if (Array.isArray(value)) return plainList(value, style);
  if (typeof value === 'object' && value !== null) {
    const rows = Object.entries(value).map(([name, member]): [string, string] => [name, cell(member)]);
    return rows.length === 0 ? '{}' : details(rows, style);
  }
  return printable(cell(value));
}

function plainList(list: readonly unknown[], style: Style): string {
  if (list.length === 0) return 'nothing (an empty list)';
  const objects = list.filter((item) => typeof item === 'object' && item !== null && !Array.isArray(item));
  if (objects.length < list.length) return list.map((item) => printable(cell(item))).join('\n');
  const names = [...new Set(list.flatMap((item) => Object.keys(item as object)))];
  const shown = names.filter((name) => list.some((item) => !isNothing(Reflect.get(item as object, name))));
  const columns = shown.map((name) => ({
    heading: name,
    cell: (item: unknown) => cell(Reflect.get(item as object, name)),
  }));
  return table(list, columns, style);
}

function cell(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}
