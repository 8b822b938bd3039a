/** Whether a row fits a filter. */
import type { Cell } from './cells.ts';
import type { ArchiveContext, Column, OpenArchive } from './column.ts';
import type { Condition, Filter } from './filter.ts';
import { soughtNumber, testOf } from './operators.ts';

/** A condition that can be tested; `sought` is the only number that fits, where there is just one. */
interface Clause {
  readonly column: Column;
  readonly sought: number | undefined;
  fits(row: unknown): boolean;
}

/**
 * The test of a filter. Alternatives that all look for one number in the same column (`recordId eq 1 or
 * recordId eq 2 or ...`) are found by that number, so that a long list of them costs a row no more than a short one.
 *
 * @throws Refusal for a column or an operator that is not known.
 */
export function matcherOf(
  filter: Filter,
  open: OpenArchive,
  context: ArchiveContext,
): (row: unknown) => boolean {
  if (filter.length === 0) return () => true;
  const alternatives = filter.map((conditions) =>
    conditions.map((condition) => clauseOf(condition, open, context)),
  );
  const fitsOne = (clauses: readonly Clause[], row: unknown) => clauses.every((clause) => clause.fits(row));
  const shared = sharedColumn(alternatives);
  if (shared === undefined) return (row) => alternatives.some((clauses) => fitsOne(clauses, row));
  const bySought = new Map<unknown, (readonly Clause[])[]>();
  for (const clauses of alternatives) {
    const sought = soughtIn(clauses, shared);
    const same = bySought.get(sought);
    if (same === undefined) bySought.set(sought, [clauses]);
    else same.push(clauses);
  }
  return (row) => {
    const candidates = bySought.get(comparedValue(shared, row)) ?? [];
    return candidates.some((clauses) => fitsOne(clauses, row));
  };
}

function clauseOf(condition: Condition, open: OpenArchive, context: ArchiveContext): Clause {
  const column = open.column(condition.column);
  const test = testOf(condition, column, context);
  return { column, sought: soughtNumber(condition, column), fits: (row) => test(comparedValue(column, row)) };
}

/** The column in which every alternative looks for a number, and among such columns that with most numbers. */
function sharedColumn(alternatives: readonly (readonly Clause[])[]): Column | undefined {
  const [first = []] = alternatives;
  const numbersIn = ({ column }: Clause) => new Set(alternatives.map((clauses) => soughtIn(clauses, column)));
  return first
    .map((clause) => ({ column: clause.column, numbers: numbersIn(clause) }))
    .filter(({ numbers }) => !numbers.has(undefined))
    .sort((one, other) => other.numbers.size - one.numbers.size)[0]?.column;
}

function soughtIn(clauses: readonly Clause[], column: Column): number | undefined {
  return clauses.find((clause) => clause.column === column && clause.sought !== undefined)?.sought;
}

function comparedValue(column: Column, row: unknown): Cell {
  return column.compared ? column.compared(row) : column.read(row);
}
