/**
 * Reads the contract's types from elements, strictly. A real server reads them in order and skips what it does not
 * expect there, so that a key list in the wrong place or namespace would mean every record; here all that it
 * would skip is refused.
 */
import { type OperationName, operationNamed } from '../agent/contract.ts';
import { parseTimeSpan } from '../agent/timespan.ts';
import { WireValueError } from '../agent/wire-json.ts';
import {
  type AnyWireType,
  type CarrierType,
  carrierBaseMembers,
  type Fields,
  isBase64,
  type ListType,
  string,
  type WireType,
} from '../agent/wire-types.ts';
import type { Given } from './operations.ts';
import { instanceNamespace, isNillable, itemNameOf } from './soap-names.ts';
import type { Service } from './soap-routes.ts';
import type { XmlElement } from './xml-document.ts';

/**
 * The arguments of an operation from its element: every parameter, in order, in the namespace of the service,
 * and nothing else.
 *
 * @throws WireValueError with the path of the first violation.
 */
export function readArguments(service: Service, name: OperationName, element: XmlElement): Given {
  const { parameters } = operationNamed(name);
  const given = readMembers(service, parameters, element, name);
  const missing = Object.keys(parameters).find((parameter) => !(parameter in given));
  if (missing !== undefined) throw new WireValueError(`${name}.${missing}`, 'is missing');
  return given;
}

/** Reads a value. @throws WireValueError with the path of the first violation. */
export function readValue(service: Service, wireType: WireType, element: XmlElement, path: string): unknown {
  const type = wireType as AnyWireType;
  if (type.kind === 'lazy') return readValue(service, type.resolve(), element, path);
  if (isNil(element, path)) {
    if (!isNillable(type)) throw new WireValueError(path, 'is nil where a value is due');
    return null;
  }
  switch (type.kind) {
    case 'carrier':
      return readCarrier(service, type, element, path);
    case 'list':
      return readList(service, type, element, path);
    case 'stringMap':
      return readPairs(service, 'StringKeyValuePair', string, element, path);
    case 'dictionary':
      return readPairs(service, type.pair, type.value, element, path);
    default:
      return readText(type, element, path);
  }
}

const dateTimeForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)?$/;

type TextType = Exclude<AnyWireType, { kind: 'carrier' | 'list' | 'stringMap' | 'dictionary' | 'lazy' }>;

function readText(type: TextType, { children, text: given }: XmlElement, path: string): unknown {
  const [child] = children;
  if (child !== undefined)
    throw new WireValueError(path, `holds an element (${child.name}) where text is due`);
  if (type.kind === 'string') return given;
  const text = given.trim();
  const wrong = (due: string): never => {
    throw new WireValueError(path, `${shown(text)} where ${due} is due`);
  };
  switch (type.kind) {
    case 'integer': {
      const value = /^[+-]?\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
      return value >= type.min && value <= type.max ? value : wrong(`a whole number (${type.name})`);
    }
    case 'boolean':
      if (!/^(?:true|false|1|0)$/.test(text)) wrong('true or false');
      return text === 'true' || text === '1';
    case 'dateTime':
      if (!dateTimeForm.test(text) || Number.isNaN(Date.parse(text))) wrong('a point in time (xs:dateTime)');
      return text;
    case 'duration':
      return /^-?P/.test(text) && parseTimeSpan(text) !== undefined
        ? text
        : wrong('a duration such as PT15M');
    case 'base64':
      return isBase64(text) ? text : wrong('base64');
    case 'enum':
      return Object.hasOwn(type.values, text) ? text : wrong(`a ${type.name}`);
  }
}

function readCarrier(service: Service, type: CarrierType, element: XmlElement, path: string): unknown {
  const isThere = (name: string) => service.version === 88 || !type.since88.includes(name);
  const fields = Object.entries(type.fields).filter(([name]) => isThere(name));
  const base = type.extendsCarrier ? carrierBaseMembers : [];
  return readMembers(service, Object.fromEntries(fields), element, path, base);
}

/** Reads members in the order of the fields; those of the base come first, and what they say is of no account. */
function readMembers(
  service: Service,
  fields: Fields,
  element: XmlElement,
  path: string,
  base: readonly string[] = [],
): Record<string, unknown> {
  const order = [...base, ...Object.keys(fields)];
  const found: Record<string, unknown> = {};
  let next = 0;
  for (const child of childrenOf(element, path)) {
    const at = order.indexOf(child.name);
    const type = fields[child.name];
    if (at < 0) throw new WireValueError(`${path}.${shown(child.name)}`, 'is not known there');
    requireNamespace(child, service.namespace, `${path}.${child.name}`);
    if (at < next)
      throw new WireValueError(`${path}.${child.name}`, `stands out of order (${order.join(', ')})`);
    next = at + 1;
    if (type !== undefined) found[child.name] = readValue(service, type, child, `${path}.${child.name}`);
  }
  return found;
}

function readList(
  service: Service,
  { element: itemType }: ListType,
  element: XmlElement,
  path: string,
): unknown {
  const { name, namespace } = itemNameOf(itemType, service.namespace);
  return childrenOf(element, path).map((child, index) => {
    const at = `${path}[${index}]`;
    if (child.name !== name) throw new WireValueError(at, `${shown(child.name)} where ${name} is due`);
    requireNamespace(child, namespace, at);
    return readValue(service, itemType, child, at);
  });
}

/** Reads `<pair><Key/><Value/></pair>` over and over. */
function readPairs(
  service: Service,
  pair: string,
  valueType: WireType,
  element: XmlElement,
  path: string,
): unknown {
  const pairs = new Map<string, unknown>();
  for (const [index, child] of childrenOf(element, path).entries()) {
    const at = `${path}[${index}]`;
    if (child.name !== pair) throw new WireValueError(at, `${shown(child.name)} where ${pair} is due`);
    requireNamespace(child, service.namespace, at);
    const { Key, Value } = readMembers(service, { Key: string, Value: valueType }, child, at);
    if (typeof Key !== 'string') throw new WireValueError(`${at}.Key`, 'is missing or nil');
    if (Value === undefined) throw new WireValueError(`${at}.Value`, 'is missing');
    if (pairs.has(Key)) throw new WireValueError(`${at}.Key`, `${shown(Key)} is given twice`);
    pairs.set(Key, Value);
  }
  return Object.fromEntries(pairs);
}

/** The elements inside, where there may be nothing but elements. */
function childrenOf(element: XmlElement, path: string): readonly XmlElement[] {
  if (element.text.trim() !== '') throw new WireValueError(path, 'holds text where elements are due');
  return element.children;
}

function requireNamespace({ namespace }: XmlElement, due: string, path: string): void {
  if (namespace !== due) throw new WireValueError(path, `is not in the namespace ${due}`);
}

/**
 * Whether the element says that it is null. Its type may be named as well; other attributes are refused, since one
 * such as `href` says that the value is elsewhere, and a list without items would mean every record.
 */
function isNil({ attributes, children, text }: XmlElement, path: string): boolean {
  let nil = false;
  for (const { namespace, name, value } of attributes) {
    if (namespace !== instanceNamespace || !['nil', 'type'].includes(name)) {
      throw new WireValueError(path, `has the attribute ${shown(name)}, which is not known`);
    }
    if (name === 'nil') nil = ['true', '1'].includes(value.trim());
  }
  if (nil && (children.length > 0 || text.trim() !== ''))
    throw new WireValueError(path, 'is nil and not empty');
  return nil;
}

/** A value for a message: never more than a glimpse of it. */
function shown(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
}
