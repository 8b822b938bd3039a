/** The text of an export of profiles: JSON, or YAML as `-o yaml` writes it. What is wrong with it is told without any of it. */
import { configError, type ErpsyncError } from '../errors.ts';
import { jsonErrorPosition } from './json-error.ts';
import { isMembers, type Members } from './profile.ts';

/** Where a text stops being what it should be; both from 1. */
interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * The object that a text holds.
 *
 * @param from what errors name
 * @throws ErpsyncError (config) for a text that holds none
 */
export async function readMembers(text: string, from: string): Promise<Members> {
  const content = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (content.trim() === '') throw noExport(from, 'it is empty');
  const value = /^\s*[{[]/.test(content) ? jsonIn(content, from) : await yamlIn(content, from);
  if (isMembers(value)) return value;
  throw noExport(from, 'it holds no object');
}

/** What an import cannot be read from. */
export function noExport(where: string, why: string): ErpsyncError {
  return configError({ what: `${where} cannot be used`, why, next: 'make one: erpsync profile export' });
}

function jsonIn(text: string, from: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('JSON', from, jsonErrorPosition(text));
  }
}

async function yamlIn(text: string, from: string): Promise<unknown> {
  const { parseDocument } = await import('yaml');
  let position: Position | undefined;
  try {
    const document = parseDocument(text, { logLevel: 'error' });
    const [error] = document.errors;
    if (error === undefined) return document.toJS();
    const [start] = error.linePos ?? [];
    position = start && { line: start.line, column: start.col };
  } catch {
    // It nests too deep, or its aliases grow without end.
  }
  throw invalid('YAML', from, position);
}

/** Neither text nor cause go along: what was meant to be a document may be a secret. */
function invalid(form: 'JSON' | 'YAML', from: string, position: Position | undefined): ErpsyncError {
  const where = position === undefined ? '' : `, line ${position.line}, column ${position.column}`;
  return noExport(from + where, `it is not valid ${form}`);
}
