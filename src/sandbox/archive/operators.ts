/** The operators of each kind of restriction, as the documentation lists them; their names bind whatever their case. */
import { Refusal } from '../refusal.ts';
import type { Cell } from './cells.ts';
import type { ArchiveContext, Column, RestrictionType } from './column.ts';
import type { Condition, FilterValue } from './filter.ts';

/** Whether a value fits. */
type Test = (cell: Cell) => boolean;
/** Makes the test of an operator of its values, or says what values it takes. */
type Operator = (values: readonly FilterValue[], context: ArchiveContext) => Test | string;
type Operators = Readonly<Record<string, Operator>>;

const oneNumber = 'one whole number';
const oneText = 'one text in single quotes';
const texts = 'texts in single quotes, in parentheses';
const oneDay = "a day, such as '2026-01-31'";
const oneTime = "a point in time, such as '2026-01-31T12:00:00'";

const equal = compared((cell, value) => cell === value);
const unequal = compared((cell, value) => cell !== value);
const less = compared((cell, value) => cell < value);
const greater = compared((cell, value) => cell > value);

const numberOperators: Operators = {
  eq: equal,
  '=': equal,
  equals: equal,
  set: equal,
  ne: unequal,
  unequals: unequal,
  lt: less,
  less,
  gt: greater,
  greater,
  le: compared((cell, value) => cell <= value),
  ge: compared((cell, value) => cell >= value),
  between(values) {
    const [from, to, ...more] = values.map(wholeNumber);
    if (from === undefined || to === undefined || more.length > 0) return 'two whole numbers, in parentheses';
    return (cell) => typeof cell === 'number' && cell >= from && cell <= to;
  },
};

const listOperators: Operators = {
  ...numberOperators,
  oneOf: amongNumbers(true),
  notOneOf: amongNumbers(false),
};

// The database compares texts without regard to case.
const stringOperators: Operators = {
  is: textual((cell, value) => cell === value),
  isNot: textual((cell, value) => cell !== value),
  begins: textual((cell, value) => cell.startsWith(value)),
  notBegins: textual((cell, value) => !cell.startsWith(value)),
  contains: textual((cell, value) => cell.includes(value)),
  notContains: textual((cell, value) => !cell.includes(value)),
  in(values) {
    const wanted = new Set(values.map(lowerText));
    return wanted.has(undefined) || wanted.size === 0
      ? texts
      : (cell) => cell !== null && wanted.has(String(cell).toLowerCase());
  },
  between(values) {
    const [from, to, ...more] = values.map(lowerText);
    if (from === undefined || to === undefined || more.length > 0) return `two ${texts}`;
    return (cell) => cell !== null && String(cell).toLowerCase() >= from && String(cell).toLowerCase() <= to;
  },
};

const dateOperators: Operators = {
  date: dated(10, oneDay, (cell, value) => cell === value),
  before: dated(10, oneDay, (cell, value) => cell < value),
  after: dated(10, oneDay, (cell, value) => cell >= value),
  between: betweenDays,
  dateBetween: betweenDays,
  dateTime: dated(19, oneTime, (cell, value) => cell === value),
  beforeTime: dated(19, oneTime, (cell, value) => cell < value),
  afterTime: dated(19, oneTime, (cell, value) => cell >= value),
};

const operatorsOf: Readonly<Record<RestrictionType, Operators>> = {
  None: {},
  int: numberOperators,
  listAny: listOperators,
  string: stringOperators,
  stringorPK: { ...stringOperators, eq: equal, '=': equal, equals: equal },
  bool: {
    set(values) {
      const [value, ...more] = values;
      const wanted = value === undefined || more.length > 0 ? undefined : truth(value);
      return wanted === undefined ? 'true or false' : (cell) => cell === wanted;
    },
  },
  date: dateOperators,
  associate: {
    currentAssociate: (values, { caller }) =>
      values.length > 0 ? 'nothing' : (cell) => cell === caller.associateId,
    associateIsOneOf: amongNumbers(true),
    associateIsNotOneOf: amongNumbers(false),
  },
};

