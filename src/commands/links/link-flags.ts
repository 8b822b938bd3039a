/** What the commands about links share: their flags, the record, and how a plan reads. */
import { ErpActorType } from '../../agent/carriers.ts';
import type { AgentClient } from '../../agent/client.ts';
import { readLiveConnection } from '../../agent/connections.ts';
import { type ActorType, type CrmRecord, crmTypes, isSupported } from '../../agent/links.ts';
import type { Context } from '../../cli/context.ts';
import { type Given, optional } from '../../cli/flags.ts';
import { choice, wholeNumber } from '../../cli/values.ts';
import { excluding, missing } from '../../error-words.ts';
import { connectionId, connectionInWords, nameOf } from '../connections/shown-connection.ts';

/** A kind of ERP actor by its name. */
export const actorTypeName = choice(
  'type',
  Object.keys(ErpActorType.values).filter((name): name is ActorType => name !== 'Unknown'),
);

/** The id of a connection as a flag. */
export const connectionValue = { ...connectionId, placeholder: 'id' };

const recordId = wholeNumber('id', 1, 2 ** 31 - 1);

/** The record of SuperOffice: one of them is given. */
export const recordFlags = {
  company: optional(recordId, 'the company, by its id in SuperOffice'),
  person: optional(recordId, 'the person'),
  project: optional(recordId, 'the project'),
  sale: optional(recordId, 'the sale'),
};

const words = ['company', 'person', 'project', 'sale'] as const;

/** The record that the flags name, or undefined. @throws ErpsyncError (usage) if they name two */
export function recordIfGiven(given: Given<typeof recordFlags>): CrmRecord | undefined {
  const named = words.flatMap((word) => {
    const id = given[word];
    return id === undefined ? [] : [{ word, type: crmTypes[word], id }];
  });
  if (named.length > 1) {
    const flags = named.map(({ word }) => `--${word}`);
    throw excluding(flags, 'one record is meant');
  }
  return named[0];
}

/** The record that the flags name. @throws ErpsyncError (usage) if they name none or two */
export function givenRecord(given: Given<typeof recordFlags>): CrmRecord {
  const record = recordIfGiven(given);
  if (record !== undefined) return record;
  const why = 'which record of SuperOffice is meant is not said';
  throw missing('the record', why, 'give one of --company, --person, --project, --sale');
}

/** Warns of a kind of actor that the server knows but ErpSync does not support. */
export function warnOfUnsupported(actorType: ActorType, { warn }: Pick<Context, 'warn'>): void {
  if (isSupported(actorType)) return;
  warn(`warning: SuperOffice says that actors of type ${actorType} are not currently supported in ErpSync`);
}

/**
 * A connection in words.
 *
 * @throws ErpsyncError `rejected` if there is none, or if it is deleted
 */
export async function liveConnection(client: AgentClient, id: number): Promise<string> {
  const { DisplayName } = await readLiveConnection(client, id);
  return connectionInWords(id, nameOf(DisplayName));
}

/** What all of these commands answer with. */
export function linkFacts(connection: number, record: CrmRecord) {
  return { connectionId: connection, record: { type: record.word, id: record.id } };
}

/** The command that shows where a record is linked. */
export function lookAt({ word, id }: CrmRecord): string {
  return `erpsync connections records ${word} ${id}`;
}
