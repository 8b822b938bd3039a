/** The log of the sandbox: one line of JSON per request. */
import { closeSync, fchmodSync, fstatSync, openSync, writeSync } from 'node:fs';
import { ErpsyncError, systemReason } from '../errors.ts';

/** What became of a request. */
export type Outcome =
  /** The operation was answered whole; a PluginResponse may still say no. */
  | 'done'
  /** The sandbox itself refused it: see the status. */
  | 'refused'
  /** A fault acted in place of the work. */
  | 'not-done'
  /** The work was done, and a fault cut or lost the answer. */
  | 'answer-lost'
  /** The client went away before its body was complete. */
  | 'client-gone';

/** One request. There is no place for headers, queries, bodies or credentials. */
export interface LogEntry {
  /** ISO 8601 UTC. */
  readonly time: string;
  readonly method: string;
  /** Without query. */
  readonly path: string;
  /** Contract name, or null where the path leads to no operation. */
  readonly operation: string | null;
  /** The key list of a resync that was understood (empty = every record), else null. */
  readonly keys: readonly (number | string)[] | null;
  /** The HTTP status that was sent, or null when none was. */
  readonly status: number | null;
  readonly outcome: Outcome;
  /** The specification of the fault that acted. */
  readonly fault?: string;
}

/** An open log. */
export interface RequestLog {
  /**
   * Appends a line; it is in the file when this returns.
   *
   * @throws ErpsyncError (storage) when it cannot be written.
   */
  write(entry: LogEntry): void;
  close(): void;
}

/**
 * Opens a log file for appending, readable and writable by its owner only.
 *
 * @param secrets Texts that are blanked out wherever a path contains them, also percent-encoded.
 * @throws ErpsyncError (storage) when it cannot be opened or made private.
 */
export function openRequestLog(file: string | undefined, secrets: readonly string[]): RequestLog {
  if (file === undefined) return { write: () => undefined, close: () => undefined };
  const descriptor = storage(`--log ${file} cannot be opened`, () => openSync(file, 'a', 0o600));
  try {
    // A device such as /dev/null keeps its mode: it belongs to everyone.
    storage(`--log ${file} cannot be made private`, () => {
      if (fstatSync(descriptor).isFile()) fchmodSync(descriptor, 0o600);
    });
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  let open = true;
  return {
    write(entry) {
      const line = Buffer.from(
        `${JSON.stringify({ ...entry, path: withoutSecrets(entry.path, secrets) })}\n`,
      );
      storage(`--log ${file} cannot be written`, () => {
        for (let done = 0; done < line.length; ) done += writeSync(descriptor, line, done);
      });
    },
    close() {
      if (open) closeSync(descriptor);
      open = false;
    },
  };
}

/** Tickets and access tokens that logins have issued are known by their form. */
const issued = /(?:7T|8A)(?::|%3A)[\w.+=%-]*/gi;

function withoutSecrets(path: string, secrets: readonly string[]): string {
  return secrets
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
    .reduce((text, secret) => text.replaceAll(secret, '***'), path)
    .replace(issued, '***');
}

function storage<T>(what: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    const next = 'give --log a file of your own that can be written';
    throw new ErpsyncError('storage', { what, why: systemReason(cause), next, cause });
  }
}
