/**
 * Records that are changed by merging what is given into what the server holds. A save always carries the
 * whole record, since the server takes an absent member for empty, false or 0.
 */
import { givenTwice, missing, unknownName, unusable } from '../error-words.ts';
import { ErpsyncError } from '../errors.ts';
import { didYouMean } from '../nearest-name.ts';
import { readArgument } from './arguments.ts';
import { mask } from './config-secrets.ts';
import { type CarrierType, carrierBaseMembers, type WireType } from './wire-types.ts';

/** A member of a record, under the names that people may give it. */
export interface SavedMember {
  /** Its name on the wire; given in any case. */
  readonly wire: string;
  /** Its name in what erpsync prints with `-o json`. */
  readonly key: string;
  /** What to do instead of giving another value than the server has; absent for one that may be changed. */
  readonly instead?: string;
  /** It has to hold more than blanks. */
  readonly filled?: true;
  /** The server's own: not looked at, whatever is given. */
  readonly ignored?: true;
  /** It may be a password, so that its mask stands for the value that is there. */
  readonly secret?: true;
  /** A data type that stands for a record elsewhere: only its `Id` counts, and none is as good as 0. */
  readonly reference?: true;
  /** A list whose elements are merged one by one; those that are not given stay. */
  readonly elements?: SavedElements;
}

/** Elements of a list, each found by an id. */
interface SavedElements {
  readonly record: SavedRecord<object>;
  /** The member that holds the id, on the wire. */
  readonly id: string;
  /** What an element is called: `ERP field`. */
  readonly noun: string;
}

/** A record that can be saved: its data type, and its members. */
export interface SavedRecord<T extends object> {
  readonly type: CarrierType<T>;
  /** The command that shows it; an element of a record is shown with that. */
  readonly look?: (stored: T) => string;
  readonly members: readonly SavedMember[];
}

/** A value that is given for a member. */
export interface GivenMember {
  readonly member: SavedMember;
  /** What it was given as, for errors: `--data.name`. */
  readonly where: string;
  /** As the contract wants it; null says that there is none. */
  readonly value: unknown;
}

/** One thing that a save changes. */
export interface Change {
  /** The name that people know: `description`, `configFields.User`. */
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly wire: string;
  /** The entry of a map that it is. */
  readonly entry?: string;
}

/** What stands around a record in the output of erpsync. */
const envelope = ['schemaVersion', 'command'];

/**
 * The members that an object gives: under their names on the wire in any case, or as `-o json` prints them.
 *
 * @param where what holds the object, for errors: `--data`
 * @throws ErpsyncError (usage) for a name that is unknown or given twice, and for a value of another type
 */
export function readGivenMembers<T extends object>(
  { type, members }: SavedRecord<T>,
  given: object,
  where: string,
): GivenMember[] {
  const found: GivenMember[] = [];
  for (const [typed, value] of Object.entries(given)) {
    if (envelope.includes(typed) || includesInAnyCase(carrierBaseMembers, typed)) continue;
    const member = memberNamed(members, typed, where);
    const path = `${where}.${typed}`;
    if (found.some((one) => one.member === member)) throw givenTwice(path);
    const wireType = type.fields[member.wire];
    const read = value === null || wireType === undefined ? null : readArgument(wireType, value, path);
    found.push({ member, where: path, value: read });
  }
  return found;
}

/** How errors name a record, and how a text of it is shown to people. */
interface MergeWords {
  readonly what: string;
  /** The command that shows the record, where it is a part of another one. */
  readonly look?: string | undefined;
  displayed(text: string): string;
}

/** What comes of a merge. */
export interface Merged<T> {
  /** The whole record, to be sent. */
  readonly record: T;
  /** Empty if it is as wanted already. */
  readonly changes: readonly Change[];
}

/**
 * Puts what is given into what the server holds; whatever is not given stays. A map is merged entry by
 * entry, a list of elements with ids element by element, and the mask of a password stands for the value that
 * is there.
 *
 * @param what names the record in errors: `ERP connection 124`
 * @param displayed how a text is shown to people: giving what is shown leaves the text as it is
 * @throws ErpsyncError `rejected` if the server does not say what a member holds, so that a save would blank
 *   it, or has no element of an id; usage if another value is given for a member that cannot be changed here,
 *   and for an element without id or given twice
 */
