/** The shape of every command's result. Loaded only to print schemas, and for the header of CSV. */
import { resultStatuses } from '../../cli/result-schemas.ts';
import { always, integer, record, type Schema, type Shape, text, words } from '../../output/shape.ts';
import { connectionResults } from './connections.ts';
import { connectorResults } from './connectors.ts';
import { linkResults } from './links.ts';
import { loginResults } from './logins.ts';
import { otherResults } from './others.ts';
import { profileResults } from './profiles.ts';
import { runEvents, runResults } from './runs.ts';
import { errorShape } from './shared-shapes.ts';
import { taskResults, watchEvents } from './tasks.ts';

const results: Readonly<Record<string, Shape>> = {
  ...runResults,
  ...profileResults,
  ...loginResults,
  ...connectionResults,
  ...connectorResults,
  ...linkResults,
  ...taskResults,
  ...otherResults,
};

/** What is told before the document, a line each, of commands that tell how far they are. */
const events: Readonly<Record<string, Shape>> = {
  'force-resync': runEvents,
  resume: runEvents,
  'tasks watch': watchEvents,
};

/** What a command prints when it did nothing of what it was asked. Of a command line that names none, it is empty. */
const failure = record({
  schemaVersion: always(1),
  command: text,
  status: always('failed'),
  exitCode: integer,
  error: errorShape,
});

/** What each document has. */
const head = (command: string): Schema =>
  record({ schemaVersion: always(1), command: always(command) }).schema;

/**
 * The JSON Schema (draft 2020-12) of the document that `-o json` prints, by the words of the command; undefined for
 * an unknown one.
 */
export function documentSchema(command: string): Schema | undefined {
  const result = resultSchema(command);
  if (result === undefined) return undefined;
  const { $defs, ...schema } = result;
  const event = Object.hasOwn(events, command) ? events[command] : undefined;
  const forms = Array.isArray(schema['anyOf']) ? (schema['anyOf'] as readonly Schema[]) : [schema];
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `erpsync ${command} -o json`,
    // The sandbox is not asked for a document: it prints a line of its own.
    anyOf:
      command === 'sandbox'
        ? forms
        : [...forms.map((form) => headed(form, command)), { $ref: '#/$defs/failure' }],
    $defs: {
      ...($defs as Schema | undefined),
      failure: failure.schema,
      ...(event && { event: { ...event.schema, description: 'a line of -o ndjson before the last one' } }),
    },
  };
}

/** The words of every command that has a schema. */
export function describedCommands(): readonly string[] {
  return Object.keys(results);
}

/** The members of a list's items, in the order in which they are shown; none for what is no list. */
export function itemMembers(command: string): readonly string[] {
  const { items } = resultSchema(command)?.properties?.['items'] ?? {};
  return Object.keys((items as Schema | undefined)?.properties ?? {});
}

function resultSchema(command: string): Schema | undefined {
  return Object.hasOwn(results, command) ? results[command]?.schema : undefined;
}

function headed(form: Schema, command: string): Schema {
  const { properties, required } = head(command);
  const named = (form['required'] as readonly string[]) ?? [];
  const own = form.properties ?? {};
  const getsStatus = 'exitCode' in own && !('status' in own);
  return {
    ...form,
    properties: { ...properties, ...(getsStatus && { status: words(...resultStatuses).schema }), ...own },
    required: [
      ...(required as readonly string[]),
      ...(getsStatus && named.includes('exitCode') ? ['status'] : []),
      ...named,
    ],
  };
}
