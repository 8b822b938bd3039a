/** Members of a JSON object that came from a file, each read as what it must be. */

/** Reads members of one object; `fail` makes the error, which names the file and the place. */
export interface Members {
  text(name: string): string;
  textOrNull(name: string): string | null;
  /** A whole number from 0. */
  count(name: string): number;
  /** One of the given texts. */
  oneOf<const T extends string>(name: string, texts: readonly T[]): T;
  /** An object. */
  object(name: string): Members;
  /** Undefined for a member that is absent or null. */
  optionalObject(name: string): Members | undefined;
  /** The member as it is. */
  value(name: string): unknown;
}

/** @throws what `fail` makes, told what is wrong */
export function membersOf(value: unknown, fail: (problem: string) => Error): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw fail('it is no object');
  const member = (name: string): unknown =>
    Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
  const wrong = (name: string, kind: string): Error => fail(`"${name}" is not ${kind}`);
  const members: Members = {
    text(name) {
      const found = member(name);
      if (typeof found !== 'string') throw wrong(name, 'a text');
      return found;
    },
    textOrNull: (name) => (member(name) === null ? null : members.text(name)),
    count(name) {
      const found = member(name);
      if (typeof found !== 'number' || !Number.isSafeInteger(found) || found < 0) {
        throw wrong(name, 'a whole number');
      }
      return found;
    },
    oneOf(name, texts) {
      const found = member(name);
      const known = texts.find((text) => text === found);
      if (known === undefined) throw wrong(name, `one of ${texts.join(', ')}`);
      return known;
    },
    object: (name) => membersOf(member(name), () => wrong(name, 'an object')),
    optionalObject(name) {
      const found = member(name) ?? undefined;
      return found === undefined ? undefined : members.object(name);
    },
    value: member,
  };
  return members;
}

/** The text as JSON, or undefined where it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
