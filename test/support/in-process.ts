/**
 * Runs a command line of the built program in this process, over real sockets but without a process of its own: for tables of
 * many cases that are about what is sent and told. What the process itself does (exit, signals, streams,
 * files by relative paths) is tested with `machine()`.
 */

import { realpathSync } from 'node:fs';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { inject, onTestFinished } from 'vitest';
import type { Host } from '../../src/cli/context.ts';
import type { askProgram, run } from '../../src/main.ts';
import { checkOutput } from './documents.ts';
import { type Finished, type Machine, machine, type RunOptions, temporaryDirectory } from './program.ts';
import { checkToldErrors } from './told-errors.ts';

/** The built program, as {@link machine} starts it. */
function builtProgram(): Promise<{ run: typeof run; askProgram: typeof askProgram }> {
  const main = path.resolve(realpathSync(inject('program')), '../../dist/main.js');
  return import(/* @vite-ignore */ pathToFileURL(main).href);
}

type Here = Pick<RunOptions, 'env' | 'input'> & {
  /** Stdout and stderr are a terminal of this width, and stdin too where somebody types. */
  readonly terminal?: {
    readonly columns: number;
    /** What is typed (keys as a terminal sends them) once a text is shown, in this order. */
    readonly typed?: readonly (readonly [shown: string, keys: string])[];
  };
};

/** A machine on which command lines run in this process. */
export interface MachineHere extends Pick<Machine, 'home' | 'configDirectory'> {
  run(args: readonly string[], options?: Here): Promise<Finished>;
  /** Runs it, and has what it tells on stderr seen meanwhile. */
  start(args: readonly string[], options?: Here): StartedHere;
}

/** A command line that runs in this process, told as far as it is like a process of its own. */
export interface StartedHere {
  readonly child: { readonly stderr: Readable };
  readonly finished: Promise<Finished>;
}

/**
 * The same as `machine()`, for command lines that name files by whole paths only; or the machine with this home, for
 * what comes before the process that a test is about.
 */
export function machineHere(home = temporaryDirectory()): MachineHere {
  return {
    home,
    configDirectory: path.join(home, '.config', 'erpsync'),
    run: (args, options = {}) => startIn(home, args, options).finished,
    start: (args, options = {}) => startIn(home, args, options),
  };
}

/** Until the end of the test, files are named from the home of this machine. For tests that are not concurrent. */
export function workIn({ home }: Pick<Machine, 'home'>): void {
  const before = process.cwd();
  process.chdir(home);
  onTestFinished(() => process.chdir(before));
}

/** A machine on which command lines name files from its home. For tests that are not concurrent. */
export function machineAtHome(): MachineHere {
  const user = machineHere();
  workIn(user);
  return user;
}

/** A machine whose programs have processes of their own where they are started, and run in this one else. */
export function machineOfBoth(): Omit<MachineHere, 'start'> & Pick<Machine, 'start'> {
  const { home, start } = machine();
  return { ...machineHere(home), start };
}

/** Runs a command line on a machine that is used once. */
export function runHere(args: readonly string[], options: Here = {}): Promise<Finished> {
  return startIn(temporaryDirectory(), args, options).finished;
}

function typeWhenShown(
  typed: readonly (readonly [shown: string, keys: string])[],
  screen: Readable,
  keyboard: PassThrough,
): void {
  const waiting = [...typed];
  let seen = '';
  screen.on('data', (chunk: Buffer) => {
    seen += chunk.toString();
    const [next] = waiting;
    if (next === undefined || !seen.includes(next[0])) return;
    waiting.shift();
    seen = '';
    // The question listens once it stands there.
    setImmediate(() => keyboard.write(next[1]));
  });
}

function startIn(home: string, args: readonly string[], { env = {}, input, terminal }: Here): StartedHere {
  const [stdout, stderr, keyboard] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const typed = terminal?.typed;
  if (typed) typeWhenShown(typed, stderr, keyboard);
  const never = new AbortController().signal;
  const host: Host = {
    environment: { HOME: home, ...env },
    stdin: typed ? keyboard : Readable.from(input === undefined ? [] : [Buffer.from(input)]),
    stderr,
    stdinIsTerminal: typed !== undefined,
    stdoutIsTerminal: terminal !== undefined,
    stderrIsTerminal: terminal !== undefined,
    columns: terminal?.columns,
    stderrColumns: terminal?.columns,
    uid: process.getuid?.(),
    pid: process.pid,
    platform: process.platform,
    nodeVersion: process.versions.node,
    homeDirectory: home,
    workingDirectory: home,
    clock: {
      now: Date.now,
      random: Math.random,
      // One that is ended early ends well, as in a process of its own.
      sleep: (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => undefined),
    },
    writeStdout: (written) => void stdout.write(written),
    writeStderr: (written) => void stderr.write(written),
    stdoutTaken: () => Promise.resolve(true),
    interruption: () => never,
    stopped: never,
    onSignal: () => () => undefined,
    startProgram: () => Promise.reject(new Error('no program is started in this process')),
    askProgram: async (question) => await (await builtProgram()).askProgram(question),
    keychainProgram: () => [],
  };
  const finish = async (): Promise<Finished> => {
    const told = Promise.all([text(stdout), text(stderr)]);
    const exitCode = await (await builtProgram()).run(args, host);
    stdout.end();
    stderr.end();
    const [shown, errors] = await told;
    checkOutput(args, shown);
    const finished = { exitCode, signal: undefined, stdout: shown, stderr: errors };
    checkToldErrors(finished);
    return finished;
  };
  return { child: { stderr }, finished: finish() };
}
