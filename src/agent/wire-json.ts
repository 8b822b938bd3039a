/**
 * The contract's types as JSON, the way NetServer's REST agents write them: numbers, booleans, enum
 * names, `StringDictionary` as a plain object, member names in PascalCase.
 *
 * Two readers share the rules: a client reads answers leniently, since servers differ in age and
 * `$select` nulls members out; the sandbox reads requests strictly, since a member that a real server
 * skipped could turn a key list into "all".
 */
import type { ArgumentsOf, NothingType, OperationName } from './contract.ts';
import { agentOf, operationNamed } from './contract.ts';
import { formatTimeSpan, parseTimeSpan, type TimeSpanForm } from './timespan.ts';
import {
  type AnyWireType,
  type CarrierType,
  carrierBaseMembers,
  type DictionaryType,
  type EnumType,
  type Fields,
  isBase64,
  type WireType,
} from './wire-types.ts';

/** A value that does not have the type that the contract gives it; the message names its path. */
export class WireValueError extends Error {
  override readonly name = 'WireValueError';
  /** Where it stands: `ForceResyncBatchTask.InternalKeyIds[3]`. */
  readonly path: string;
  /** What is wrong there: `"x" is no whole number`. */
  readonly problem: string;

  constructor(path: string, problem: string) {
    super(`${path}: ${problem}`);
    this.path = path;
    this.problem = problem;
  }
}

/** How strictly a value is read: see the head of this file. */
export type Strictness = 'strict' | 'lenient';

/** How a value is read: durations stay as they are written, or are brought into one form. */
interface Manner {
  readonly how: Strictness;
  readonly timespan?: TimeSpanForm;
}

/** An operation as one HTTP request. */
export interface JsonRequest {
  /** Path below the base URL with its query: `/api/v1/Agents/ErpSync/GetConnection`. */
  readonly path: string;
  /** The body; undefined for operations that have none. */
  readonly body: string | undefined;
}

/** The path of an operation below the base URL. */
export function restPath(name: OperationName): string {
  return `/api/v1/Agents/${agentOf(name)}/${name}`;
}

/**
 * Writes an operation as a REST request: one JSON object with the parameters in wire order, or the
 * query string or the bare carrier where the contract says so. Durations may be given in any form that can
 * be read and are written as `timespan` says.
 *
 * @throws WireValueError when an argument is missing or is not what the contract says.
 */
export function encodeJsonRequest<N extends OperationName>(
  name: N,
  given: ArgumentsOf<N>,
  timespan: TimeSpanForm = 'clock',
): JsonRequest {
  const { parameters, rest } = operationNamed(name);
  const values = new Map(Object.entries(given));
  const body: Record<string, unknown> = {};
  for (const [parameter, type] of Object.entries(parameters)) {
    const value = values.get(parameter);
    if (value === undefined) throw new WireValueError(`${name}.${parameter}`, 'is missing');
    body[parameter] = read(type, value, `${name}.${parameter}`, { how: 'strict', timespan });
  }
  const path = restPath(name);
  const [first] = Object.keys(parameters);
  if (first === undefined) return { path, body: undefined };
  if (rest === 'query') {
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries(body)) query.set(lowerFirst(key), String(value));
    return { path: `${path}?${query}`, body: undefined };
  }
  return { path, body: JSON.stringify(rest === 'bare' ? body[first] : body) };
}

/**
 * Reads a JSON value as a type of the contract and returns it with the contract's member names. Durations
 * stay as they are written, but must be readable.
 *
 * @throws WireValueError with the path of the first value that does not fit.
 */
export function readJson(
  wireType: WireType | NothingType,
  value: unknown,
  path: string,
  how: Strictness,
): unknown {
  return read(wireType, value, path, { how });
}

function read(wireType: WireType | NothingType, value: unknown, path: string, manner: Manner): unknown {
  const type = wireType as AnyWireType;
  switch (type.kind) {
    case 'integer':
      if (typeof value !== 'number' || !Number.isInteger(value)) {
        throw new WireValueError(path, `${shown(value)} where a whole number (${type.name}) is due`);
      }
      if (value < type.min || value > type.max) {
        throw new WireValueError(path, `${value} is outside ${type.name} (${type.min} to ${type.max})`);
      }
      return value;
    case 'boolean':
      if (typeof value !== 'boolean')
        throw new WireValueError(path, `${shown(value)} where true or false is due`);
      return value;
    case 'dateTime':
      if (typeof value !== 'string')
        throw new WireValueError(path, `${shown(value)} where text (dateTime) is due`);
      return value;
    case 'duration':
      return readDuration(value, path, manner);
    case 'string':
      if (value !== null && typeof value !== 'string') {
        throw new WireValueError(path, `${shown(value)} where text is due`);
      }
      return value;
    case 'enum':
      return readEnum(type, value, path, manner.how);
    case 'list':
      if (value === null) return null;
      if (!Array.isArray(value)) throw new WireValueError(path, `${shown(value)} where a list is due`);
      // Thousands of keys: no path is made for each as long as all is well.
      if (areIntegers(type.element as AnyWireType, value)) return value;
      return value.map((element, index) => read(type.element, element, `${path}[${index}]`, manner));
    case 'stringMap':
      return readStringMap(value, path);
    case 'base64':
      if (value !== null && (typeof value !== 'string' || !isBase64(value)))
        throw new WireValueError(path, `${shown(value)} where base64 is due`);
      return value;
    case 'dictionary':
      return readDictionary(type, value, path, manner);
    case 'carrier':
      return value === null ? null : readMembers(type, value, path, manner);
    case 'lazy':
      return read(type.resolve(), value, path, manner);
  }
}

