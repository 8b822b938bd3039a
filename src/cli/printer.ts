/** The forms of output: how the result of a command becomes text, and how an error does. */

import { unusable } from '../error-words.ts';
import { type ErpsyncError, errorValue } from '../errors.ts';
import { idLine, jsonDocument, jsonLine } from '../output/json.ts';
import type { Query } from '../output/query.ts';
import type { AnyCommand, CommandResult } from './define.ts';
import { tellError } from './error-text.ts';
import type { Globals, OutputForm } from './globals.ts';
import type { RedactingHost } from './redacting-host.ts';
import type { ResultSchemas } from './result-schemas.ts';

/** How results are printed for machines: lists line by line, or all that there is as a document. */
export interface Printer {
  /** Items of a list as lines, for a form that does not need the whole list. */
  lines?(items: readonly object[]): string;
  /** What a command returned, or what --query takes of it. @throws ErpsyncError where it does not fit */
  document?(body: object): string;
  /** The whole of it, where {@link Printer.document} is queried. */
  whole?(body: object): string;
}

/**
 * The printer of the form that was asked for. What it takes is loaded here, and a command that has no such form, or
 * a query that cannot be read, is told before anything is sent.
 *
 * @throws ErpsyncError (usage)
 */
export async function printerFor(
  command: AnyCommand,
  { output, query }: Globals,
  { stdoutIsTerminal, redact }: RedactingHost,
  loadSchemas: () => Promise<ResultSchemas>,
): Promise<Printer> {
  const name = command.path.join(' ');
  if (['ids', 'csv'].includes(output) && command.idColumn === undefined) {
    throw unusable(`-o ${output}`, `${name} is no list of things with ids`, `leave out -o ${output}`);
  }
  const queried = query === undefined ? (body: unknown) => body : await readQuery(query, redact);
  switch (output) {
    case 'json':
      return { document: (body) => jsonDocument(queried(body) ?? null), whole: jsonDocument };
    case 'yaml': {
      const { yamlDocument } = await import('../output/yaml.ts');
      const whole = (body: unknown): string => yamlDocument(body ?? null, redact);
      return { document: (body) => whole(queried(body)), whole };
    }
    case 'ndjson':
      return {
        ...(!command.tellsEvents && { lines: (items) => items.map(jsonLine).join('') }),
        document: (body) => jsonLine({ type: 'end', ...body }),
      };
    case 'ids': {
      const column = command.idColumn ?? '';
      return { lines: (items) => items.map((item) => idLine(item, column, stdoutIsTerminal)).join('') };
    }
    case 'csv': {
      const [csv, schemas] = await Promise.all([import('../output/csv.ts'), loadSchemas()]);
      const columns = schemas.itemMembers(name);
      let header = csv.csvHeader(columns);
      return {
        lines(items) {
          const text = header + csv.csvLines(items, columns, stdoutIsTerminal);
          header = '';
          return text;
        },
      };
    }
    case 'table':
      return {};
  }
}

async function readQuery(expression: string, redact: (text: string) => string): Promise<Query> {
  const query = await import('../output/query.ts');
  return query.readQuery(expression, redact);
}

/** What a command returned as text. @throws ErpsyncError see {@link Printer.document} */
export function printed({ lines, document }: Printer, body: CommandResult): string {
  const items: unknown = body['items'];
  return Array.isArray(items) && lines ? lines(items) : (document?.(body) ?? '');
}

/** Prints an error in the form that was asked for: text on stderr, or the document on stdout. */
export async function writeError(
  error: ErpsyncError,
  command: string,
  { form, noColor }: { readonly form: OutputForm; readonly noColor: boolean },
  host: RedactingHost,
): Promise<void> {
  const isDocument = ['json', 'yaml', 'ndjson'].includes(form);
  const told = errorValue(error);
  tellError(told, { command, forPeople: !isDocument, noColor }, host);
  if (!isDocument) return;
  const body = { schemaVersion: 1, command, status: 'failed', exitCode: told.exitCode, error: told };
  if (form === 'json') host.writeStdout(jsonDocument(body));
  else if (form === 'ndjson') host.writeStdout(jsonLine({ type: 'end', ...body }));
  else {
    const { yamlDocument } = await import('../output/yaml.ts');
    host.writeStdout(yamlDocument(body, host.redact));
  }
}
