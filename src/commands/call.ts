import { erpSyncOperation, type ReadArguments, readArguments } from '../agent/arguments.ts';
import { maskedResult, maskWithin, withoutConfigSecrets } from '../agent/config-secrets.ts';
import { type ArgumentsOf, erpSync, type OperationName, operationNamed } from '../agent/contract.ts';
import { confirm, requireConfirmable } from '../cli/confirmation.ts';
import { connectionFlags } from '../cli/connection-flags.ts';
import { defineCommand } from '../cli/define.ts';
import { argument, optional, repeated, toggle } from '../cli/flags.ts';
import { readOperationFields } from '../cli/operation-fields.ts';
import type { Session } from '../cli/session.ts';
import { assignment, text } from '../cli/values.ts';
import { withSession } from '../cli/with-session.ts';
import { unusable } from '../error-words.ts';
import { jsonDocument } from '../output/json.ts';
import { plainValue } from '../output/plain-value.ts';
import { inEnglish } from '../resync/names.ts';
import { direction } from '../resync/plan.ts';
import { plannedRequest } from './planned-request.ts';

const flags = {
  data: optional(text('json'), 'the parameters as a JSON object; @file reads a file, - standard input', {
    readsStdin: true,
  }),
  field: repeated(
    { ...assignment('name=value'), completes: 'parameter' },
    'one parameter; lists, maps and structures as JSON or @file, numbers also as 1,2,3',
    { short: 'F' },
  ),
  all: toggle('every record, for an operation with a list of keys; asks for confirmation, or needs --yes'),
  dryRun: toggle('show the request and send nothing'),
  showSecrets: toggle('show the configuration fields of ERP connections, which hold passwords'),
  ...connectionFlags,
};

export default defineCommand({
  path: ['call'],
  summary: 'call any operation of the ErpSync agent by its name',
  description: [
    'Every parameter has to be given, under its name in any case; an empty or null one is written as such.',
    'The operations, with their parameters:',
    '',
    ...Object.entries(erpSync).map(
      ([name, { parameters }]) => `  ${[`${name}:`, ...Object.keys(parameters)].join(' ')}`,
    ),
  ],
  effect: 'write',
  yieldsData: true,
  arguments: { operation: argument(text('operation', 'operation'), 'the name of an operation') },
  flags,
  examples: [
    { run: 'erpsync call GetConnection -F ErpConnectionId=124', why: 'one ERP connection, passwords masked' },
    {
      run: 'erpsync call ForceResync -F ErpConnectionId=124 -F InternalKeyIds=100,959 --dry-run',
      why: 'show the request of a direct resync',
    },
    { run: 'erpsync call GetEngineStatus -o json', why: 'the answer with the names of the wire' },
  ],
  exitCodes: [4, 5, 6, 7, 9, 11],
  async run(given, context) {
    const operation = erpSyncOperation(given.operation);
    const fields = await readOperationFields(operation, { data: given.data, fields: given.field }, context);
    const read = readArguments(operation, fields, given.all);
    const maskAt = maskWithin(read.values, operation);
    if (maskAt !== undefined) {
      throw unusable(
        maskAt,
        'it is a mask, not a password',
        'give the password itself, since call sends what it is given',
      );
    }
    const { effect } = operationNamed(operation);
    const what = dangerOf(operation, read);
    if (what !== undefined && !given.dryRun) requireConfirmable(what, context);
    return await withSession(context, given, given.dryRun ? 'read' : effect, async (session) => {
      if (given.dryRun) return { operation, ...planned(operation, read, session, given.showSecrets) };
      if (what !== undefined) await confirm(`${what} (${session.url})`, wordFor(operation, read), context);
      const result = await send(operation, read, session);
      return { operation, result: given.showSecrets ? result : maskedResult(operation, result) };
    });
  },
  render(result, style) {
    if ('method' in result) {
      const { method, url, body } = result;
      return `Dry run, nothing was sent.\n\n${method} ${url}\n${body === null ? '' : jsonDocument(body)}`.trimEnd();
    }
    if (result.result === null) return `${result.operation} is done; it answers nothing.`;
    return plainValue(inEnglishWithin(result.result), style);
  },
});

/** What has to be confirmed, or undefined. */
function dangerOf(operation: OperationName, { values, everyRecord }: ReadArguments): string | undefined {
  if (everyRecord) {
    const connectionId = Number(values['ErpConnectionId']);
    return `${operation} without keys takes EVERY record ${direction({ connectionId, name: null })}`;
  }
  return operationNamed(operation).effect === 'destroy' ? `${operation} removes data` : undefined;
}

function wordFor(operation: OperationName, { values, everyRecord }: ReadArguments): string {
  if (!everyRecord) return operation;
  return values['ErpConnectionId'] === 0 ? 'crm' : String(values['ErpConnectionId']);
}

function planned(operation: OperationName, { values }: ReadArguments, { client }: Session, secrets: boolean) {
  const { body, ...request } = plannedRequest(client, operation, values as ArgumentsOf<OperationName>);
  const sent = body ?? null;
  return { status: 'dry-run' as const, ...request, body: secrets ? sent : withoutConfigSecrets(sent) };
}

/** The result; null for an operation that has none. */
async function send(
  operation: OperationName,
  { values, everyRecord }: ReadArguments,
  { client }: Session,
): Promise<unknown> {
  // The values were read by the contract of this very operation.
  const result = await client.perform(operation, values as ArgumentsOf<OperationName>, { everyRecord });
  return result ?? null;
}

/** Names that come in several languages, in one. */
function inEnglishWithin(value: unknown): unknown {
  if (typeof value === 'string') return inEnglish(value);
  if (Array.isArray(value)) return value.map(inEnglishWithin);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, inEnglishWithin(member)]));
}
