/** How mappings are shown and given: the members of the wire under camelCase names, as JSON and as flags. */
import { type GivenMember, readGivenMembers, type SavedRecord } from '../../agent/saved-record.ts';
import type { Context } from '../../cli/context.ts';
import { readData } from '../../cli/operation-fields.ts';
import { checkAnyGiven, joinedMembers } from '../given-members.ts';

/** `ErpFieldId` as `erpFieldId`, all the way down. */
export function camelCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCased);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      camelCased(member),
    ]),
  );
}

/** Members as a command line gives them: by flags, and in the JSON of `--data`. */
export interface GivenMapping {
  /** By the names of `-o json`; undefined for a flag that is not given. */
  readonly flags?: Readonly<Record<string, unknown>>;
  readonly data: string | undefined;
}

/**
 * The members that are given.
 *
 * @throws ErpsyncError (usage) for JSON that cannot be read, an unknown member, and for what is given twice or not at all
 */
export async function readGivenMapping<T extends object>(
  record: SavedRecord<T>,
  { flags, data }: GivenMapping,
  { host }: Pick<Context, 'host'>,
): Promise<readonly GivenMember[]> {
  const fromData = data === undefined ? [] : readGivenMembers(record, await readData(data, host), '--data');
  const given = Object.fromEntries(Object.entries(flags ?? {}).filter(([, value]) => value !== undefined));
  const fromFlags = readGivenMembers(record, given, 'flags');
  const members = joinedMembers(fromData, fromFlags);
  checkAnyGiven(members, flags === undefined ? 'give --data' : 'give it by a flag, or --data');
  return members;
}
