/** What stands in the body of an answer. */
import { type OperationName, operationNamed } from '../agent/contract.ts';
import type { AnyWireType, Fields } from '../agent/wire-types.ts';

/** The element of an operation's answer; all logins share one. */
export function responseElement(name: OperationName): string {
  return operationNamed(name).soap?.element ?? `${name}Response`;
}

/** The members of that element: none, one that is the result, or those of a result that has no element of its own. */
export function responseMembers(name: OperationName): Fields {
  const { result, soap } = operationNamed(name);
  if (result.kind === 'nothing') return {};
  const type = result as AnyWireType;
  if (soap?.result === 'members' && type.kind === 'carrier') return type.fields;
  return { [soap?.result ?? 'Response']: type };
}
