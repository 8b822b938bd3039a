/** The file in which a sandbox keeps its tenant from one start to the next. */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { WireValueError } from '../agent/wire-json.ts';
import { unreadable, unwritable } from '../error-words.ts';
import { configError, systemErrorCode } from '../errors.ts';
import { readTenant, type Tenant } from './state.ts';

/** Where the state is, and how to say where it is broken. */
export interface StateOptions {
  readonly file: string;
  /** Line and column (from 1) at which a text stops being JSON. */
  readonly errorPosition: (text: string) => { readonly line: number; readonly column: number } | undefined;
}

/** A tenant and how to keep it. */
interface KeptTenant {
  readonly tenant: Tenant;
  /**
   * Writes the tenant if it has changed; it is in the file, and nobody else can read it, when this returns.
   *
   * @throws ErpsyncError (storage); the old content is then still there.
   */
  keep(): void;
}

/**
 * Takes the tenant from the file, or begins one and writes it. Only one sandbox at a time may use a file.
 *
 * @throws ErpsyncError (config) that names the place, when the file cannot be read as a tenant; (storage)
 * when there is none and none can be written.
 */
export function openStateFile(options: StateOptions, begin: () => Tenant): KeptTenant {
  const { file } = options;
  const found = readText(file);
  const tenant = found === undefined ? begin() : parseTenant(found, options);
  let written = found === undefined ? undefined : textOf(tenant);
  const keep = () => {
    const text = textOf(tenant);
    if (text === written) return;
    replaceFile(file, text);
    written = text;
  };
  keep();
  return { tenant, keep };
}

function textOf(tenant: Tenant): string {
  return `${JSON.stringify(tenant, undefined, 2)}\n`;
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (systemErrorCode(cause) === 'ENOENT') return undefined;
    throw unreadable('config', `--state ${file}`, cause, 'give --state a file that can be read');
  }
}

function parseTenant(text: string, { file, errorPosition }: StateOptions): Tenant {
  const unfit = (where: string, why: string) => {
    const next = 'correct it, or begin anew with another file: --state <file>';
    return configError({ what: `--state ${file}${where} cannot be used`, why, next });
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const position = errorPosition(text);
    const where = position === undefined ? '' : `, line ${position.line}, column ${position.column}`;
    throw unfit(where, 'it is not valid JSON');
  }
  try {
    return readTenant(value, 'state');
  } catch (error) {
    if (error instanceof WireValueError) throw unfit('', error.message);
    throw error;
  }
}

/** Writes beside the file and renames, so that a reader sees the old or the new content; a link stays a link. */
function replaceFile(file: string, text: string): void {
  const target = targetOf(file);
  const staged = `${target}.${randomBytes(6).toString('hex')}.new`;
  try {
    const descriptor = openSync(staged, 'wx', 0o600);
    try {
      writeFileSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(staged, target);
  } catch (cause) {
    rmSync(staged, { force: true });
    throw unwritable('storage', `--state ${file}`, cause, 'give --state a file that can be written');
  }
}

function targetOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
