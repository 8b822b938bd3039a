/** Checks what the program printed against its schemas, strictly: a member that no schema names is an error. */
import { Ajv2020, type SchemaObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { commands } from '../../src/commands/index.ts';
import { documentSchema } from '../../src/commands/results/index.ts';

const ajv = new Ajv2020({
  allowUnionTypes: true,
  formats: { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/ },
});
const known = new Map<string, ValidateFunction>();

/** The schema with every object closed to members that it does not name. */
export function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([name, part]) => [name, closed(part)]));
  const isOpen =
    'properties' in schema && schema.properties !== undefined && !('additionalProperties' in schema);
  return isOpen && Reflect.get(schema, 'type') === 'object'
    ? { ...inner, additionalProperties: false }
    : inner;
}

interface ClosedSchema extends SchemaObject {
  readonly anyOf: readonly { readonly properties?: Record<string, { readonly items?: object }> }[];
}

function validatorFor(command: string, part: 'document' | 'item'): ValidateFunction {
  const name = `${command} ${part}`;
  let found = known.get(name);
  if (found === undefined) {
    const document = closed(documentSchema(command)) as ClosedSchema;
    const item = document.anyOf[0]?.properties?.['items']?.items;
    found = ajv.compile(part === 'document' ? document : { ...item, $defs: document['$defs'] });
    known.set(name, found);
  }
  return found;
}

function check(value: unknown, command: string, part: 'document' | 'item'): void {
  const validate = validatorFor(command, part);
  if (validate(value)) return;
  const why = (validate.errors ?? []).map(({ instancePath, message, params }) =>
    [instancePath, message, JSON.stringify(params)].join(' '),
  );
  throw new Error(
    `${part} of ${command} is not as its schema says:\n${why.join('\n')}\n${JSON.stringify(value)}`,
  );
}

/** A document; the one of a command line that names no command can only be a failure. */
export function checkDocument(value: unknown): void {
  const command: unknown = Reflect.get(Object(value), 'command');
  const isKnown = typeof command === 'string' && documentSchema(command) !== undefined;
  check(value, isKnown ? command : 'help', 'document');
}

/** What a command line printed, if it asked for a form that has a schema. */
export function checkOutput(args: readonly string[], stdout: string): void {
  const own = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  const form = own.flatMap((arg, at) => {
    if (arg === '-o' || arg === '--output') return own[at + 1] ?? [];
    return /^(?:-o=?|--output=)(.+)$/.exec(arg)?.[1] ?? [];
  })[0];
  const asks = own.some((arg) => arg === '--query' || arg.startsWith('--query='));
  const isHelp = own.includes('--help') || own.includes('-h') || own.includes('--version');
  if (form === undefined || asks || isHelp || stdout === '' || own.includes('sandbox')) return;
  if (form === 'json') checkDocument(JSON.parse(stdout));
  if (form === 'yaml') checkDocument(parse(stdout));
  if (form === 'ndjson') {
    for (const line of stdout.trimEnd().split('\n')) checkLine(JSON.parse(line), own);
  }
}

/** Events have their document in the last one; other lines are items of a list. */
function checkLine(value: { readonly type?: unknown }, args: readonly string[]): void {
  const { type, ...document } = value;
  if (type === 'end') checkDocument(document);
  if (['start', 'request', 'task', 'end'].includes(String(type))) return;
  const words = args.filter((arg) => !arg.startsWith('-'));
  const command = commands.find(({ path }) => path.every((word, at) => words[at] === word));
  check(value, command?.path.join(' ') ?? '', 'item');
}