/**
 * Reads the body of a request as the parameters of an operation, strictly: every parameter, no other
 * property, no two that differ only in case. Names bind whatever their case, as they do on the server.
 *
 * @throws WireValueError with the path of the first violation.
 */
export function readJsonArguments(name: OperationName, body: unknown): Record<string, unknown> {
  const { parameters, rest } = operationNamed(name);
  const [first] = Object.entries(parameters);
  if (rest === 'bare' && first) return { [first[0]]: readJson(first[1], body, name, 'strict') };
  const found = readProperties(parameters, body, name, { how: 'strict' }, []);
  const missing = Object.keys(parameters).find((parameter) => !(parameter in found));
  if (missing !== undefined) throw new WireValueError(`${name}.${missing}`, 'is missing');
  return found;
}

function areIntegers(type: AnyWireType, values: readonly unknown[]): boolean {
  if (type.kind !== 'integer') return false;
  const { min, max } = type;
  return values.every(
    (value) => typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max,
  );
}

function readMembers(
  type: CarrierType,
  value: unknown,
  path: string,
  manner: Manner,
): Record<string, unknown> {
  return readProperties(type.fields, value, path, manner, type.extendsCarrier ? carrierBaseMembers : []);
}

function readProperties(
  fields: Fields,
  value: unknown,
  path: string,
  manner: Manner,
  ignored: readonly string[],
): Record<string, unknown> {
  const { how } = manner;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new WireValueError(path, `${shown(value)} where an object is due`);
  }
  const nameOf = new Map([...Object.keys(fields), ...ignored].map((name) => [name.toLowerCase(), name]));
  const result: Record<string, unknown> = {};
  const seen = new Map<string, string>();
  for (const [given, member] of Object.entries(value)) {
    const lower = given.toLowerCase();
    const name = nameOf.get(lower);
    const twin = seen.get(lower);
    if (twin !== undefined)
      throw new WireValueError(`${path}.${given}`, `differs from "${twin}" only in case`);
    seen.set(lower, given);
    const type = name === undefined ? undefined : fields[name];
    if (name === undefined && how === 'strict')
      throw new WireValueError(`${path}.${given}`, 'is not a known property');
    if (name === undefined || type === undefined) continue;
    if (member === null && how === 'lenient') continue;
    result[name] = read(type, member, `${path}.${name}`, manner);
  }
  return result;
}

function readDuration(value: unknown, path: string, { timespan }: Manner): string {
  const ms = typeof value === 'string' ? parseTimeSpan(value) : undefined;
  if (typeof value !== 'string' || ms === undefined) {
    throw new WireValueError(path, `${shown(value)} is no duration, such as 00:15:00 or PT15M`);
  }
  return timespan === undefined ? value : formatTimeSpan(ms, timespan);
}

function readEnum(type: EnumType, value: unknown, path: string, how: Strictness): string {
  if (typeof value === 'string' && (how === 'lenient' || Object.hasOwn(type.values, value))) return value;
  if (typeof value === 'number' && how === 'lenient') {
    return Object.entries(type.values).find(([, number]) => number === value)?.[0] ?? String(value);
  }
  const names = Object.keys(type.values).join(', ');
  throw new WireValueError(path, `${shown(value)} is not a ${type.name} (${names})`);
}

function readStringMap(value: unknown, path: string): Record<string, string | null> | null {
  if (value === null) return null;
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new WireValueError(path, `${shown(value)} where an object of texts is due`);
  }
  const entries = Object.entries(value);
  for (const [key, text] of entries) {
    if (text !== null && typeof text !== 'string') {
      throw new WireValueError(`${path}.${key}`, `${shown(text)} where text is due`);
    }
  }
  return Object.fromEntries(entries);
}

function readDictionary(
  type: DictionaryType,
  value: unknown,
  path: string,
  manner: Manner,
): Record<string, unknown> | null {
  if (value === null) return null;
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new WireValueError(path, `${shown(value)} where an object is due`);
  }
  const entries = Object.entries(value).map(([key, each]) => [
    key,
    read(type.value, each, `${path}.${key}`, manner),
  ]);
  return Object.fromEntries(entries);
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** A value for a message: short, and never more than a glimpse of it. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}
