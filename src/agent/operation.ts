/** What an operation is: its effect, its parameters in wire order, its result, and what is peculiar to it. */
import type { AnyWireType, Fields, WireType } from './wire-types.ts';

/**
 * What an operation does to the server: `read` changes nothing and may be repeated, `write` changes
 * something, `destroy` removes something.
 */
export type Effect = 'read' | 'write' | 'destroy';

/** The result type of an operation that answers nothing: 204 in REST, an empty response element in SOAP. */
export interface NothingType extends WireType<undefined> {
  readonly kind: 'nothing';
}
export const nothing: NothingType = { kind: 'nothing' };

interface Peculiarities {
  /** The oldest SOAP service version that has it; without it 86, the oldest that erpsync speaks. */
  readonly since?: 88;
  /**
   * How REST carries the parameters where it is not one JSON object: `query` puts them in the query
   * string and sends no body, `bare` makes the only parameter the whole body.
   */
  readonly rest?: 'query' | 'bare';
  /**
   * How SOAP carries the result where it is not one element `Response` below `<Operation>Response`:
   * `element` names the response element, `result` the one that holds the result, or `members` where the
   * result's own members stand in the response element.
   */
  readonly soap?: { readonly element?: string; readonly result: string };
  /** Only SOAP has it. */
  readonly soapOnly?: true;
  /** The key list that means every record when it is empty, null or missing. */
  readonly emptyMeansAll?: 'InternalKeyIds' | 'ExternalKeys';
}

/** One operation: what goes in, what comes out, and how dangerous it is. */
export interface Operation<P extends Fields = Fields, R extends WireType = AnyWireType | NothingType>
  extends Peculiarities {
  readonly effect: Effect;
  readonly parameters: P;
  readonly result: R;
}

function operation(effect: Effect) {
  return <P extends Fields, R extends WireType>(
    parameters: P,
    result: R,
    peculiarities: Peculiarities = {},
  ): Operation<P, R> => ({ effect, parameters, result, ...peculiarities });
}
export const read = operation('read');
export const write = operation('write');
export const destroy = operation('destroy');
/** No parameters. */
export const none = {};
