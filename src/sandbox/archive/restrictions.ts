/** The conditions of a query as objects, the form of GetArchiveListByColumns. */
import type { ArchiveRestrictionInfoValue } from '../../agent/archive-carriers.ts';
import { filled, Refusal } from '../refusal.ts';
import { decodedValue } from './cells.ts';
import type { Condition, Filter } from './filter.ts';

/**
 * Reads restrictions. One whose `IsActive` is not true has no influence, as documented. Not documented is
 * whether `InterOperator` joins a restriction with the one before it or the one behind, so a mixture of
 * And and Or is refused; so are parentheses and restrictions within restrictions.
 *
 * @throws Refusal for these, and for a restriction without column or operator.
 */
export function readRestrictions(
  restrictions: readonly (ArchiveRestrictionInfoValue | null)[] | null,
): Filter {
  const active = (restrictions ?? []).flatMap((one, index) =>
    one?.IsActive === true ? [{ one, path: `Restriction[${index}]` }] : [],
  );
  if (active.length === 0) return [];
  for (const { one, path } of active) {
    if ((one.InterParenthesis ?? 0) !== 0 || (one.SubRestrictions ?? []).length > 0)
      throw new Refusal(`${path}: conditions cannot be grouped here; write them out with And and Or`);
  }
  const joints = new Set(active.map(({ one }) => (one.InterOperator === 'Or' ? 'Or' : 'And')));
  if (joints.size > 1)
    throw new Refusal('Restriction: And and Or cannot be mixed here; GetArchiveListByColumns2 can');
  const conditions = active.map(({ one, path }): Condition => {
    const values = (one.Values ?? []).map((value) => ({
      kind: 'any' as const,
      text: decodedValue(value ?? ''),
    }));
    return {
      column: filled(one.Name, `${path}.Name`),
      operator: filled(one.Operator, `${path}.Operator`),
      values,
    };
  });
  return joints.has('Or') ? conditions.map((condition) => [condition]) : [conditions];
}
