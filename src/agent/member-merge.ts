/** Given members merged into what the server has: what is not named stays. */
import { usageError } from '../errors.ts';
import { readArgument } from './arguments.ts';
import type { CarrierType } from './wire-types.ts';
import { carrierBaseMembers } from './wire-types.ts';

/** A member that becomes another. */
export interface Change {
  /** Where: `fieldMappings[502].crmFieldKey`. */
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** What may become of a carrier's members; those in neither list are the server's own and not looked at. */
export interface MergeRules {
  readonly editable: readonly string[];
  /** Tell what the carrier is: another value is an error. */
  readonly fixed: readonly string[];
}

/** A JSON object. @throws ErpsyncError (usage) for anything else */
export function givenObject(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw usageError(`${path} is no object`, 'take the output of the command that reads it, with -o json');
}

/** The member of an object, by its name in any case. */
export function givenMember(given: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.entries(given).find(([typed]) => typed.toLowerCase() === name.toLowerCase())?.[1];
}

/**
 * Merges a carrier; null where the server has nothing changes nothing.
 *
 * @throws ErpsyncError (usage) for an unknown member, a wrong value, null for a value, and another fixed member
 */
export function mergeMembers<T extends object>(
  type: CarrierType<T>,
  fresh: T,
  given: Readonly<Record<string, unknown>>,
  { editable, fixed }: MergeRules,
  path: string,
): { readonly merged: T; readonly changes: readonly Change[] } {
  const changes: Change[] = [];
  const merged = { ...fresh } as Record<string, unknown>;
  for (const [typed, value] of Object.entries(given)) {
    const isTyped = (name: string) => name.toLowerCase() === typed.toLowerCase();
    if (carrierBaseMembers.some(isTyped)) continue;
    const name = Object.keys(type.fields).find(isTyped);
    const memberType = name === undefined ? undefined : type.fields[name];
    const at = path === '' ? typed : `${path}.${typed}`;
    if (name === undefined || memberType === undefined)
      throw usageError(`${at} is no member of ${type.name}`, `it has ${Object.keys(type.fields).join(', ')}`);
    const from = merged[name] ?? null;
    if (!editable.includes(name) && !fixed.includes(name)) continue;
    if (value === from) continue;
    if (value === null) throw usageError(`${at} is null`, 'leave it out, or write "" for no value');
    const to = readArgument(memberType, value, at);
    if (to === from) continue;
    if (fixed.includes(name)) {
      throw usageError(
        `${at} is ${JSON.stringify(from)} on the server, not ${JSON.stringify(to)}`,
        'it cannot be changed',
      );
    }
    merged[name] = to;
    changes.push({ path: at, from, to });
  }
  return { merged: merged as T, changes };
}
