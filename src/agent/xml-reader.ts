/**
 * Values of the contract from XML, straight from the parser's events: nothing is kept of a document but the
 * values themselves. As with JSON, a client reads leniently and the sandbox strictly: there an element in the
 * wrong place or namespace would be read as missing by a real server, and so could turn a key list into "all".
 */
import { formatClock, parseTimeSpan } from './timespan.ts';
import { type Strictness, WireValueError } from './wire-json.ts';
import { type AnyWireType, isBase64, type WireType } from './wire-types.ts';
import {
  arraysNamespace,
  baseMembers,
  elementName,
  instanceNamespace,
  isNillable,
  isPlain,
  membersIn,
  type ServicesVersion,
  serviceNamespace,
  stringPair,
} from './wire-xml.ts';

/** An element as the parser reports it. */
export interface XmlElement {
  readonly local: string;
  readonly uri: string;
  readonly attributes: readonly XmlAttribute[];
}

interface XmlAttribute {
  readonly local: string;
  readonly uri: string;
  readonly value: string;
}

/** Named members in wire order. */
export type Members = readonly (readonly [string, WireType])[];

/** An element that is being read. */
interface Frame {
  readonly kind: AnyWireType['kind'] | 'pair' | 'skipped';
  readonly name: string;
  /** What the element holds; undefined for one that is skipped. */
  readonly type: AnyWireType | undefined;
  readonly nil: boolean;
  /** Of a carrier or a pair: what may stand in it. */
  readonly members: Members;
  /** Of these, how many have come or been passed over. */
  passed: number;
  text: string;
  list: unknown[];
  values: Record<string, unknown>;
}

/** What a reader knows. */
export interface XmlReading {
  readonly version: ServicesVersion;
  readonly how: Strictness;
}

/**
 * Reads the members of one element: of a request its parameters, of an answer what stands in the response
 * element. It is fed the events inside that element; {@link XmlValueReader.values} holds what came.
 *
 * All methods throw WireValueError with the path of the first value that does not fit.
 */
export class XmlValueReader {
  readonly #how: Strictness;
  readonly #version: ServicesVersion;
  readonly #namespace: string;
  readonly #frames: Frame[];

  constructor(name: string, members: Members, { version, how }: XmlReading) {
    this.#how = how;
    this.#version = version;
    this.#namespace = serviceNamespace(version);
    this.#frames = [frame('carrier', name, undefined, false, members)];
  }

  /** The members that have come, under their names. */
  get values(): Readonly<Record<string, unknown>> {
    return this.#frames[0]?.values ?? {};
  }

  open(element: XmlElement): void {
    const parent = this.#top();
    if (parent.kind !== 'skipped' && parent.nil)
      throw this.#problem(`${element.local} in an element that is nil`);
    this.#frames.push(this.#frameFor(parent, element));
  }

  text(text: string): void {
    const top = this.#top();
    if (isScalar(top.kind)) top.text += text;
    else if (top.kind !== 'skipped' && text.trim() !== '') throw this.#problem(`text where elements are due`);
  }

  close(): void {
    const done = this.#top();
    if (done.kind === 'skipped') {
      this.#frames.pop();
      return;
    }
    const value = this.#valueOf(done);
    this.#frames.pop();
    this.#keep(this.#top(), done, value);
  }

