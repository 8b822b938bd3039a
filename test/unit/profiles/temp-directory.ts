import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A new directory that is removed when the test has finished. */
export function tempDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'erpsync-profiles-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** The permission bits of a path, in octal. */
export function modeOf(path: string): string {
  return (statSync(path).mode & 0o7777).toString(8);
}
