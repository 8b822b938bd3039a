/** The parameters of an operation from a command line: `--data` and `-F Name=value`. */
import { parameterOf, readScalarText } from '../agent/arguments.ts';
import type { OperationName } from '../agent/contract.ts';
import { givenTwice, missing, unusable } from '../error-words.ts';
import type { Context } from './context.ts';
import { parseGivenJson, readGivenText } from './given-text.ts';
import type { Assignment } from './values.ts';

/** What the options say. */
export interface GivenFields {
  /** JSON, `@file`, or `-` for standard input. */
  readonly data: string | undefined;
  readonly fields: readonly Assignment[];
}

/**
 * Reads both into one object by parameter name. What they hold is not checked against the contract yet,
 * except for what a field's text needs to be read at all.
 *
 * @throws ErpsyncError (usage) for text that cannot be read, and for a parameter that is given twice
 */
export async function readOperationFields(
  name: OperationName,
  { data, fields }: GivenFields,
  { host }: Pick<Context, 'host'>,
): Promise<Record<string, unknown>> {
  const result: Record<string, unknown> = {};
  const set = (typed: string, value: unknown): void => {
    const [parameter] = parameterOf(name, typed);
    if (Object.hasOwn(result, parameter)) throw givenTwice(`${name}.${parameter}`);
    result[parameter] = value;
  };
  if (data !== undefined) {
    for (const [typed, value] of Object.entries(await readData(data, host))) set(typed, value);
  }
  for (const { name: typed, value } of fields) set(typed, await readField(name, typed, value, host));
  return result;
}

/**
 * The object that `--data` gives.
 *
 * @param data JSON, `@file`, or `-` for standard input
 * @throws ErpsyncError (usage) for text that cannot be read and for JSON that is no object
 */
export async function readData(data: string, host: Context['host']): Promise<object> {
  const file = data === '-' ? '-' : data.startsWith('@') ? data.slice(1) : undefined;
  const text =
    file === undefined ? data : await readGivenText(file === '-' ? '-' : filePath(file), () => host.stdin);
  const where = file === undefined ? '--data' : `--data ${data}`;
  const value = parseGivenJson(text, where);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw unusable(where, 'it is no object', 'write it as {"Name": value}');
}

async function readField(
  operation: OperationName,
  typed: string,
  text: string,
  host: Context['host'],
): Promise<unknown> {
  const [parameter, type] = parameterOf(operation, typed);
  const path = `${operation}.${parameter}`;
  const isList = type.kind === 'list';
  if (!isList && type.kind !== 'stringMap' && type.kind !== 'carrier')
    return readScalarText(type, text, path);
  if (text.startsWith('@')) {
    return parseGivenJson(
      await readGivenText(filePath(text.slice(1)), () => host.stdin),
      `${path} (${text})`,
    );
  }
  const ofNumbers = isList && (type.element as { kind: string }).kind === 'integer';
  if (ofNumbers && /^\s*-?\d+\s*(,\s*-?\d+\s*)*$/.test(text)) return text.split(',').map(Number);
  if (text.trim() === '') {
    const next = isList ? 'write an empty list as []' : 'write an object without members as {}';
    throw missing(`the value of ${path}`, 'nothing stands behind the equals sign', next);
  }
  return parseGivenJson(text, path);
}

/** Standard input has one place only, so that it is not read twice. */
function filePath(path: string): string {
  if (path !== '-' && path !== '') return path;
  throw unusable(`@${path}`, 'it names no file', 'read standard input with --data -');
}
