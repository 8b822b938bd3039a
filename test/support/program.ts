/**
 * Runs the built program as a user does: as a process of its own, with directories of its own. Whatever it prints as
 * JSON or YAML is checked against its schema.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { inject } from 'vitest';
import { checkOutput } from './documents.ts';
import { checkToldErrors } from './told-errors.ts';

const directories: string[] = [];

/** Removes the directories of the tests so far; asked for after each file of tests. */
export function removeTemporaryDirectories(): void {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
}

/** An empty directory (0700) that is removed after the tests of the file. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'erpsync-test-'));
  directories.push(directory);
  return directory;
}

/** What a finished program left. */
export interface Finished {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Environment besides PATH; nothing else of this process's environment is passed on. */
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input; without it there is none. */
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
  /** A pipe to write to while it runs, instead of `input`. */
  readonly openStdin?: boolean;
  /** Where the shell sends an output: `>/dev/full`. */
  readonly redirect?: string;
  /** No file can be written beyond so many kilobytes. */
  readonly largestFile?: number;
}

/** A user's machine: a home directory in which the program may be run again and again. */
export interface Machine {
  readonly home: string;
  /** `~/.config/erpsync` there. */
  readonly configDirectory: string;
  run(args: readonly string[], options?: RunOptions): Promise<Finished>;
  start(args: readonly string[], options?: RunOptions): Started;
}

/** A program that is still running. */
export interface Started {
  readonly child: ReturnType<typeof launch>;
  readonly finished: Promise<Finished>;
}

function launch(
  home: string,
  args: readonly string[],
  { env = {}, input, cwd = home, openStdin, redirect = '', largestFile }: RunOptions,
) {
  const line = [process.execPath, inject('program'), ...args];
  const limit = largestFile === undefined ? '' : `ulimit -f ${largestFile}; `;
  const shell = ['bash', '-c', `${limit}exec "$@" ${redirect}`, 'bash'];
  const [command = '', ...words] = limit === '' && redirect === '' ? line : [...shell, ...line];
  return execa(command, words, {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: home, ...env },
    extendEnv: false,
    reject: false,
    stripFinalNewline: false,
    ...(input === undefined ? { stdin: openStdin ? ('pipe' as const) : ('ignore' as const) } : { input }),
  });
}

/** A new user's machine. */
export function machine(): Machine {
  const home = temporaryDirectory();
  function start(args: readonly string[], options: RunOptions = {}): Started {
    const child = launch(home, args, options);
    const finished = child.then(({ exitCode, signal, ...outputs }) => {
      const [stdout, stderr] = [String(outputs.stdout), String(outputs.stderr)];
      // One that was killed may have been so within a document.
      if (exitCode !== undefined && options.redirect === undefined) checkOutput(args, stdout);
      const told = { exitCode, signal, stdout, stderr };
      checkToldErrors(told);
      return told;
    });
    return { child, finished };
  }
  return {
    home,
    configDirectory: path.join(home, '.config', 'erpsync'),
    start,
    run: (args, options) => start(args, options).finished,
  };
}

/** The first line that a running program writes to stdout. */
export function firstLine({ child, finished }: Started): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const end = text.indexOf('\n');
      if (end !== -1) resolve(text.slice(0, end));
    });
    finished.then(
      (result) => reject(new Error(`the program ended first: ${JSON.stringify(result)}`)),
      reject,
    );
  });
}
