/**
 * Conditions of a query as archives document them: `contactId eq 5 and name begins 'S'`. `and` binds
 * tighter than `or`. No page of the documentation groups conditions in parentheses, so they are refused here.
 */
import { Refusal } from '../refusal.ts';

/** A value: a number or a word as it stands there, a text without its quotes, or, from an agent, any of them. */
export interface FilterValue {
  readonly kind: 'number' | 'word' | 'text' | 'any';
  readonly text: string;
}

/** A column compared with values. */
export interface Condition {
  readonly column: string;
  readonly operator: string;
  readonly values: readonly FilterValue[];
}

/** Alternatives, each of conditions that hold together; without any alternative every row fits. */
export type Filter = readonly (readonly Condition[])[];

interface Token {
  readonly kind: 'number' | 'word' | 'text' | 'sign';
  readonly text: string;
}

const tokenForms = /\s*(?:('(?:[^']|'')*')|(-?\d+)(?![\w.])|([A-Za-z_][\w./:[\]]*)|([=(),]))/y;

/**
 * Reads a filter; an empty text is none.
 *
 * @throws Refusal that names the place, for anything but the documented grammar.
 */
export function readFilter(text: string | undefined): Filter {
  const tokens = tokensOf(text ?? '');
  if (tokens.length === 0) return [];
  const alternatives: Condition[][] = [[]];
  let at = 0;
  const take = (): Token | undefined => tokens[at++];
  for (;;) {
    alternatives.at(-1)?.push(readCondition(take, () => tokens[at]));
    const joint = take();
    if (joint === undefined) return alternatives;
    const word = joint.kind === 'word' ? joint.text.toLowerCase() : '';
    if (word === 'or') alternatives.push([]);
    else if (word !== 'and') throw unreadable(`"${joint.text}" where "and" or "or" is due`);
  }
}

function readCondition(take: () => Token | undefined, next: () => Token | undefined): Condition {
  const column = take();
  if (column?.text === '(') throw unreadable('conditions cannot be grouped in parentheses');
  if (column?.kind !== 'word')
    throw unreadable(`${column === undefined ? 'it ends' : `"${column.text}"`} where a column is due`);
  const operator = take();
  if (operator?.kind !== 'word' && operator?.text !== '=')
    throw unreadable(`no operator after "${column.text}"`);
  return { column: column.text, operator: operator.text, values: readValues(take, next) };
}

/** One value, several in parentheses, or none: some operators need none. */
function readValues(take: () => Token | undefined, next: () => Token | undefined): FilterValue[] {
  const first = next();
  const isJoint = first?.kind === 'word' && /^(and|or)$/i.test(first.text);
  if (first === undefined || isJoint) return [];
  if (first.text !== '(' || first.kind !== 'sign') return [readValue(take())];
  take();
  const values = [readValue(take())];
  for (;;) {
    const sign = take();
    if (sign?.text === ')' && sign.kind === 'sign') return values;
    if (sign?.text !== ',' || sign.kind !== 'sign') throw unreadable('a list of values is not closed');
    values.push(readValue(take()));
  }
}

function readValue(token: Token | undefined): FilterValue {
  if (token === undefined || token.kind === 'sign') throw unreadable('a value is missing');
  return { kind: token.kind, text: token.text };
}

function tokensOf(given: string): Token[] {
  const text = given.trimEnd();
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    tokenForms.lastIndex = at;
    const match = tokenForms.exec(text);
    if (match === null) throw unreadable(`at "${text.slice(at).trim().slice(0, 30)}"`);
    const [, quoted, number, word, sign = ''] = match;
    if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted.slice(1, -1).replaceAll("''", "'") });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else tokens.push({ kind: 'sign', text: sign });
    at = tokenForms.lastIndex;
  }
  return tokens;
}

function unreadable(problem: string): Refusal {
  return new Refusal(`The filter cannot be read: ${problem}`);
}
