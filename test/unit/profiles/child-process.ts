import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ExecaMethod, execa } from 'execa';
import { build } from 'rolldown';
import { afterAll, beforeAll } from 'vitest';

/**
 * Bundles a program for the tests of a file, and removes the bundle after them.
 *
 * @param source its path; by default child.ts
 */
export function useChildBundle(source = join(import.meta.dirname, 'child.ts')): { readonly file: string } {
  let directory = '';
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'erpsync-child-'));
    chmodSync(directory, 0o755);
    await build({
      input: source,
      platform: 'node',
      output: { file: join(directory, 'child.cjs'), format: 'cjs', codeSplitting: false },
    });
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return {
    get file() {
      return join(directory, 'child.cjs');
    },
  };
}

/** Starts child.ts; its end is a value, also when it fails or is killed. */
export const startChild: ExecaMethod<{ reject: false }> = execa({ reject: false });

/**
 * What lets a child run as a user whom permissions bind: root is bound by none. The paths are given
 * to that user.
 */
export function unprivileged(...paths: string[]): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = 12_345;
  for (const path of paths) chownSync(path, id, id);
  return { uid: id, gid: id };
}
