/**
 * Arguments as people and scripts give them: names in any case, and errors that name the path of a wrong
 * value and what it could have been. What comes out fits the contract.
 */
import { excluding, givenTwice, missing, noneOf, unknownName, unusable } from '../error-words.ts';
import { usageError } from '../errors.ts';
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
    throw usageError({
      what: `${typed} cannot be called by its name`,
      why: 'it belongs to the Batch agent, not to ErpSync',
      next: 'use erpsync tasks, or erpsync api /api/v1/Agents/Batch/<operation>',
    });
  }
  const holding = names.filter((name) => name.toLowerCase().includes(typed.toLowerCase())).slice(0, 4);
  const see = 'see all: erpsync call --help';
  throw unknownName({
    kind: 'operation',
    typed,
    known: names,
    next: holding.length === 0 ? see : `look at ${holding.join(', ')}, which hold it, or ${see}`,
  });
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
    throw unknownName({
      kind: 'parameter',
      typed,
      where: `of ${name}`,
      known: Object.keys(parameters),
      next: 'give its parameters by their names',
    });
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
    throw unusable('--all', `${name} takes no list of keys`, 'leave it out');
  }
  const values = new Map<string, unknown>();
  for (const [typed, value] of Object.entries(given)) {
    const [parameter, type] = parameterOf(name, typed);
    if (values.has(parameter)) throw givenTwice(`${name}.${parameter}`);
    values.set(parameter, readArgument(type, value, `${name}.${parameter}`));
  }
  const everyRecord = emptyMeansAll !== undefined && checkKeys(name, emptyMeansAll, values, all);
  const absent = Object.keys(parameters).filter((parameter) => !values.has(parameter));
  if (absent.length > 0) {
    throw usageError({
      what: `${name}.${absent.join(`, ${name}.`)} ${absent.length === 1 ? 'is' : 'are'} missing`,
      why: 'every parameter has to be given',
      next: 'write an empty or null one as such',
    });
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
    if (all) throw excluding(['--all', parameter], 'not every record is meant where some are named');
    const at = keys.findIndex((key) => key === null || key === '');
    if (at !== -1)
      throw unusable(
        `${path}[${at}]`,
        `it is ${keys[at] === null ? 'null' : 'empty'}, not a key`,
        'take it out',
      );
    return false;
  }
  if (!all) {
    const next = 'give the keys, or ask for every record with --all';
    if (keys === undefined) throw missing(path, 'without keys it means every record', next);
    const state = keys === null ? 'null' : 'empty';
    throw unusable(path, `it is ${state}, and without keys it means every record`, next);
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
        throw unusable(path, `${shown(value)} is not a whole number`, rangeOf(type));
      }
      if (value < type.min || value > type.max) {
        throw unusable(path, `${value} is outside ${type.min} to ${type.max}`, rangeOf(type));
      }
      return value;
    case 'boolean':
      if (typeof value !== 'boolean') throw unusable(path, `${shown(value)} is neither true nor false`, bool);
      return value;
    case 'dateTime':
      if (typeof value !== 'string' || !isDateTime(value)) {
        throw unusable(path, `${shown(value)} is no point in time`, 'write it as 2026-01-31T12:00:00');
      }
      return value;
    case 'duration':
      if (typeof value !== 'string' || parseTimeSpan(value) === undefined) {
        throw unusable(path, `${shown(value)} is no duration`, 'write it as 00:15:00 or PT15M');
      }
      return value;
    case 'string':
      if (value !== null && typeof value !== 'string')
        throw unusable(path, `it is ${kindOf(value)} where text is due`, quotes);
      return value;
    case 'enum':
      return readEnumName(type, value, path);
    case 'list':
      if (value === null) return null;
      if (!Array.isArray(value))
        throw unusable(path, `it is ${shown(value)} where a list is due`, 'write it as [1,2]');
      return value.map((element, index) => readArgument(type.element, element, `${path}[${index}]`));
    case 'stringMap':
      return readTexts(value, path);
    case 'base64':
      if (value !== null && (typeof value !== 'string' || !isBase64(value)))
        throw unusable(path, `${shown(value)} is not base64`, 'encode the bytes as base64');
      return value;
    case 'dictionary':
      if (value === null) return null;
      if (typeof value !== 'object' || Array.isArray(value))
        throw unusable(path, `it is ${shown(value)} where an object is due`, 'write it as {"key":{}}');
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
    if (!/^-?[0-9]{1,15}$/.test(text))
      throw unusable(path, `${shown(text)} is not a whole number`, rangeOf(type));
    return readArgument(type, Number(text), path);
  }
  if (type.kind === 'boolean') {
    const word = text.toLowerCase();
    if (word !== 'true' && word !== 'false')
      throw unusable(path, `${shown(text)} is neither true nor false`, bool);
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
    throw unusable(
      path,
      `${value} is a number, not a name`,
      `give ${name === undefined ? `one of ${names.join(', ')}` : JSON.stringify(name)}`,
    );
  }
  const found = typeof value === 'string' ? inAnyCase(value, names) : undefined;
  if (found !== undefined) return found;
  if (typeof value !== 'string')
    throw unusable(path, `it is ${kindOf(value)} where a name is due`, `give one of ${names.join(', ')}`);
  throw noneOf(path, value, names);
}

/** The values are not shown: in configuration fields they are passwords. */
function readTexts(value: unknown, path: string): Record<string, string | null> | null {
  if (value === null) return null;
  if (typeof value !== 'object' || Array.isArray(value)) {
    const why = `it is ${kindOf(value)} where an object of texts is due`;
    throw unusable(path, why, 'write it as {"Name":"text"}');
  }
  for (const [key, text] of Object.entries(value)) {
    if (text !== null && typeof text !== 'string')
      throw unusable(`${path}.${key}`, `it is ${kindOf(text)} where text is due`, quotes);
  }
  return { ...value };
}

function readMembers(type: CarrierType, value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const why = `it is ${shown(value)} where an object (${type.name}) is due`;
    throw unusable(path, why, 'write it as {"Member":"value"}');
  }
  const known: Fields = type.fields;
  const ignored: readonly string[] = type.extendsCarrier ? carrierBaseMembers : [];
  const result: Record<string, unknown> = {};
  for (const [typed, member] of Object.entries(value)) {
    if (inAnyCase(typed, ignored) !== undefined) continue;
    const found = inAnyCase(typed, Object.keys(known));
    const memberType = found === undefined ? undefined : known[found];
    if (found === undefined || memberType === undefined)
      throw unknownName({
        kind: 'member',
        typed,
        where: `in ${path}`,
        known: Object.keys(known),
      });
    if (Object.hasOwn(result, found)) throw givenTwice(`${path}.${found}`);
    result[found] = readArgument(memberType, member, `${path}.${found}`);
  }
  return result;
}

function inAnyCase<N extends string>(typed: string, known: readonly N[]): N | undefined {
  return known.find((name) => name.toLowerCase() === typed.toLowerCase());
}

const quotes = 'write it in quotes';
const bool = 'write true or false';

function rangeOf({ min, max }: { readonly min: number; readonly max: number }): string {
  return `give a whole number from ${min} to ${max}`;
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
