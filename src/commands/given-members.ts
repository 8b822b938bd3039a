/** Members of a record that a command line gives twice over: by flags of their own, and in the JSON of `--data`. */
import type { GivenMember } from '../agent/saved-record.ts';
import { givenTwice } from '../error-words.ts';
import { usageError } from '../errors.ts';

/** @throws ErpsyncError (usage) for a member that is given in both ways */
export function joinedMembers(
  fromData: readonly GivenMember[],
  fromFlags: readonly GivenMember[],
): readonly GivenMember[] {
  const twice = fromFlags.find(({ member }) => fromData.some((one) => one.member === member));
  if (twice) throw givenTwice(twice.member.key, 'give it by its flag or in --data, not in both');
  return [...fromData, ...fromFlags];
}

/** @throws ErpsyncError (usage) where there is nothing to save; `how` says how something is given */
export function checkAnyGiven(members: readonly GivenMember[], how: string): void {
  if (members.length > 0) return;
  throw usageError({
    what: 'there is nothing to save',
    why: 'no flag and no --data says what to change',
    next: how,
  });
}
