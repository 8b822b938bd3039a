/**
 * The types that travel between a client and NetServer, as values that TypeScript infers its own
 * types from. REST and SOAP codecs, the sandbox and `call` all read these same values.
 *
 * Which types can be absent follows from .NET: reference types (string, list, map, carrier) can be
 * null on the wire, value types (numbers, boolean, enum, dates) cannot (the `nillable` of the WSDLs).
 */

/** A type on the wire. `T` is the TypeScript type of its value; it exists at compile time only. */
export interface WireType<T = unknown> {
  readonly kind: string;
  /** Never set: carries `T` for {@link ValueOf}. */
  readonly phantom?: T;
}

/** The TypeScript type of a wire type's values. */
export type ValueOf<W> = W extends WireType<infer T> ? T : never;

/** A whole number in a fixed range: `xs:int` and `xs:short`, a JSON number. */
export interface IntegerType extends WireType<number> {
  readonly kind: 'integer';
  readonly name: 'int32' | 'int16';
  readonly min: number;
  readonly max: number;
}
/** 32-bit signed integer. */
export const int32: IntegerType = { kind: 'integer', name: 'int32', min: -(2 ** 31), max: 2 ** 31 - 1 };
/** 16-bit signed integer (`xs:short`); REST declares it as int32 but the server holds a short. */
export const int16: IntegerType = { kind: 'integer', name: 'int16', min: -(2 ** 15), max: 2 ** 15 - 1 };

/** `true` or `false`. */
export interface BooleanType extends WireType<boolean> {
  readonly kind: 'boolean';
}
export const boolean: BooleanType = { kind: 'boolean' };

/** Text; can be null. */
export interface StringType extends WireType<string | null> {
  readonly kind: 'string';
}
export const string: StringType = { kind: 'string' };

/** A point in time as ISO 8601 text, without a zone unless one was asked for: the server's base time zone. */
export interface DateTimeType extends WireType<string> {
  readonly kind: 'dateTime';
}
export const dateTime: DateTimeType = { kind: 'dateTime' };

/**
 * A .NET TimeSpan. SOAP writes it as `xs:duration` (`PT15M`); for REST the documentation says only
 * "string", so `00:15:00` and `PT15M` are both understood, and how it is written is a setting.
 */
export interface DurationType extends WireType<string> {
  readonly kind: 'duration';
}
export const duration: DurationType = { kind: 'duration' };

/** A named value; its name is what travels, in JSON and in SOAP. */
export interface EnumType<N extends string = string> extends WireType<N> {
  readonly kind: 'enum';
  readonly name: string;
  /** Name to number, in the order of the WSDL. */
  readonly values: Readonly<Record<N, number>>;
}
export function enumeration<const V extends Readonly<Record<string, number>>>(
  name: string,
  values: V,
): EnumType<Extract<keyof V, string>> {
  return { kind: 'enum', name, values };
}

/** An array; can be null. */
export interface ListType<E extends WireType = WireType> extends WireType<readonly ValueOf<E>[] | null> {
  readonly kind: 'list';
  readonly element: E;
}
export function list<E extends WireType>(element: E): ListType<E> {
  return { kind: 'list', element };
}

/** `StringDictionary`: a plain object in JSON, repeated key and value elements in SOAP; can be null. */
export interface StringMapType extends WireType<Readonly<Record<string, string | null>> | null> {
  readonly kind: 'stringMap';
}
export const stringMap: StringMapType = { kind: 'stringMap' };

/**
 * A dictionary whose values are no plain texts: an object in JSON, repeated pairs of `Key` and `Value` in
 * SOAP; can be null.
 */
export interface DictionaryType<V extends WireType = WireType>
  extends WireType<Readonly<Record<string, ValueOf<V>>> | null> {
  readonly kind: 'dictionary';
  /** Its name in SOAP: `ColumnDataDictionary`. */
  readonly name: string;
  /** The name of a pair in SOAP: `ColumnDataKeyValuePair`. */
  readonly pair: string;
  readonly value: V;
}
export function dictionary<V extends WireType>(name: string, pair: string, value: V): DictionaryType<V> {
  return { kind: 'dictionary', name, pair, value };
}

/** Bytes as base64 text (`xs:base64Binary`); can be null. */
export interface Base64Type extends WireType<string | null> {
  readonly kind: 'base64';
}
export const base64: Base64Type = { kind: 'base64' };
/** Whether a text is base64. */
export function isBase64(text: string): boolean {
  return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text);
}

/** Named members in wire order. */
export type Fields = Readonly<Record<string, WireType>>;
/** Values for all members: what a caller gives as the parameters of an operation. */
export type FieldValues<F extends Fields> = { readonly [K in keyof F]: ValueOf<F[K]> };
/**
 * Values of a carrier's members. Any may be missing or null: older servers lack some, `$select`
 * nulls others out, so whoever needs one checks it.
 */
export type MemberValues<F extends Fields> = { readonly [K in keyof F]?: ValueOf<F[K]> | null };

/** A named structure; can be null. */
export interface CarrierType<T = unknown> extends WireType<T | null> {
  readonly kind: 'carrier';
  readonly name: string;
  /** Whether it extends the base type `Carrier` (TableRight and FieldProperties, first in SOAP). */
  readonly extendsCarrier: boolean;
  /** Members of its own, in the order of the Services88 WSDL. */
  readonly fields: Fields;
  /** Names of the members that SOAP services before 88 do not have. */
  readonly since88: readonly string[];
}
/** A data type that extends `Carrier`, as nearly all of them do. */
export function carrier<F extends Fields>(
  name: string,
  fields: F,
  since88: readonly Extract<keyof F, string>[] = [],
): CarrierType<MemberValues<F>> {
  return { kind: 'carrier', name, extendsCarrier: true, fields, since88 };
}
/** A data type without the base members. */
export function plainCarrier<F extends Fields>(name: string, fields: F): CarrierType<MemberValues<F>> {
  return { kind: 'carrier', name, extendsCarrier: false, fields, since88: [] };
}

/** A type that is looked up when it is needed: what a recursive carrier refers to itself with. */
export interface LazyType<T = unknown> extends WireType<T> {
  readonly kind: 'lazy';
  readonly resolve: () => AnyWireType;
}
export function lazy<T>(resolve: () => CarrierType<T>): LazyType<T | null> {
  return { kind: 'lazy', resolve };
}

/** Every kind of type, for code that handles them all. */
export type AnyWireType =
  | IntegerType
  | BooleanType
  | StringType
  | DateTimeType
  | DurationType
  | EnumType
  | ListType
  | StringMapType
  | DictionaryType
  | Base64Type
  | CarrierType
  | LazyType;

/** The two members that every carrier inherits; erpsync reads past them (contract of the agent: ignore both). */
export const carrierBaseMembers = ['TableRight', 'FieldProperties'] as const;
