/** Between the contract's values and what the npm library `soap` takes and gives. */
import { parseTimeSpan } from '../../../src/agent/timespan.ts';
import { type AnyWireType, string, type WireType } from '../../../src/agent/wire-types.ts';
import { itemNameOf } from '../../../src/sandbox/soap-names.ts';

type Values = Readonly<Record<string, unknown>>;

/** A value as the library writes it as elements. */
export function given(wireType: WireType, value: unknown): unknown {
  const type = wireType as AnyWireType;
  if (value === null || value === undefined) return value;
  switch (type.kind) {
    case 'list':
      return {
        [itemNameOf(type.element, '').name]: (value as unknown[]).map((each) => given(type.element, each)),
      };
    case 'stringMap':
      return { StringKeyValuePair: Object.entries(value).map(([Key, Value]) => ({ Key, Value })) };
    case 'carrier': {
      const members = Object.entries(type.fields).filter(([name]) => name in (value as object));
      return Object.fromEntries(
        members.map(([name, member]) => [name, given(member, (value as Values)[name])]),
      );
    }
    case 'lazy':
      return given(type.resolve(), value);
    default:
      return value;
  }
}

/**
 * A value as both protocols mean it, from the library (`soap`) or from REST's JSON: the library does not tell an
 * empty list or text from none, and reads points in time as dates.
 */
export function meant(wireType: WireType, value: unknown, from: 'soap' | 'json', version: number): unknown {
  const type = wireType as AnyWireType;
  const next = (inner: WireType, each: unknown) => meant(inner, each, from, version);
  switch (type.kind) {
    case 'string':
      return value ?? '';
    case 'dateTime':
      return new Date(value as string).getTime();
    case 'duration':
      return parseTimeSpan(String(value));
    case 'list': {
      const items = from === 'soap' ? pick(value, itemNameOf(type.element, '').name) : value;
      return ((items ?? []) as unknown[]).map((each) => next(type.element, each));
    }
    case 'stringMap':
      return pairs(value, 'StringKeyValuePair', (each) => next(string, each), from);
    case 'dictionary':
      return pairs(value, type.pair, (each) => next(type.value, each), from);
    case 'carrier': {
      if (value === null || value === undefined) return null;
      const members = Object.entries(type.fields).filter(
        ([name]) => version === 88 || !type.since88.includes(name),
      );
      return Object.fromEntries(members.map(([name, member]) => [name, next(member, pick(value, name))]));
    }
    case 'lazy':
      return next(type.resolve(), value);
    default:
      return value;
  }
}

function pairs(
  value: unknown,
  pair: string,
  read: (each: unknown) => unknown,
  from: 'soap' | 'json',
): object {
  const entries: [unknown, unknown][] =
    from === 'json'
      ? Object.entries(value ?? {})
      : ((pick(value, pair) ?? []) as unknown[]).map((one) => [pick(one, 'Key'), pick(one, 'Value')]);
  return Object.fromEntries(entries.map(([key, each]) => [String(key), read(each)]));
}

function pick(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
