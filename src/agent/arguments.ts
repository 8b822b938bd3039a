/**
 * Arguments as people and scripts give them: names in any case, and errors that name the path of a wrong
 * value and what it could have been. What comes out fits the contract.
 */
import { type ErpsyncError, usageError } from '../errors.ts';
import { didYouMean, nearestName } from '../nearest-name.ts';
import { batch, erpSync, type OperationName, operationNamed } from './contract.ts';
import { parseTimeSpan } from './timespan.ts';
import {
  type AnyWireType,
  type CarrierType,
  carrierBaseMembers,
  type EnumType,
  type Fields,
  isBase64,
  type WireType,
} from './wire-types.ts';

/** One of the 49 operations of the ErpSync agent. */
export type ErpSyncOperation = keyof typeof erpSync;

/**
 * The operation of a name in any case.
 *
 * @throws ErpsyncError (usage) with the nearest names
 */
export function erpSyncOperation(typed: string): ErpSyncOperation {
  const names = Object.keys(erpSync) as ErpSyncOperation[];
  const found = inAnyCase(typed, names);
  if (found !== undefined) return found;
  if (inAnyCase(typed, Object.keys(batch)) !== undefined) {
    throw usageError(
      `${typed} belongs to the Batch agent, not to ErpSync`,
      'use erpsync tasks, or erpsync api /api/v1/Agents/Batch/<operation>',
    );
  }
  throw usageError(`there is no operation ${JSON.stringify(typed)}`, suggestion(typed, names));
}

/**
 * The name and type of a parameter, given in any case.
 *
 * @throws ErpsyncError (usage) with the nearest name, or with all there are
 */
export function parameterOf(name: OperationName, typed: string): readonly [string, AnyWireType] {
  const { parameters } = operationNamed(name);
  const found = inAnyCase(typed, Object.keys(parameters));
  const type = found === undefined ? undefined : parameters[found];
  if (found === undefined || type === undefined)
    throw unknownName(name, typed, Object.keys(parameters), 'parameter');
  return [found, type as AnyWireType];
}

/** Arguments that fit the contract, under its names. */
export interface ReadArguments {
  readonly values: Readonly<Record<string, unknown>>;
  /** The key list is empty or null, on purpose: every record. */
  readonly everyRecord: boolean;
}

/**
 * Reads all parameters of an operation.
 *
 * @param given by name, in any case
 * @param all every record is asked for: only then the key list may be empty, null or missing, and it has to be
 * @throws ErpsyncError (usage) for a parameter that is missing, unknown, given twice or wrong
 */
export function readArguments(
  name: OperationName,
  given: Readonly<Record<string, unknown>>,
  all: boolean,
): ReadArguments {
  const { parameters, emptyMeansAll } = operationNamed(name);
  if (all && emptyMeansAll === undefined) {
    throw usageError(`--all: ${name} takes no list of keys`, 'leave it out');
  }
  const values = new Map<string, unknown>();
  for (const [typed, value] of Object.entries(given)) {
    const [parameter, type] = parameterOf(name, typed);
    if (values.has(parameter)) throw usageError(`${name}.${parameter} is given twice`, 'give it once');
    values.set(parameter, readArgument(type, value, `${name}.${parameter}`));
  }
  const everyRecord = emptyMeansAll !== undefined && checkKeys(name, emptyMeansAll, values, all);
  const missing = Object.keys(parameters).filter((parameter) => !values.has(parameter));
  if (missing.length > 0) {
    throw usageError(
      `${name}.${missing.join(`, ${name}.`)} ${missing.length === 1 ? 'is' : 'are'} missing`,
      'every parameter has to be given; an empty or null one is written as such',
    );
  }
  // In the order of the contract, whatever the order given.
  const ordered = Object.keys(parameters).map((parameter) => [parameter, values.get(parameter)]);
  return { values: Object.fromEntries(ordered), everyRecord };
}