/**
 * The test of a condition on a column.
 *
 * @throws Refusal when the column has no such operator, or the operator takes other values.
 */
export function testOf({ operator, values }: Condition, column: Column, context: ArchiveContext): Test {
  const operators = operatorsOf[column.restriction];
  const known = Object.keys(operators);
  const name = known.find((one) => one.toLowerCase() === operator.toLowerCase());
  const make = name === undefined ? undefined : operators[name];
  if (make === undefined) {
    throw new Refusal(
      known.length === 0
        ? `No condition is possible on the column "${column.name}"`
        : `The column "${column.name}" (${column.restriction}) has no operator "${operator}", but ${known.join(', ')}`,
    );
  }
  const test = make(values, context);
  if (typeof test === 'string') throw new Refusal(`"${column.name} ${operator}" takes ${test}`);
  return test;
}

/** The number that a condition looks for, undefined if it looks for anything else. */
export function soughtNumber({ operator, values }: Condition, column: Column): number | undefined {
  const [value] = values;
  if (column.type !== 'int' || value === undefined) return undefined;
  return /^(eq|=|equals|set)$/i.test(operator) ? wholeNumber(value) : undefined;
}

function compared(holds: (cell: number, value: number) => boolean): Operator {
  return (values) => {
    const [value, ...more] = values.map(wholeNumber);
    if (value === undefined || more.length > 0) return oneNumber;
    return (cell) => typeof cell === 'number' && holds(cell, value);
  };
}

function amongNumbers(wanted: boolean): Operator {
  return (values) => {
    const numbers = new Set<unknown>(values.map(wholeNumber));
    if (numbers.size === 0 || numbers.has(undefined)) return 'whole numbers, in parentheses';
    return (cell) => cell !== null && numbers.has(cell) === wanted;
  };
}

function textual(holds: (cell: string, value: string) => boolean): Operator {
  return (values) => {
    const [value, ...more] = values.map(lowerText);
    if (value === undefined || more.length > 0) return oneText;
    return (cell) => cell !== null && holds(String(cell).toLowerCase(), value);
  };
}

/** Compares as many characters of ISO 8601 as the operator regards: 10 are the day. */
function dated(length: 10 | 19, form: string, holds: (cell: string, value: string) => boolean): Operator {
  return (values) => {
    const [value, ...more] = values.map((one) => pointInTime(one, length));
    if (value === undefined || more.length > 0) return form;
    return (cell) => typeof cell === 'string' && holds(cell.slice(0, length), value);
  };
}

function betweenDays(values: readonly FilterValue[]): Test | string {
  const [from, to, ...more] = values.map((one) => pointInTime(one, 10));
  if (from === undefined || to === undefined || more.length > 0)
    return 'two days in single quotes, in parentheses';
  return (cell) => typeof cell === 'string' && cell.slice(0, 10) >= from && cell.slice(0, 10) <= to;
}

function wholeNumber({ kind, text }: FilterValue): number | undefined {
  const isNumber = kind === 'number' || kind === 'any';
  const number = isNumber && /^-?\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  return Math.abs(number) <= 2 ** 31 ? number : undefined;
}

function lowerText({ kind, text }: FilterValue): string | undefined {
  return kind === 'text' || kind === 'any' ? text.toLowerCase() : undefined;
}

function truth({ kind, text }: FilterValue): boolean | undefined {
  if (kind !== 'word' && kind !== 'any') return undefined;
  const word = text.toLowerCase();
  if (word === 'true' || (kind === 'any' && word === '1')) return true;
  return word === 'false' || (kind === 'any' && word === '0') ? false : undefined;
}

function pointInTime({ kind, text }: FilterValue, length: 10 | 19): string | undefined {
  const form = length === 10 ? /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d)?$/ : /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/;
  const isTime = (kind === 'text' || kind === 'any') && form.test(text) && !Number.isNaN(Date.parse(text));
  return isTime ? text.slice(0, length) : undefined;
}
