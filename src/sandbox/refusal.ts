/** How the tenant says no: in the server's own words, whatever protocol carries them. */

/** The names of NetServer's exceptions that the sandbox uses. */
type RefusalType = 'SoException' | 'SoNotFoundException';

/**
 * An operation that the tenant refuses; nothing was done. REST answers it as 500 with an error object.
 * An operation throws it before it changes anything.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly type: RefusalType;

  constructor(message: string, type: RefusalType = 'SoException') {
    super(message);
    this.type = type;
  }
}

/** The refusal of a record that is not there: `ERP connection 4711 not found`. */
export function notFound(what: string): Refusal {
  return new Refusal(`${what} not found`, 'SoNotFoundException');
}

/** A value that has to be there. */
export function present<T>(value: T | null | undefined, path: string): T {
  if (value === null || value === undefined) throw new Refusal(`${path}: is missing or null`);
  return value;
}

/** The elements of a list that has to be there, none of them null. */
export function elements<T>(list: readonly (T | null)[] | null | undefined, path: string): T[] {
  return present(list, path).map((element, index) => present(element, `${path}[${index}]`));
}

/** A text that has to hold more than blanks. */
export function filled(value: string | null | undefined, path: string): string {
  if (value?.trim()) return value;
  throw new Refusal(`${path}: is empty`);
}

/** Takes the value of a member, or what stands for an absent one. */
type MemberReader = <T>(name: string, value: T | null | undefined, fallback: T) => T;

/**
 * Reads the members of a carrier that is saved. A new record takes the fallback for what is absent. An
 * update has to carry every member: a real server takes an absent one for empty, false or 0, and so would
 * silently overwrite what is stored.
 */
export function savedMembers(path: string, isNew: boolean): MemberReader {
  return (name, value, fallback) => {
    if (value !== null && value !== undefined) return value;
    if (isNew) return fallback;
    throw new Refusal(`${path}.${name}: is missing or null, which would blank it; save a whole record`);
  };
}