/** Whether the keys mean every record; fills in an empty list where they are missing on purpose. */
function checkKeys(name: string, parameter: string, values: Map<string, unknown>, all: boolean): boolean {
  const path = `${name}.${parameter}`;
  const keys = values.get(parameter);
  if (Array.isArray(keys) && keys.length > 0) {
    if (all) throw usageError(`--all and ${parameter} exclude each other`, 'give one of them');
    const at = keys.findIndex((key) => key === null || key === '');
    if (at !== -1)
      throw usageError(`${path}[${at}] is ${keys[at] === null ? 'null' : 'empty'}, not a key`, 'take it out');
    return false;
  }
  if (!all) {
    const state = keys === undefined ? 'missing' : keys === null ? 'null' : 'empty';
    throw usageError(
      `${path} is ${state}, and without keys it means every record`,
      'give the keys, or ask for every record with --all',
    );
  }
  if (keys === undefined) values.set(parameter, []);
  return true;
}

/**
 * Reads a JSON value as a type of the contract: names of members and of enums in any case.
 *
 * @throws ErpsyncError (usage) with the path of the first value that does not fit
 */
export function readArgument(wireType: WireType, value: unknown, path: string): unknown {
  const type = wireType as AnyWireType;
  switch (type.kind) {
    case 'integer':
      if (typeof value !== 'number' || !Number.isInteger(value)) {
        throw wrong(path, `${shown(value)} is not a whole number`);
      }
      if (value < type.min || value > type.max) {
        throw wrong(path, `${value} is outside ${type.min} to ${type.max}`);
      }
      return value;
    case 'boolean':
      if (typeof value !== 'boolean') throw wrong(path, `${shown(value)} is neither true nor false`);
      return value;
    case 'dateTime':
      if (typeof value !== 'string' || !isDateTime(value)) {
        throw wrong(path, `${shown(value)} is no point in time`, 'write it as 2026-01-31T12:00:00');
      }
      return value;
    case 'duration':
      if (typeof value !== 'string' || parseTimeSpan(value) === undefined) {
        throw wrong(path, `${shown(value)} is no duration`, 'write it as 00:15:00 or PT15M');
      }
      return value;
    case 'string':
      if (value !== null && typeof value !== 'string')
        throw wrong(path, `${kindOf(value)} where text is due`);
      return value;
    case 'enum':
      return readEnumName(type, value, path);
    case 'list':
      if (value === null) return null;
      if (!Array.isArray(value))
        throw wrong(path, `${shown(value)} where a list is due`, 'write it as [1,2]');
      return value.map((element, index) => readArgument(type.element, element, `${path}[${index}]`));
    case 'stringMap':
      return readTexts(value, path);
    case 'base64':
      if (value !== null && (typeof value !== 'string' || !isBase64(value)))
        throw wrong(path, `${shown(value)} is not base64`);
      return value;
    case 'dictionary':
      if (value === null) return null;
      if (typeof value !== 'object' || Array.isArray(value))
        throw wrong(path, `${shown(value)} where an object is due`);
      return Object.fromEntries(
        Object.entries(value).map(([key, each]) => [key, readArgument(type.value, each, `${path}.${key}`)]),
      );
    case 'carrier':
      return value === null ? null : readMembers(type, value, path);
    case 'lazy':
      return readArgument(type.resolve(), value, path);
  }
}

/**
 * The value of a scalar that is given as text: `124`, `true`, `Customer`; text stands for itself.
 *
 * @throws ErpsyncError (usage)
 */
export function readScalarText(type: AnyWireType, text: string, path: string): unknown {
  if (type.kind === 'integer') {
    if (!/^-?[0-9]{1,15}$/.test(text)) throw wrong(path, `${shown(text)} is not a whole number`);
    return readArgument(type, Number(text), path);
  }
  if (type.kind === 'boolean') {
    const word = text.toLowerCase();
    if (word !== 'true' && word !== 'false') throw wrong(path, `${shown(text)} is neither true nor false`);
    return word === 'true';
  }
  return readArgument(type, text, path);
}

