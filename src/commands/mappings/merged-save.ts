/** What the commands share that save a mapping: read, merge, show or send, and look at what came of it. */
import { savedOnce } from '../../agent/certain-write.ts';
import type { AgentClient } from '../../agent/client.ts';
import { withoutConfigSecrets } from '../../agent/config-secrets.ts';
import type { ArgumentsOf, OperationName } from '../../agent/contract.ts';
import type { Change, Merged } from '../../agent/saved-record.ts';
import type { Context } from '../../cli/context.ts';
import { ErpsyncError } from '../../errors.ts';
import { printable } from '../../output/json.ts';
import type { Style } from '../../output/style.ts';
import type { Outcome } from '../../transport/outcome.ts';
import { type PlannedRequest, plannedRequest } from '../planned-request.ts';
import { changeTable, type ShownChange, shownChanges } from '../shown-changes.ts';

/** A save of something that is merged into what the server has. */
export interface MergedSave<N extends OperationName, T> {
  readonly operation: N;
  /** `the mapping of Customer`. */
  readonly what: string;
  /** The command that shows it. */
  readonly look: string;
  read(): Promise<T>;
  merge(fresh: T): Merged<T>;
  /** The parameters that save it. */
  given(record: T): ArgumentsOf<N>;
  send(record: T): Promise<Outcome<T | null>>;
  /** The changes as they may be told; all of them without it. */
  masked?(changes: readonly Change[], fresh: T): readonly Change[];
  readonly showSecrets?: boolean;
}

/** What became of it. */
export interface SavedMapping {
  readonly status: 'ok' | 'dry-run';
  /** Empty if it was so already; then nothing was sent. */
  readonly changes: readonly ShownChange[];
  /** What a dry run would send; null if that is nothing. */
  readonly plan?: PlannedRequest | null;
}

/**
 * Reads, merges, and saves what differs, once.
 *
 * @throws ErpsyncError of the merge, before anything was sent; else see {@link savedOnce}
 */
export async function saveMerged<N extends OperationName, T>(
  client: AgentClient,
  save: MergedSave<N, T>,
  dryRun: boolean,
  { warn }: Pick<Context, 'warn'>,
): Promise<SavedMapping> {
  const fresh = await save.read();
  const { record, changes } = save.merge(fresh);
  const shown = shownChanges(save.masked?.(changes, fresh) ?? changes);
  if (dryRun) {
    const request = plannedRequest(client, save.operation, save.given(record));
    const body = save.showSecrets ? request.body : withoutConfigSecrets(request.body);
    return { status: 'dry-run', changes: shown, plan: changes.length === 0 ? null : { ...request, body } };
  }
  if (changes.length === 0) return { status: 'ok', changes: shown };
  const { operation, what, look } = save;
  const { value, answered } = await savedOnce(await save.send(record), {
    operation,
    what,
    look,
    async find() {
      const after = await save.read();
      return save.merge(after).changes.length === 0 ? after : undefined;
    },
  });
  if (!answered) warn(`warning: the answer was lost, but ${what} is saved`);
  else if (!isTaken(save, value))
    warn(`warning: the server answered without an error, but has something else; see: ${look}`);
  return { status: 'ok', changes: shown };
}

/** The outcome with the changes as a table. */
export function savedInWords(what: string, { changes, plan }: SavedMapping, style: Style): string {
  if (changes.length === 0) return printable(`${what} is so already; nothing was changed.`);
  const shown = changeTable(changes, false, style);
  if (!plan) return `${printable(`${what} is saved.`)}\n\n${shown}`;
  const intent = printable(`Dry run, nothing was changed. ${what} would be changed.`);
  return `${intent}\n\n${shown}\n\n${plan.method} ${plan.url}`;
}

function isTaken<N extends OperationName, T>({ merge }: MergedSave<N, T>, answer: T): boolean {
  try {
    return merge(answer).changes.length === 0;
  } catch (error) {
    // An answer that lacks what was saved cannot be merged with it.
    if (error instanceof ErpsyncError) return false;
    throw error;
  }
}
