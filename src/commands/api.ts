import { withoutConfigSecrets } from '../agent/config-secrets.ts';
import type { OperationName } from '../agent/contract.ts';
import { guardRequest, isResync, operationAt } from '../agent/raw-guard.ts';
import { confirm, requireConfirmable } from '../cli/confirmation.ts';
import { connectionFlags } from '../cli/connection-flags.ts';
import { defineCommand } from '../cli/define.ts';
import { argument, optional, repeated, toggle } from '../cli/flags.ts';
import { decodedText, parseGivenJson } from '../cli/given-text.ts';
import {
  answersSecrets,
  answerTo,
  bodyForStdout,
  errorWithin,
  headLines,
  shownBody,
  shownHeaders,
} from '../cli/raw-answer.ts';
import {
  type GivenRequest,
  header,
  headersFrom,
  httpMethod,
  isReading,
  readRequest,
} from '../cli/raw-request.ts';
import { assignment, text } from '../cli/values.ts';
import { withSession } from '../cli/with-session.ts';
import { errorValue, usageError } from '../errors.ts';
import { jsonDocument, printableText } from '../output/json.ts';
import { statusError } from '../transport/raw.ts';
import { relativePath } from '../transport/relative-path.ts';

const flags = {
  method: optional(httpMethod(), 'the method; default GET, with a body POST', { short: 'X' }),
  field: repeated(
    assignment('name=value'),
    'a member of the JSON body: number, true, false, null, JSON, @file or text',
    { short: 'F' },
  ),
  rawField: repeated(assignment('name=text'), 'a member that is text whatever it looks like', { short: 'f' }),
  header: repeated(header(), "a header: 'Accept: application/xml'", { short: 'H' }),
  input: optional(text('file'), 'the whole body; - is standard input', { readsStdin: true }),
  include: toggle('show status and headers before the body', { short: 'i' }),
  all: toggle('every record, for a resync; asks for confirmation, or needs --yes'),
  dryRun: toggle('show the request and send nothing'),
  showSecrets: toggle('show the configuration fields of ERP connections, which hold passwords'),
  ...connectionFlags,
};

export default defineCommand({
  path: ['api'],
  summary: 'send a request to any path below the base URL, with the login of the profile',
  description: [
    'The body of the answer comes out as it is. An HTTP error is an exit code that is not 0. Redirects are not',
    'followed. What erpsync call has confirmed is confirmed here too.',
  ],
  effect: 'write',
  yieldsData: true,
  arguments: { path: argument(text('path', 'nothing'), 'the path below the base URL') },
  flags,
  examples: [
    { run: 'erpsync api /api/v1/User/currentPrincipal', why: 'who the server takes us for' },
    {
      run: 'erpsync api /api/v1/Agents/Batch/GetBatchTaskInfosByState -f State=All -o json',
      why: 'a POST with a JSON body; status, headers and body for a script',
    },
  ],
  exitCodes: [4, 5, 6, 7, 9, 11],
  async run(given, context) {
    const { showSecrets, all, dryRun } = given;
    const { segments, ...path } = relativePath(given.path);
    const headers = headersFrom(given.header);
    const { field: typed, rawField: texts, input, method } = given;
    const request = await readRequest(path.target, { typed, texts, input, method }, context);
    const reads = isReading(request.method);
    const body = bodyText(request, isResync(segments));
    // What was checked is what goes out, without a byte order mark for instance.
    const sent = isResync(segments) ? { ...request, body } : request;
    refuseOpaque(operationAt(segments), headers, showSecrets);
    const danger = reads
      ? undefined
      : guardRequest(
          {
            method: sent.method,
            segments,
            body,
            contentType: otherContentType(headers),
            all,
          },
          (json) => parseGivenJson(json, 'the body'),
        );
    if (danger !== undefined && !dryRun) requireConfirmable(danger.what, context);
    return await withSession(context, given, dryRun || reads ? 'read' : 'write', async (session) => {
      if (dryRun) {
        const url = session.raw.addressOf(sent.target);
        return { status: 'dry-run' as const, method: sent.method, url, body: plannedBody(body, showSecrets) };
      }
      if (danger !== undefined) await confirm(`${danger.what} (${session.url})`, danger.word, context);
      const answer = await answerTo(sent, headers, session);
      const shown = shownBody(answer, operationAt(segments), showSecrets);
      const head = { status: answer.status, headers: shownHeaders(answer) };
      const error = statusError(answer) ?? errorWithin(shown);
      if (context.globals.output === 'table') {
        if (given.include) context.host.writeStdout(headLines(head.status, head.headers));
        context.host.writeStdout(bodyForStdout(shown, context.host.stdoutIsTerminal));
      }
      return {
        ...head,
        body: shown.json === undefined ? (shown.text ?? null) : shown.json.value,
        ...(shown.text === undefined && { bodyBase64: answer.body.toString('base64') }),
        ...(error !== undefined && { exitCode: error.exitCode, error: errorValue(error) }),
      };
    });
  },
  render(result) {
    // An answer was written as it came.
    if (!('method' in result)) return '';
    const { method, url, body } = result;
    const shown = body === null ? '' : typeof body === 'string' ? printableText(body) : jsonDocument(body);
    return `Dry run, nothing was sent.\n\n${method} ${url}\n${shown}`.trimEnd();
  },
});

/** The body as text; undefined if there is none, or if it is no text and does not have to be. */
function bodyText({ body }: GivenRequest, mustBeText: boolean): string | undefined {
  if (body === undefined || typeof body === 'string') return body;
  try {
    return decodedText(body, 'the body');
  } catch (error) {
    if (mustBeText) throw error;
    return undefined;
  }
}

/** Passwords are masked in JSON only. */
function refuseOpaque(
  operation: OperationName | undefined,
  headers: Readonly<Record<string, string>>,
  showSecrets: boolean,
): void {
  const accept = headerNamed(headers, 'accept');
  if (showSecrets || !answersSecrets(operation) || accept === undefined || /^[\w/+.-]*json$/i.test(accept))
    return;
  throw usageError({
    what: `${operation} is not asked for an answer as ${accept}`,
    why: 'it may hold passwords of ERP systems, and only those in JSON can be masked',
    next: 'have it answered as JSON, or add --show-secrets',
  });
}

function headerNamed(headers: Readonly<Record<string, string>>, lowerName: string): string | undefined {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === lowerName)?.[1];
}

/** The content type where it is another than JSON in UTF-8. */
function otherContentType(headers: Readonly<Record<string, string>>): string | undefined {
  const value = headerNamed(headers, 'content-type');
  const isJson = value === undefined || /^application\/json(\s*;\s*charset="?utf-8"?)?$/i.test(value);
  return isJson ? undefined : value;
}

/** The body for a plan: JSON with passwords masked, other text as it is. */
function plannedBody(body: string | undefined, showSecrets: boolean): unknown {
  if (body === undefined) return null;
  try {
    const value: unknown = JSON.parse(body);
    return showSecrets ? value : withoutConfigSecrets(value);
  } catch {
    return body;
  }
}