/**
 * The name of an enum's value, given in any case.
 *
 * @throws ErpsyncError (usage) with the nearest name
 */
export function readEnumName(type: EnumType, value: unknown, path: string): string {
  const names = Object.keys(type.values);
  if (typeof value === 'number') {
    const name = Object.entries(type.values).find(([, number]) => number === value)?.[0];
    throw wrong(path, `${value} is a number, not a name`, name && `did you mean "${name}"?`);
  }
  const found = typeof value === 'string' ? inAnyCase(value, names) : undefined;
  if (found !== undefined) return found;
  const nearest = typeof value === 'string' ? didYouMean(value, names) : undefined;
  throw wrong(path, `${shown(value)} is no ${type.name}`, nearest ?? `it is one of ${names.join(', ')}`);
}

/** The values are not shown: in configuration fields they are passwords. */
function readTexts(value: unknown, path: string): Record<string, string | null> | null {
  if (value === null) return null;
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw wrong(path, `${kindOf(value)} where an object of texts is due`, 'write it as {"Name":"text"}');
  }
  for (const [key, text] of Object.entries(value)) {
    if (text !== null && typeof text !== 'string')
      throw wrong(`${path}.${key}`, `${kindOf(text)} where text is due`, 'write it in quotes');
  }
  return { ...value };
}

function readMembers(type: CarrierType, value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrong(path, `${shown(value)} where an object (${type.name}) is due`);
  }
  const known: Fields = type.fields;
  const ignored: readonly string[] = type.extendsCarrier ? carrierBaseMembers : [];
  const result: Record<string, unknown> = {};
  for (const [typed, member] of Object.entries(value)) {
    if (inAnyCase(typed, ignored) !== undefined) continue;
    const found = inAnyCase(typed, Object.keys(known));
    const memberType = found === undefined ? undefined : known[found];
    if (found === undefined || memberType === undefined)
      throw unknownName(path, typed, Object.keys(known), 'member');
    if (Object.hasOwn(result, found)) throw wrong(`${path}.${typed}`, `${found} is given twice`);
    result[found] = readArgument(memberType, member, `${path}.${found}`);
  }
  return result;
}

function inAnyCase<N extends string>(typed: string, known: readonly N[]): N | undefined {
  return known.find((name) => name.toLowerCase() === typed.toLowerCase());
}

/** The nearest name and those that hold what was typed. */
function suggestion(typed: string, known: readonly string[]): string {
  const nearest = nearestName(typed, known);
  const holding = known.filter((name) => name.toLowerCase().includes(typed.toLowerCase()));
  const names = [...new Set([...(nearest === undefined ? [] : [nearest]), ...holding])].slice(0, 4);
  return names.length === 0
    ? 'see: erpsync call --help'
    : `did you mean ${names.map((name) => JSON.stringify(name)).join(' or ')}?`;
}

function unknownName(path: string, typed: string, known: readonly string[], what: string): ErpsyncError {
  const all = known.length === 0 ? `there is no ${what}` : `it is one of ${known.join(', ')}`;
  return usageError(`${path} has no ${what} ${JSON.stringify(typed)}`, didYouMean(typed, known) ?? all);
}

function wrong(path: string, problem: string, hint?: string): ErpsyncError {
  return usageError(`${path}: ${problem}`, hint);
}

function isDateTime(text: string): boolean {
  const form = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,7})?)?(Z|[+-]\d{2}:\d{2})?)?$/;
  return form.test(text) && !Number.isNaN(Date.parse(text));
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : typeof value === 'string' ? 'text' : `a ${typeof value}`;
}

/** A glimpse of a value. */
function shown(value: unknown): string {
  if (typeof value === 'object') return kindOf(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}
