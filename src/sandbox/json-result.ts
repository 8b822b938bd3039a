/** Results as NetServer's REST agents write them. */
import type { NothingType } from '../agent/contract.ts';
import type { AnyWireType, CarrierType, WireType } from '../agent/wire-types.ts';

/** Lower-cased names of the members that `$select` keeps; undefined keeps all. */
export type Selection = ReadonlySet<string> | undefined;

/**
 * Reads `$select`: a comma list of member names in any case, of which a path (`category/id`) counts
 * by its first step. Empty means everything, as if it were absent.
 */
export function readSelection(text: string | undefined): Selection {
  const names = (text ?? '').split(',').map((name) => (name.split('/')[0] ?? '').trim().toLowerCase());
  const kept = new Set(names.filter((name) => name !== ''));
  return kept.size === 0 ? undefined : kept;
}

/**
 * A result as a JSON value: all members of a carrier in contract order and the two that every carrier
 * inherits, absent ones as null. `$select` sets the members that it does not name to null, also in
 * each carrier of a list; results that are no carriers are not touched by it.
 */
export function jsonResult(wireType: WireType | NothingType, value: unknown, selection: Selection): unknown {
  const type = wireType as AnyWireType;
  if (value === null || value === undefined) return null;
  switch (type.kind) {
    case 'list':
      return (value as readonly unknown[]).map((element) => jsonResult(type.element, element, selection));
    case 'carrier':
      return jsonCarrier(type, value, selection);
    case 'dictionary': {
      const entries = Object.entries(value as object);
      return Object.fromEntries(entries.map(([key, each]) => [key, jsonResult(type.value, each, undefined)]));
    }
    case 'lazy':
      return jsonResult(type.resolve(), value, selection);
    default:
      return value;
  }
}

function jsonCarrier(type: CarrierType, value: unknown, selection: Selection): Record<string, unknown> {
  const members = new Map(Object.entries(value as object));
  const kept = (name: string) => selection === undefined || selection.has(name.toLowerCase());
  const own = Object.entries(type.fields).map(([name, memberType]) => [
    name,
    kept(name) ? jsonResult(memberType, members.get(name), undefined) : null,
  ]);
  const inherited = { TableRight: null, FieldProperties: kept('FieldProperties') ? {} : null };
  return { ...Object.fromEntries(own), ...(type.extendsCarrier ? inherited : {}) };
}
