/** JMESPath: a part of a document, or another form of it. */
import {
  compile,
  isRegistered,
  type JSONValue,
  TreeInterpreter,
  tokenize,
} from '@jmespath-community/jmespath';
import { unusable } from '../error-words.ts';
import { type ErpsyncError, usageError } from '../errors.ts';
import { redactedCopy } from './redact.ts';

/** Applies an expression to a document. @throws ErpsyncError (usage) where the document does not fit it */
export type Query = (document: unknown) => unknown;

/**
 * An expression, read.
 *
 * @param redact masks secrets in a text: in a part of one, or one that is turned round, they would not be found
 * @throws ErpsyncError (usage) naming the place where it cannot be read
 */
export function readQuery(expression: string, redact: (text: string) => string): Query {
  const problem = problemOf(expression);
  if (problem !== undefined) {
    throw unreadable(expression, placeOf(expression, problem.message), problem.message);
  }
  const tree = compile(expression);
  const words = tokenize(expression);
  const unknown = words.find(
    ({ type, value }, at) =>
      type === 'UnquotedIdentifier' && words[at + 1]?.type === 'Lparen' && !isRegistered(String(value)),
  );
  if (unknown !== undefined) {
    throw unreadable(expression, unknown.start + 1, `there is no function ${unknown.value}`);
  }
  return (document) => {
    try {
      return TreeInterpreter.search(tree, redactedCopy(document, redact) as JSONValue);
    } catch (cause) {
      if (!(cause instanceof Error)) throw cause;
      throw usageError({
        what: '--query does not fit the result',
        why: `${cause.message}; the command has run, and its result is printed whole`,
        next: 'see: erpsync help output',
        cause,
      });
    }
  };
}

function unreadable(expression: string, place: number, why: string): ErpsyncError {
  const where = place > expression.length ? 'its end' : `character ${place}`;
  return unusable(
    '--query',
    `${JSON.stringify(expression)} is no JMESPath, at ${where}: ${why.replace(/^Syntax error: /, '')}`,
    'see: erpsync help output',
  );
}

function problemOf(expression: string): Error | undefined {
  try {
    compile(expression);
    return undefined;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}

/**
 * The character, from 1, at which an expression goes wrong. The library does not tell it: it is where the word begins
 * with which the expression, read up to there, fails as the whole of it does; or its end, if it fails otherwise as
 * soon as it goes on.
 */
function placeOf(expression: string, message: string): number {
  const goesOn = ['@', ',', ':', ')', ']', '}'].some(
    (word) => problemOf(`${expression} ${word}`)?.message !== message,
  );
  if (goesOn) return expression.length + 1;
  let end = 1;
  while (end < expression.length && problemOf(expression.slice(0, end))?.message !== message) end++;
  return wordStart(expression, end) + 1;
}

function wordStart(expression: string, end: number): number {
  try {
    return tokenize(expression).findLast(({ start }) => start < end)?.start ?? 0;
  } catch {
    // Not even words can be told apart.
    return Math.max(0, end - 1);
  }
}
