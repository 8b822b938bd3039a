/** What is said of a request that was sent, and of which no answer says what came of it. */
import { type OperationName, operationNamed } from '../agent/contract.ts';

/** How the error of a lost answer begins. */
export interface LostWords {
  readonly what: string;
  /** What comes before the reason, where nothing came back: `the request was sent, but `. */
  readonly how: string;
}

/** Of an operation: one that changes something may have done so. */
export function lostOperation(name: OperationName): LostWords {
  return operationNamed(name).effect === 'read'
    ? { what: withoutResult(`${name}, which only reads,`), how: '' }
    : { what: `whether ${name} took effect is not known`, how: 'the request was sent, but ' };
}

/** Of any request. */
export const lostRequest: LostWords = { what: withoutResult('the request'), how: 'it was sent, but ' };

/** Of a request that reads: `GET /api has no result`. */
export function lostRead(asked: string): LostWords {
  return { what: withoutResult(asked), how: '' };
}

function withoutResult(asked: string): string {
  return `${asked} has no result`;
}
