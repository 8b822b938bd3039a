/**
 * Names of SOAP: services, namespaces, actions, elements. All published WSDLs are document/literal, with every
 * element qualified, members in the order of the contract, and the base members of a carrier first.
 */
import { agentOf, type OperationName, operationNamed } from './contract.ts';
import { type AnyWireType, type CarrierType, carrierBaseMembers, type WireType } from './wire-types.ts';

/** SOAP services that can force a resync; 86 is the oldest. */
export type ServicesVersion = 86 | 87 | 88;

/** Arrays of numbers and texts are in this namespace, their elements too. */
export const arraysNamespace = 'http://schemas.microsoft.com/2003/10/Serialization/Arrays';
/** `nil` and `type`. */
export const instanceNamespace = 'http://www.w3.org/2001/XMLSchema-instance';

/** The namespace of a version's services: of operations, headers and data types alike. */
export function serviceNamespace(version: ServicesVersion): string {
  return `http://www.superoffice.net/ws/crm/NetServer/Services${version}`;
}

/** The path of an operation's service below the base URL. */
export function soapPath(name: OperationName, version: ServicesVersion): string {
  return `/Remote/Services${version}/${agentOf(name)}.svc`;
}

/** The SOAPAction of an operation, without quotes. */
export function soapAction(name: OperationName, version: ServicesVersion): string {
  return `${serviceNamespace(version)}/${agentOf(name)}/${name}`;
}

/** Whether a version has an operation. */
export function isIn(name: OperationName, version: ServicesVersion): boolean {
  return version >= (operationNamed(name).since ?? 86);
}

/** The members of a carrier that a version has, in wire order, without the base members. */
export function membersIn(
  type: CarrierType,
  version: ServicesVersion,
): readonly (readonly [string, WireType])[] {
  const members = Object.entries(type.fields);
  return version >= 88 ? members : members.filter(([name]) => !type.since88.includes(name));
}

/** The name of the element that a value of a type has in a list. */
export function elementName(wireType: WireType): string {
  const type = wireType as AnyWireType;
  switch (type.kind) {
    case 'integer':
      return type.name === 'int32' ? 'int' : 'short';
    case 'carrier':
    case 'enum':
      return type.name;
    case 'lazy':
      return elementName(type.resolve());
    case 'base64':
      return 'base64Binary';
    default:
      return type.kind;
  }
}

/** Whether the elements of a list of this type are in {@link arraysNamespace}. */
export function isPlain(wireType: WireType): boolean {
  return ['integer', 'string', 'boolean', 'dateTime', 'base64'].includes(wireType.kind);
}

/** The pair of names that a dictionary of texts has on the wire. */
export const stringPair = 'StringKeyValuePair';

/** Whether a value of a type can be null: a number, a flag, an enum or a date cannot. */
export function isNillable(wireType: WireType): boolean {
  return !['integer', 'boolean', 'dateTime', 'duration', 'enum'].includes(wireType.kind);
}

/** How an operation's answer is laid out: the response element, and the members in it. */
export interface ResponseLayout {
  readonly element: string;
  /** What may stand in it, in order; nothing for an operation without result. */
  readonly members: readonly (readonly [string, WireType])[];
  /** The member that is the result; undefined where the members themselves are, or where there is none. */
  readonly result: string | undefined;
}

export function responseLayout(name: OperationName, version: ServicesVersion): ResponseLayout {
  const { result, soap } = operationNamed(name);
  const element = soap?.element ?? `${name}Response`;
  if (result.kind === 'nothing') return { element, members: [], result: undefined };
  if (soap?.result === 'members') {
    // Only a carrier has members.
    return { element, members: membersIn(result as CarrierType, version), result: undefined };
  }
  const member = soap?.result ?? 'Response';
  return { element, members: [[member, result]], result: member };
}

/** The base members of every carrier. erpsync reads past them and writes none. */
export const baseMembers: readonly string[] = carrierBaseMembers;
