/**
 * The shapes of what `-o json` prints, as JSON Schema (draft 2020-12) that TypeScript checks: a shape is of type
 * `Shape<T>` only if it takes every `T`, so that a command cannot return what its schema does not name.
 */

/** A JSON Schema. */
export interface Schema {
  readonly [keyword: string]: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** What values look like. `T` is the type of the values that it takes; it exists at compile time only. */
export interface Shape<in T = never> {
  readonly schema: Schema;
  /** Whether it is a member that may be missing. */
  readonly isOptional?: boolean;
  /** Never set: a shape that takes more stands in for one that takes less, and not the other way round. */
  readonly phantom?: (value: T) => void;
}

/** The type of the values that a shape takes. */
export type Taken<S> = S extends { readonly phantom?: (value: infer T) => void } ? T : never;

export const text: Shape<string> = { schema: { type: 'string' } };
export const integer: Shape<number> = { schema: { type: 'integer' } };
export const number: Shape<number> = { schema: { type: 'number' } };
export const truth: Shape<boolean> = { schema: { type: 'boolean' } };
/** Any JSON. */
export const anything: Shape<unknown> = { schema: {} };
/** A point in time that erpsync knows: ISO 8601 in UTC. */
export const instant: Shape<string> = { schema: { type: 'string', format: 'date-time' } };
/** A point in time as the server tells it, without a zone. */
export const serverTime: Shape<string> = {
  schema: { type: 'string', description: 'as the server tells it, mostly without a zone' },
};

/** One of a few words. */
export function words<const W extends string>(...known: readonly W[]): Shape<W> {
  return { schema: { enum: known } };
}

/** The same value always. */
export function always<const V extends string | number | boolean | null>(value: V): Shape<V> {
  return { schema: { const: value } };
}

/** A shape, or null. */
export function nullable<T>({ schema }: Shape<T>): Shape<T | null> {
  const { type, ...rest } = schema;
  if (typeof type === 'string') return { schema: { type: [type, 'null'], ...rest } };
  return either({ schema } as Shape<T>, always(null));
}

/** One of several shapes. */
export function either<const S extends readonly Shape[]>(...shapes: S): Shape<Taken<S[number]>> {
  return { schema: { anyOf: shapes.map(({ schema }) => schema) } };
}

/** A list of any length. */
export function list<T>({ schema }: Shape<T>): Shape<readonly T[]> {
  return { schema: { type: 'array', items: schema } };
}

/** An object whose member names are data. */
export function dictionary<T>({ schema }: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return { schema: { type: 'object', additionalProperties: schema } };
}

/** A member that may be missing. */
export interface OptionalShape<in T> extends Shape<T> {
  readonly isOptional: true;
}
export function maybe<T>({ schema }: Shape<T>): OptionalShape<T> {
  return { schema, isOptional: true };
}

/** The members of an object. */
export type Members = Readonly<Record<string, Shape>>;
type OptionalNames<M> = { [K in keyof M]: M[K] extends { isOptional: true } ? K : never }[keyof M];
export type Values<M> = { readonly [K in Exclude<keyof M, OptionalNames<M>>]: Taken<M[K]> } & {
  readonly [K in OptionalNames<M>]?: Taken<M[K]> | undefined;
};

/** An object with these members. Others may be added one day, none goes away. */
export function record<const M extends Members>(members: M): Shape<Values<M>> {
  const entries = Object.entries<Shape>(members);
  const required = entries.filter(([, { isOptional }]) => !isOptional).map(([name]) => name);
  return {
    schema: {
      type: 'object',
      properties: Object.fromEntries(entries.map(([name, { schema }]) => [name, schema])),
      ...(required.length > 0 && { required }),
    },
  };
}
