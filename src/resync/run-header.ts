/** What a run is, as its `run.json` holds it: the plan with its settings, never a secret. Written once. */
import { ErpActorType } from '../agent/carriers.ts';
import { configError, usageError } from '../errors.ts';
import { shellWord } from '../files/shell-word.ts';
import { newerFormat, startAnew } from './journal-entries.ts';
import { jsonOf, type Members, membersOf } from './json-members.ts';
import type { SpooledKeys } from './key-spool.ts';
import type { RequestSizes } from './ledger.ts';
import { type ActorType, type ResyncOperation, type ResyncSource, sourceInWords } from './plan.ts';
import type { Shard } from './shard.ts';

/** The format that this version writes, and the newest that it reads. */
const headerFormat = 1;

/** The keys of a run; they are in a file of their own. */
export interface StoredKeys extends Omit<SpooledKeys, 'elsewhere'> {
  /** Records given that have no internal key, where that was allowed. */
  readonly unresolved: number;
}

/** Which records a run is about. */
export type StoredTarget =
  | { readonly kind: 'every-record' }
  | ({ readonly kind: 'internal-keys' } & StoredKeys)
  | ({ readonly kind: 'external-keys'; readonly actorType: ActorType } & StoredKeys);

/** A run before anything was sent. */
export interface RunHeader {
  readonly id: string;
  /** Given by `--run`; null for none. */
  readonly name: string | null;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** The version of erpsync. */
  readonly program: string;
  readonly profile: string | null;
  /** What the lock is for: the canonical URL, Online the environment and the tenant. */
  readonly tenant: string;
  readonly url: string;
  readonly transport: 'rest' | 'soap';
  readonly operation: ResyncOperation;
  readonly source: ResyncSource;
  readonly target: StoredTarget;
  /** Keys in each request but the last. */
  readonly chunkSize: number;
  readonly shard: Shard | null;
  /** Other options that a resume takes over, by their names. */
  readonly settings: Readonly<Record<string, string | number | boolean | null>>;
}

/** How the run is cut into requests. */
export function requestSizes({ target, chunkSize }: Pick<RunHeader, 'target' | 'chunkSize'>): RequestSizes {
  if (target.kind === 'every-record') return { requests: 1, sizeOf: () => 1 };
  const { count } = target;
  return {
    requests: Math.ceil(count / chunkSize),
    sizeOf: (request) => Math.min(chunkSize, count - request * chunkSize),
  };
}

/** What must be the same when a run is taken up again; `sha256` of the keys only where they are given anew. */
export type SameRun = Pick<RunHeader, 'tenant' | 'operation'> & {
  readonly source: Pick<ResyncSource, 'connectionId'>;
  readonly target?: StoredTarget;
};

/**
 * Checks that a run is still what it was.
 *
 * @throws ErpsyncError (usage) naming all that differs
 */
export function checkUnchanged(header: RunHeader, now: SameRun): void {
  const { tenant, source, operation } = header;
  const differences = [
    ...(tenant === now.tenant ? [] : [`it was for ${tenant}, not ${now.tenant}`]),
    ...(source.connectionId === now.source.connectionId
      ? []
      : [`its data came from ${sourceInWords(source)}, not ${sourceInWords({ ...now.source, name: null })}`]),
    ...(operation === now.operation ? [] : [`it calls ${operation}, not ${now.operation}`]),
    ...(now.target === undefined || sameTarget(header.target, now.target) ? [] : ['it has other keys']),
  ];
  if (differences.length === 0) return;
  const name = header.name ?? header.id;
  throw usageError({
    what: `run ${name} cannot go on`,
    why: differences.join(', '),
    next: `give what it was started with, or start a run of another name; see: erpsync runs show ${shellWord(name)}`,
  });
}

function sameTarget(one: StoredTarget, other: StoredTarget): boolean {
  if (one.kind === 'every-record' || other.kind === 'every-record') return one.kind === other.kind;
  const types = [one, other].map((target) => (target.kind === 'external-keys' ? target.actorType : null));
  return one.kind === other.kind && types[0] === types[1] && one.sha256 === other.sha256;
}

/** A header as the text of `run.json`. */
export function headerText(header: RunHeader): string {
  return `${JSON.stringify({ format: headerFormat, ...header }, null, 2)}\n`;
}

const operations = [
  'ForceResyncBatchTask',
  'ForceResync',
  'ForceResyncNoBlankValues',
  'ForceResyncExternal',
  'ForceResyncExternalNoBlankValues',
] as const satisfies readonly ResyncOperation[];

/**
 * Reads the text of `run.json`.
 *
 * @param file what errors name
 * @param next what to do about a file that is damaged
 * @throws ErpsyncError (config) for a newer format and for what is no header
 */
export function parseHeader(text: string, file: string, next = startAnew): RunHeader {
  const fail = (problem: string): Error =>
    configError({ what: `${file} cannot be used`, why: `${problem}, so it is damaged`, next });
  const members = membersOf(jsonOf(text), fail);
  const format = members.count('format');
  if (format > headerFormat) throw newerFormat(file, format);
  const source = members.object('source');
  const shard = members.optionalObject('shard');
  const chunkSize = members.count('chunkSize');
  if (chunkSize === 0) throw fail('"chunkSize" is 0');
  return {
    id: members.text('id'),
    name: members.textOrNull('name'),
    createdAt: members.text('createdAt'),
    program: members.text('program'),
    profile: members.textOrNull('profile'),
    tenant: members.text('tenant'),
    url: members.text('url'),
    transport: members.oneOf('transport', ['rest', 'soap']),
    operation: members.oneOf('operation', operations),
    source: { connectionId: source.count('connectionId'), name: source.textOrNull('name') },
    target: targetIn(members.object('target'), fail),
    chunkSize,
    shard: shard === undefined ? null : { index: shard.count('index'), count: shard.count('count') },
    settings: settingsIn(members.value('settings'), fail),
  };
}

function targetIn(members: Members, fail: (problem: string) => Error): StoredTarget {
  const kind = members.oneOf('kind', ['every-record', 'internal-keys', 'external-keys']);
  if (kind === 'every-record') return { kind };
  const [count, given, unresolved] = [
    members.count('count'),
    members.count('given'),
    members.count('unresolved'),
  ];
  // A list without keys would mean every record.
  if (count === 0) throw fail('it has no keys');
  const keys = { count, given, unresolved, sha256: members.text('sha256') };
  if (kind === 'internal-keys') return { kind, ...keys };
  const actorType = members.text('actorType');
  if (!isActorType(actorType)) throw fail(`there is no actor type ${JSON.stringify(actorType)}`);
  return { kind, actorType, ...keys };
}

function isActorType(name: string): name is ActorType {
  return Object.hasOwn(ErpActorType.values, name);
}

function settingsIn(value: unknown, fail: (problem: string) => Error): RunHeader['settings'] {
  if (typeof value !== 'object' || value === null) throw fail('"settings" is not an object');
  const settings: Record<string, string | number | boolean | null> = {};
  for (const [name, setting] of Object.entries(value)) {
    if (!isSetting(setting)) throw fail(`the setting "${name}" has no simple value`);
    settings[name] = setting;
  }
  return settings;
}

function isSetting(value: unknown): value is string | number | boolean | null {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
