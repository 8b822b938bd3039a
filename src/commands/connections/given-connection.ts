/** What a command line says of a connection: single flags, and JSON as `connections get -o json` prints it. */
import { savedConnection } from '../../agent/connection-plan.ts';
import { type GivenMember, readGivenMembers } from '../../agent/saved-record.ts';
import type { Context } from '../../cli/context.ts';
import { optional, repeated, type ValueParser } from '../../cli/flags.ts';
import { readData } from '../../cli/operation-fields.ts';
import { type Assignment, assignment, text, wholeNumber } from '../../cli/values.ts';
import { givenTwice } from '../../error-words.ts';
import { joinedMembers } from '../given-members.ts';

/** Configuration, as both `save` and `test` take it. */
export const configFlags = {
  config: repeated(
    assignment('key=value'),
    'a configuration field; a password is better given in --data - or a file, where nobody else sees it',
  ),
  data: optional(
    text('json'),
    'the connection as JSON, as connections get -o json prints it; @file reads a file, - standard input',
    { readsStdin: true },
  ),
};

/** Ids with commas between, or none. */
export const idList: ValueParser<readonly number[]> = {
  placeholder: 'ids',
  parse(given, where) {
    if (given === 'none') return [];
    const id = wholeNumber('id', 1, 2 ** 31 - 1);
    const ids = given.split(',').map((word) => id.parse(word.trim(), where));
    return [...new Set(ids)];
  },
};

/** What the flags say. */
interface GivenFlags {
  /** By the names that `connections get -o json` has. */
  readonly members: Readonly<Record<string, unknown>>;
  readonly config: readonly Assignment[];
  readonly data: string | undefined;
}

/**
 * All of it, each thing given once.
 *
 * @throws ErpsyncError (usage) for JSON that cannot be read and for what is given twice
 */
export async function readGivenConnection(
  { members, config, data }: GivenFlags,
  { host }: Pick<Context, 'host'>,
): Promise<readonly GivenMember[]> {
  const object = data === undefined ? {} : await readData(data, host);
  const fromData = readGivenMembers(savedConnection, object, '--data');
  const given = Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
  const fromFlags = readGivenMembers(savedConnection, given, 'flags');
  return withConfig(joinedMembers(fromData, fromFlags), configFrom(config));
}

/** Configuration fields by key. Values are never repeated: they may be passwords. */
function configFrom(given: readonly Assignment[]): Readonly<Record<string, string>> {
  const keys = given.map(({ name }) => name);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) throw givenTwice(`--config ${twice}`);
  return Object.fromEntries(given.map(({ name, value }) => [name, value]));
}

function withConfig(
  members: readonly GivenMember[],
  config: Readonly<Record<string, string>>,
): readonly GivenMember[] {
  if (Object.keys(config).length === 0) return members;
  const inData = members.find(({ member }) => member.wire === 'ConfigFields');
  const fields = (inData?.value ?? {}) as Readonly<Record<string, string | null>>;
  const twice = Object.keys(config).find((key) => Object.hasOwn(fields, key));
  if (twice !== undefined) {
    throw givenTwice(`configuration field ${twice}`, 'give it with --config or in --data, not in both');
  }
  const [given] = readGivenMembers(savedConnection, { configFields: { ...fields, ...config } }, '--config');
  return [...members.filter((one) => one !== inData), ...(given ? [given] : [])];
}