export function mergeGiven<T extends object>(
  { type, members, look: lookAt }: SavedRecord<T>,
  stored: T,
  given: readonly GivenMember[],
  words: MergeWords,
): Merged<T> {
  const { what, displayed, look = lookAt?.(stored) } = words;
  const record = wholeRecord({ type, members }, stored, what);
  const changes: Change[] = [];
  for (const { member, where, value } of given) {
    const { wire, key, instead, filled } = member;
    const before = record[wire];
    if (member.ignored) continue;
    if (member.elements) {
      const { elements, changed } = mergeElements(member.elements, before, value, { ...words, look, where });
      record[wire] = elements;
      changes.push(...changed.map((one) => ({ ...one, field: `${key}${one.field}`, wire })));
      continue;
    }
    if (member.reference) {
      const [from, to] = [idOf(before), idOf(value)];
      if (from === to) continue;
      record[wire] = to === 0 ? null : value;
      changes.push({ field: key, before: from, after: to, wire });
      continue;
    }
    if (member.secret && value === mask) {
      if (before) continue;
      throw maskOfNothing(where);
    }
    if (type.fields[wire]?.kind === 'stringMap') {
      const { entries, changed } = mergeEntries(before, value, where);
      record[wire] = entries;
      changes.push(...changed.map((one) => ({ ...one, field: `${key}.${one.entry}`, wire })));
      continue;
    }
    if (isSame(before, value) || (typeof before === 'string' && value === displayed(before))) continue;
    if (instead !== undefined) throw fixed(where, value, before, what, instead);
    if (value === null) throw unusable(where, 'it is null', 'leave it out, or give the value that is meant');
    if (filled && typeof value === 'string' && value.trim() === '') {
      throw unusable(where, 'it is empty', 'leave it out, or give the text that is meant');
    }
    record[wire] = value;
    changes.push({ field: key, before, after: value, wire });
  }
  const order = members.map(({ wire }) => wire);
  changes.sort((one, other) => order.indexOf(one.wire) - order.indexOf(other.wire));
  // Every member was there already or was read by the contract.
  return { record: record as T, changes };
}

/** Whether a record holds what a change wanted. */
export function isDone({ wire, entry, after }: Change, record: object): boolean {
  const value: unknown = Reflect.get(record, wire);
  if (entry === undefined) return isSame(value, after);
  return typeof value === 'object' && value !== null && isSame(Reflect.get(value, entry), after);
}

function memberNamed(members: readonly SavedMember[], typed: string, where: string): SavedMember {
  const found = members.find(({ key, wire }) => includesInAnyCase([key, wire], typed));
  if (found !== undefined) return found;
  const known = members.map(({ key }) => key);
  const wires = members.map(({ wire }) => wire);
  const onWire = didYouMean(typed, known) === undefined ? didYouMean(typed, wires) : undefined;
  throw unknownName({
    kind: 'member',
    typed,
    where: `in ${where}`,
    known,
    ...(onWire !== undefined && { next: `${onWire} Or give one of these` }),
  });
}

/**
 * Every member of the data type: texts, lists and maps may be null, other values have to be there unless they
 * are the server's own.
 */
function wholeRecord<T extends object>(
  { type, members }: SavedRecord<T>,
  stored: object,
  what: string,
): Record<string, unknown> {
  const entries = Object.entries(type.fields).flatMap(([name, member]): [string, unknown][] => {
    const value: unknown = Reflect.get(stored, name) ?? null;
    if (value !== null || canBeNull(member)) return [[name, value]];
    if (members.find(({ wire }) => wire === name)?.ignored) return [];
    throw new ErpsyncError('rejected', {
      what: `${what} cannot be saved`,
      why: `the server does not say ${name} of it, which a save would blank`,
      next: 'check the version of the server: erpsync doctor',
    });
  });
  return Object.fromEntries(entries);
}

