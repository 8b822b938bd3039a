/**
 * Passwords of ERP systems. They stand in the configuration fields of ERP connections, and only the
 * connector knows which of those are passwords: a field of unknown type is treated as one. Default values of
 * fields may be passwords too.
 */

/** Stands for a value that is not shown; it says nothing of its length. */
export const mask = '********';

/** Types of configuration fields by key, as the connector declares them (`FieldMetadata`). */
export type ConfigFieldTypes = ReadonlyMap<string, string>;

/** The texts of configuration fields with passwords, and what may be one, masked. An empty one is shown as empty. */
export function maskConfigFields<T>(
  fields: Readonly<Record<string, T>>,
  types: ConfigFieldTypes = new Map(),
): Record<string, T | string> {
  const entries = Object.entries(fields).map(([key, value]): [string, T | string] => {
    const type = types.get(key);
    const open = type !== undefined && type !== 'Password';
    return [key, open || isEmpty(value) ? value : mask];
  });
  return Object.fromEntries(entries);
}

/** Default values of fields, which are passwords where the field's type is; in lower case. */
const defaultValues: readonly string[] = ['defaultvalue', 'firstsyncdefaultvalue'];

/**
 * Any JSON value with the passwords in it masked: whatever stands in a property `ConfigFields`, and both default
 * values of a field whose type is Password or is not told (`$select` may leave it out).
 */
export function withoutConfigSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutConfigSecrets);
  if (typeof value !== 'object' || value === null) return value;
  const open = Object.entries(value).some(([name, type]) => {
    return name.toLowerCase() === 'fieldtype' && !mayBePassword(type);
  });
  const entries = Object.entries(value).map(([name, member]) => {
    const lower = name.toLowerCase();
    const secret = lower === 'configfields' || (!open && defaultValues.includes(lower));
    return [name, secret ? masked(member) : withoutConfigSecrets(member)];
  });
  return Object.fromEntries(entries);
}

/** Whether a field of this type, by name or number, holds a password as far as is known. */
export function mayBePassword(type: unknown): boolean {
  if (type === 2) return true;
  return typeof type === 'string' ? type.toLowerCase() === 'password' : typeof type !== 'number';
}

/** The result of an operation with passwords masked. One of them answers the configuration fields alone. */
export function maskedResult(operation: string, result: unknown): unknown {
  const isFields = operation === 'GetErpConnectionConfigFields';
  const isError = typeof result === 'object' && result !== null && Reflect.get(result, 'Error') === true;
  return isFields && !isError ? masked(result) : withoutConfigSecrets(result);
}

/** The path of the first configuration field or default value that holds the mask instead of a value, or undefined. */
export function maskWithin(value: unknown, path: string, inSecrets = false): string | undefined {
  if (inSecrets && value === mask) return path;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    const lower = name.toLowerCase();
    const below = inSecrets || lower === 'configfields' || defaultValues.includes(lower);
    const found = maskWithin(member, Array.isArray(value) ? `${path}[${name}]` : `${path}.${name}`, below);
    if (found !== undefined) return found;
  }
  return undefined;
}

function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, masked(member)]));
  }
  return isEmpty(value) ? value : mask;
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '';
}