  #top(): Frame {
    // The first frame stays until the end.
    return this.#frames[this.#frames.length - 1] as Frame;
  }

  #frameFor(parent: Frame, element: XmlElement): Frame {
    switch (parent.kind) {
      case 'carrier':
        return this.#memberFrame(parent, element);
      case 'pair':
        return this.#memberFrame(parent, element);
      case 'list': {
        const { element: type } = parent.type as AnyWireType & { kind: 'list' };
        const namespace = isPlain(type) ? arraysNamespace : this.#namespace;
        this.#expect(element, elementName(type), namespace);
        return this.#valueFrame(element, type);
      }
      case 'stringMap':
        this.#expect(element, stringPair, this.#namespace);
        return frame('pair', element.local, undefined, false, textPair);
      case 'dictionary': {
        const { pair, value } = parent.type as AnyWireType & { kind: 'dictionary' };
        this.#expect(element, pair, this.#namespace);
        return frame('pair', element.local, undefined, false, [
          ['Key', text],
          ['Value', value],
        ]);
      }
      case 'skipped':
        return frame('skipped', element.local, undefined, false, []);
      default:
        throw this.#problem(`${element.local} where a value is due`);
    }
  }

  #expect({ local, uri }: XmlElement, name: string, namespace: string): void {
    if (local === name && uri === namespace) return;
    throw this.#problem(`${local} in namespace "${uri}" where ${name} in "${namespace}" is due`);
  }

  #memberFrame(parent: Frame, element: XmlElement): Frame {
    const { local, uri } = element;
    const own = uri === this.#namespace;
    const at = own ? indexOfMember(parent, local) : -1;
    const found = parent.members[at];
    if (found === undefined) {
      if (this.#how === 'lenient' || (own && this.#isBase(parent, local))) {
        return frame('skipped', local, undefined, false, []);
      }
      throw this.#problem(own ? `${local} is not a known element` : `${local} is in namespace "${uri}"`);
    }
    if (Object.hasOwn(parent.values, local)) throw this.#problem(`${local} stands twice`);
    if (this.#how === 'strict' && at < parent.passed) {
      throw this.#problem(`${local} stands behind an element that it has to precede`);
    }
    parent.passed = at + 1;
    return this.#valueFrame(element, found[1]);
  }

  /** Whether it is a base member at its place: before all others. */
  #isBase(parent: Frame, local: string): boolean {
    const isCarrier = parent.type?.kind === 'carrier' && parent.type.extendsCarrier;
    return isCarrier && parent.passed === 0 && baseMembers.includes(local);
  }

  #valueFrame({ local, attributes }: XmlElement, wireType: WireType): Frame {
    const given = wireType as AnyWireType;
    const type = given.kind === 'lazy' ? given.resolve() : given;
    const nil = attributes.length > 0 && attributes.some(isNil);
    if (nil && this.#how === 'strict' && !isNillable(type)) throw this.#problem(`${local} is nil`);
    const members = type.kind === 'carrier' ? membersIn(type, this.#version) : [];
    return frame(type.kind, local, type, nil, members);
  }

  #valueOf(done: Frame): unknown {
    if (done.nil) return null;
    switch (done.kind) {
      case 'carrier':
        return done.values;
      case 'list':
        return done.list;
      case 'stringMap':
      case 'dictionary':
        return done.values;
      case 'pair':
        return undefined;
      default:
        return this.#scalar(done.type as AnyWireType, done.text);
    }
  }

  #keep(parent: Frame, done: Frame, value: unknown): void {
    if (parent.kind === 'list') {
      parent.list.push(value);
      return;
    }
    if (done.kind === 'pair') {
      const { Key, Value } = done.values;
      if (typeof Key !== 'string') throw this.#problem(`${done.name} has no Key`);
      if (Object.hasOwn(parent.values, Key))
        throw this.#problem(`the key ${JSON.stringify(Key)} stands twice`);
      put(parent.values, Key, Value ?? null);
      return;
    }
    // What is null is as good as absent to a client; JSON is read in the same way.
    if (value === null && this.#how === 'lenient' && parent.kind === 'carrier' && this.#frames.length > 1)
      return;
    put(parent.values, done.name, value);
  }

  #scalar(type: AnyWireType, raw: string): unknown {
    switch (type.kind) {
      case 'string':
        return raw;
      case 'integer': {
        const digits = raw.trim();
        const number = /^[+-]?\d{1,15}$/.test(digits) ? Number(digits) : Number.NaN;
        if (number >= type.min && number <= type.max) return number + 0;
        throw this.#problem(`${shown(raw)} is no whole number from ${type.min} to ${type.max}`);
      }
      case 'boolean': {
        const word = raw.trim();
        if (word === 'true' || word === '1') return true;
        if (word === 'false' || word === '0') return false;
        throw this.#problem(`${shown(raw)} is neither true nor false`);
      }
      case 'enum': {
        const name = raw.trim();
        if (Object.hasOwn(type.values, name) || (this.#how === 'lenient' && name !== '')) return name;
        throw this.#problem(`${shown(raw)} is not a ${type.name} (${Object.keys(type.values).join(', ')})`);
      }
      case 'duration': {
        const ms = /[:]/.test(raw) ? undefined : parseTimeSpan(raw.trim());
        if (ms === undefined) throw this.#problem(`${shown(raw)} is no duration, such as PT15M`);
        return formatClock(ms);
      }
      case 'base64': {
        const bytes = raw.replace(/\s+/g, '');
        if (isBase64(bytes)) return bytes;
        throw this.#problem(`${shown(raw)} is not base64`);
      }
      default:
        return raw.trim();
    }
  }

  #problem(words: string): WireValueError {
    const names = this.#frames.map((each, index) => {
      const parent = this.#frames[index - 1];
      if (index === 0) return each.name;
      return parent?.kind === 'list' ? `[${parent.list.length}]` : `.${each.name}`;
    });
    return new WireValueError(names.join(''), words);
  }
}

const text: WireType = { kind: 'string' };
const textPair: Members = [
  ['Key', text],
  ['Value', text],
];

function frame(
  kind: Frame['kind'],
  name: string,
  type: AnyWireType | undefined,
  nil: boolean,
  members: Members,
): Frame {
  return { kind, name, type, nil, members, passed: 0, text: '', list: [], values: {} };
}

/** Members come in order nearly always: the next one is looked at first. */
function indexOfMember({ members, passed }: Frame, name: string): number {
  if (members[passed]?.[0] === name) return passed;
  return members.findIndex(([each]) => each === name);
}

function isScalar(kind: Frame['kind']): boolean {
  return !['carrier', 'list', 'stringMap', 'dictionary', 'pair', 'skipped', 'lazy'].includes(kind);
}

function isNil({ local, uri, value }: XmlAttribute): boolean {
  return local === 'nil' && uri === instanceNamespace && /^\s*(?:true|1)\s*$/.test(value);
}

/** A key of a dictionary may be called `__proto__`. */
function put(values: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') values[name] = value;
  else Object.defineProperty(values, name, { value, enumerable: true, configurable: true, writable: true });
}

function shown(raw: string): string {
  return JSON.stringify(raw.length > 40 ? `${raw.slice(0, 40)}...` : raw);
}