function canBeNull({ kind }: WireType): boolean {
  return ['string', 'list', 'stringMap', 'carrier', 'lazy'].includes(kind);
}

function mergeEntries(before: unknown, given: unknown, where: string) {
  const entries: Record<string, unknown> = { ...(before as object | null) };
  const changed: { entry: string; before: unknown; after: unknown }[] = [];
  for (const [entry, after] of Object.entries((given ?? {}) as object)) {
    const isThere = Object.hasOwn(entries, entry);
    const stored = isThere ? entries[entry] : null;
    if (after === mask && !isThere) throw maskOfNothing(`${where}.${entry}`);
    if (after === mask || isSame(stored, after)) continue;
    Object.defineProperty(entries, entry, { value: after, enumerable: true, writable: true });
    changed.push({ entry, before: stored, after });
  }
  return { entries, changed };
}

function mergeElements(
  { record, id, noun }: SavedElements,
  before: unknown,
  given: unknown,
  { what, displayed, look, where }: MergeWords & { readonly where: string },
) {
  let elements = objectsIn(before);
  const changed: { field: string; before: unknown; after: unknown }[] = [];
  const seen = new Set<unknown>();
  for (const [index, one] of objectsIn(given).entries()) {
    const named: unknown = Reflect.get(one, id);
    const keyOfId = record.members.find(({ wire }) => wire === id)?.key;
    if (named === undefined || named === null) {
      const why = `it says which ${noun} is meant`;
      throw missing(`${where}[${index}].${keyOfId}`, why, `take it from what is shown by: ${look}`);
    }
    if (seen.has(named)) throw givenTwice(`${noun} ${named} in ${where}`);
    seen.add(named);
    const [stored, ...doubles] = elements.filter((element) => Reflect.get(element, id) === named);
    if (stored === undefined) {
      throw new ErpsyncError('rejected', {
        what: `there is no ${noun} ${named} in ${what}`,
        why: 'the server knows none with this id, and nothing was sent',
        next: `see which there are: ${look}`,
      });
    }
    const members = record.members.flatMap((member) => {
      const value: unknown = Reflect.get(one, member.wire);
      const at = `${where}[${index}].${member.key}`;
      return value === undefined ? [] : [{ member, where: at, value }];
    });
    const merged = mergeGiven(record, stored, members, { what: `${noun} ${named}`, look, displayed });
    elements = elements
      .filter((element) => !doubles.includes(element))
      .map((element) => (element === stored ? merged.record : element));
    if (doubles.length > 0) {
      changed.push({ field: `[${named}]`, before: `${doubles.length + 1} times`, after: 'once' });
    }
    changed.push(...merged.changes.map((change) => ({ ...change, field: `[${named}].${change.field}` })));
  }
  return { elements, changed };
}

function objectsIn(list: unknown): readonly object[] {
  return Array.isArray(list)
    ? list.filter((one): one is object => typeof one === 'object' && one !== null)
    : [];
}

function idOf(reference: unknown): unknown {
  return (typeof reference === 'object' && reference !== null && Reflect.get(reference, 'Id')) || 0;
}

/** Null is as good as an empty text or list; the order of a list means nothing. */
function isSame(one: unknown, other: unknown): boolean {
  return normal(one) === normal(other);
}

function normal(value: unknown): string {
  if (value === null || value === undefined || value === '') return '';
  if (!Array.isArray(value)) return JSON.stringify(value);
  return value.length === 0 ? '' : JSON.stringify(value.map(String).sort());
}

function fixed(where: string, value: unknown, before: unknown, what: string, instead: string): ErpsyncError {
  const has = before === null ? 'none' : JSON.stringify(before);
  return unusable(where, `it is ${JSON.stringify(value)}, and ${what} has ${has}`, instead);
}

function maskOfNothing(where: string): ErpsyncError {
  return unusable(where, 'it is a mask, and there is no value behind it', 'give the value itself');
}

function includesInAnyCase(known: readonly string[], typed: string): boolean {
  return known.some((name) => name.toLowerCase() === typed.toLowerCase());
}
