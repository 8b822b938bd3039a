/** `erpsync help output`: the forms of output in words, and the schema of what a command prints. */
import { usageError } from '../errors.ts';
import { jsonDocument } from '../output/json.ts';
import type { Schema } from '../output/shape.ts';
import type { Context } from './context.ts';

const page = `\
Output. The result goes to standard output and nothing else does; everything else goes to standard error.

Forms (-o):
  table   for people, and the default: lists as columns, the widest shortened where a terminal is narrow, never
          elsewhere; scripts should not read it
  json    one document, in success, failure and timeout alike. Each has schemaVersion and command; a list has
          items; a failure has status "failed", exitCode and error
  ndjson  a list as one JSON object a line, as they come; a run as its events: {"type":"start"}, {"type":"request"}
          for each outcome as it happens, and {"type":"end"} with the document
  csv     a list by RFC 4180: a header, lines that end with CR LF, every member a column, lists and objects as JSON
          in their cell. Cells hold what the data is: have a spreadsheet read them as text, or it may take one that
          begins with = + - or @ for a formula
  yaml    the document of json as YAML; texts that look like something else are quoted
  ids     a list as the ids of its items, one a line: input for other commands
Lists have all of them, other commands have table, json, ndjson and yaml. Long lists (keys, the sync log, the keys of
a run) are printed page by page as ndjson, csv and ids.

A part of it (--query):
  A JMESPath expression, applied to the document: --query 'items[?active].id'. It prints JSON, or YAML with -o yaml.
  Numbers stand in backticks: 'items[?id == \`124\`].name'. One that cannot be read is an error before anything is
  sent. Failures are printed whole; a result that does not fit the expression is printed whole too, and the exit code
  is 2 then.

Quiet (-q): errors and the data that was asked for, nothing else.

Times: people see local time with its zone (TZ), machines ISO 8601 in UTC. Most servers tell times without a zone:
they are shown as they are, and none is made up.

Characters that steer a terminal are written as \\u escapes. Colour only where the output is a terminal; NO_COLOR,
FORCE_COLOR, TERM=dumb and CI are obeyed.

Schemas (JSON Schema, draft 2020-12) of what -o json prints. Members may be added, none goes away:
  erpsync help output connections list    of one command
  erpsync help output -o json             of all of them
`;

/** What it answers with: the text, and for machines the schemas themselves. */
export type OutputTopic = {
  readonly text: string;
  readonly schema?: Schema;
  readonly schemas?: Readonly<Record<string, Schema>>;
};

/**
 * The topic, or with the words of a command the schema of its document.
 *
 * @throws ErpsyncError (usage) for words that name no command
 */
export async function outputTopic(
  words: readonly string[],
  { globals, helpPage, loadSchemas }: Pick<Context, 'globals' | 'helpPage' | 'loadSchemas'>,
): Promise<OutputTopic> {
  if (words.length === 0 && globals.output === 'table') return { text: page };
  const { documentSchema, describedCommands } = await loadSchemas();
  if (words.length === 0) {
    const all = describedCommands().map((command) => [command, documentSchema(command) ?? {}]);
    return { text: page, schemas: Object.fromEntries(all) };
  }
  const command = words.join(' ');
  const schema = documentSchema(command);
  if (schema !== undefined) return { text: jsonDocument(schema), schema };
  // It knows the nearest name of one that is mistyped.
  await helpPage(words);
  throw usageError(`"${command}" is a group of commands`, `name one of them; see: erpsync ${command} --help`);
}
