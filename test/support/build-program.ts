/**
 * Builds the program once for a test run, into a directory of its own: a run never tests a stale build,
 * and two runs at once in one checkout do not disturb each other. ERPSYNC_BIN names another program to
 * test instead, such as an installed one.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execaSync } from 'execa';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the program under test. */
    program: string;
  }
}

export default function setup(project: TestProject): (() => void) | undefined {
  const given = process.env['ERPSYNC_BIN'];
  if (given) {
    project.provide('program', path.resolve(given));
    return undefined;
  }
  const directory = mkdtempSync(path.join(tmpdir(), 'erpsync-build-'));
  execaSync('npm', ['run', '--silent', 'build', path.join(directory, 'dist')]);
  cpSync('bin', path.join(directory, 'bin'), { recursive: true });
  cpSync('package.json', path.join(directory, 'package.json'));
  // What is not bundled, as an installation has it.
  mkdirSync(path.join(directory, 'node_modules'));
  symlinkSync(path.resolve('node_modules/@napi-rs'), path.join(directory, 'node_modules/@napi-rs'));
  project.provide('program', path.join(directory, 'bin', 'erpsync.js'));
  return () => rmSync(directory, { recursive: true, force: true });
}
