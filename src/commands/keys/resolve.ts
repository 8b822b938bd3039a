import { ErpActorType } from '../../agent/carriers.ts';
import { internalKeysOf, internalKeysOfErpKeys } from '../../agent/internal-keys.ts';
import { unknownAmong } from '../../agent/unknown-ids.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import type { Host } from '../../cli/context.ts';
import { defineCommand } from '../../cli/define.ts';
import { type Given, optional, repeated, withDefault } from '../../cli/flags.ts';
import type { Session } from '../../cli/session.ts';
import { choice, text } from '../../cli/values.ts';
import { withSession } from '../../cli/with-session.ts';
import { missing, unusable } from '../../error-words.ts';
import { ErpsyncError, type ErrorParts, errorValue, internalError } from '../../errors.ts';
import { table } from '../../output/table.ts';
import { collectKeys } from '../../resync/keys.ts';
import { readTarget, targetSource } from '../../resync/target.ts';
import { connectionId } from '../connections/shown-connection.ts';

/** More than this are refused. */
const maxKeys = 1_000_000;

type ActorType = Exclude<keyof typeof ErpActorType.values, 'Unknown'>;
const actorTypes = Object.keys(ErpActorType.values).filter((name): name is ActorType => name !== 'Unknown');
const crmIds = (records: string) =>
  repeated(text('list'), `ids of ${records}: 100,959 or ranges; - is standard input, @path a file`, {
    readsStdin: true,
  });

const flags = {
  company: crmIds('companies'),
  person: crmIds('persons'),
  project: crmIds('projects'),
  sale: crmIds('sales'),
  externalKeys: repeated(text('list', 'nothing'), 'ERP keys, quoted as in CSV where they hold a comma'),
  actorType: optional(choice('type', actorTypes), `what the ERP keys belong to: ${actorTypes.join(', ')}`),
  connection: optional(connectionId, 'the ERP connection that the ERP keys belong to'),
  unresolved: withDefault(
    choice('what', ['error', 'skip']),
    'error',
    'what one without a link is: an error (exit 6), or left out (exit 10)',
  ),
  ...connectionFlags,
};

export default defineCommand({
  path: ['keys', 'resolve'],
  summary: 'find the internal keys of CRM records or ERP keys',
  effect: 'read',
  arguments: {},
  flags,
  examples: [
    { run: 'erpsync keys resolve --company 959', why: 'the internal key of a company' },
    {
      run: 'erpsync keys resolve --connection 124 --external-keys C-10959 --actor-type Customer',
      why: 'the internal key of a customer in the ERP system',
    },
  ],
  exitCodes: [4, 5, 6, 7, 9, 10],
  idColumn: 'internalKey',
  async run(given, context) {
    const lists = [given.company, given.person, given.project, given.sale, given.externalKeys];
    if (lists.every((list) => list.length === 0)) {
      throw missing(
        'what to resolve',
        'neither records of SuperOffice nor ERP keys are given',
        'give --company <list>, --person, --project or --sale, or --external-keys <list>',
      );
    }
    return await withSession(context, given, 'read', async (session) => {
      const items = await resolved(given, session, context.host);
      const unlinked = items.filter(({ internalKey }) => internalKey === null);
      if (unlinked.length === 0) return { items };
      const code = given.unresolved === 'skip' ? 'partial' : 'rejected';
      if (code === 'rejected' && unlinked.length === items.length) await refuseUnknown(given, session);
      const error = new ErpsyncError(code, unlinkedInWords(unlinked, given));
      return { items, exitCode: error.exitCode, error: errorValue(error) };
    });
  },
  render({ items }, style) {
    return table(
      items,
      [
        { heading: 'given', cell: (item) => String(item.given), whole: true },
        { heading: 'kind', cell: ({ kind }) => kind },
        { heading: 'internal key', cell: ({ internalKey }) => String(internalKey ?? '(no link)') },
      ],
      style,
    );
  },
});

/** That none has a link may be since there is no such connection. Where nobody can say, it is as it seems. */
async function refuseUnknown({ connection }: Given<typeof flags>, { client }: Session): Promise<void> {
  const unknown = await unknownAmong(client, { connection });
  if (unknown) throw unknown;
}

const shownNames = 20;

function unlinkedInWords(unlinked: readonly ResolvedKey[], given: Given<typeof flags>): ErrorParts {
  const names = unlinked.slice(0, shownNames).map((item) => item.given);
  const rest = unlinked.length > names.length ? ` and ${unlinked.length - names.length} more` : '';
  const kind = unlinked[0]?.kind === 'erp-key' ? 'ERP key' : unlinked[0]?.kind;
  const skip = 'go on without what has none with --unresolved skip';
  const look = `see what is linked: erpsync keys list --connection ${given.connection ?? '<id>'}`;
  return {
    what: `there is no internal key of ${kind} ${names.join(', ')}${rest}`,
    why: `${unlinked.length === 1 ? 'it is' : 'they are'} linked to ${given.connection === undefined ? 'no ERP system' : 'no record'}`,
    next: given.unresolved === 'skip' ? look : `${skip}; ${look}`,
  };
}

interface ResolvedKey {
  readonly given: number | string;
  /** The type of the record, or `erp-key`. */
  readonly kind: string;
  /** Null: it has no link. */
  readonly internalKey: number | null;
}

async function resolved(
  given: Given<typeof flags>,
  session: Session,
  host: Pick<Host, 'stdin'>,
): Promise<readonly ResolvedKey[]> {
  const source = targetSource({
    ...given,
    ids: [],
    idsFile: undefined,
    externalKeysFile: undefined,
    all: false,
    format: undefined,
    column: undefined,
    maxKeys,
    openStdin: () => host.stdin,
  });
  const { connection } = given;
  if (source.kind === 'crm-records') {
    if (connection !== undefined) {
      throw unusable('--connection', 'it belongs to ERP keys, and none are given', 'leave it out');
    }
    const { keys: ids } = await collectKeys(source.ranges, maxKeys, source.where);
    const found = await internalKeysOf(session, source.table, [...ids]);
    return [...ids].map((id) => ({ given: id, kind: source.table, internalKey: found.get(id) ?? null }));
  }
  if (connection === undefined) {
    throw missing('--connection', 'ERP keys are keys of one ERP connection', 'give its id');
  }
  const target = await readTarget(source, maxKeys);
  if (target.kind !== 'external-keys') throw internalError('ERP keys of another kind');
  const found = await internalKeysOfErpKeys(session, connection, target.actorType, target.keys);
  return target.keys.map((key) => ({ given: key, kind: 'erp-key', internalKey: found.get(key) ?? null }));
}
