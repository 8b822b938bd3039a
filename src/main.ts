/** The one file that touches the process: arguments, environment, streams and signals in, an exit code out. */
import { realpathSync } from 'node:fs';
import { constants, homedir } from 'node:os';
import path from 'node:path';
import { isatty } from 'node:tty';
import v8 from 'node:v8';
import type { Host, ProgramEnd, ProgramToRun, RunningProgram } from './cli/context.ts';
import { commands } from './commands/index.ts';
import {
  type EndingSignal,
  ErpsyncError,
  errorValue,
  exitCodes,
  internalError,
  signalExitCodes,
  systemReason,
} from './errors.ts';

/** Ends a sleep early when the signal aborts. */
function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (signal?.aborted) done();
    else signal?.addEventListener('abort', done, { once: true });
  });
}

/** What the signals of this process have asked for so far. */
const requested = new AbortController();
const stopped = new AbortController();
/** Whether the command finishes what is under way before it ends. */
let graceful = false;
let stdinOpened = false;
/** Takes the signals instead, while a command wants them for itself. */
let takesSignals: ((signal: EndingSignal) => void) | undefined;

/**
 * The first signal asks a command that can to finish what is under way, and stops any other; the second
 * stops that one, too; a third ends the process as signals do.
 */
function handleSignal(signal: EndingSignal): void {
  if (takesSignals) {
    takesSignals(signal);
  } else if (graceful && !requested.signal.aborted) {
    requested.abort(signal);
  } else if (!stopped.signal.aborted) {
    requested.abort(signal);
    stopped.abort(signal);
    // Whoever reads standard input has to hear that it is not whole.
    if (stdinOpened) process.stdin.destroy(unreadInput(signal));
  } else {
    for (const name of Object.keys(signalExitCodes)) process.removeListener(name, handleSignal);
    process.kill(process.pid, signal);
  }
}

function unreadInput(signal: EndingSignal): ErpsyncError {
  return new ErpsyncError('interrupted', {
    what: `ended by ${signal}`,
    why: 'standard input was not read to its end',
    next: 'run the same command again',
  });
}

function interruption(): AbortSignal {
  graceful = true;
  return requested.signal;
}

function onSignal(listener: (signal: EndingSignal) => void): () => void {
  takesSignals = listener;
  return () => {
    takesSignals = undefined;
  };
}

async function startProgram({ words, environment, output }: ProgramToRun): Promise<RunningProgram> {
  // Asked for by this way, since the bundle keeps the module from libraries that load it for nothing.
  const { spawn } = process.getBuiltinModule('node:child_process');
  const [command = '', ...args] = words;
  const apart = output === 'none';
  const child = spawn(command, args, {
    stdio: apart ? 'ignore' : ['inherit', output === 'stdout' ? 'inherit' : 2, 'inherit'],
    env: { ...environment },
    shell: false,
    detached: apart,
  });
  if (apart) child.unref();
  const ended = new Promise<ProgramEnd>((resolve) => {
    child.on('error', (error) => resolve({ kind: 'not-started', problem: systemReason(error) }));
    child.on('exit', (code, signal) => {
      if (signal === null) resolve({ kind: 'exited', code: code ?? 1 });
      else resolve({ kind: 'signalled', signal, number: constants.signals[signal] });
    });
  });
  return { ended, signal: (signal) => void child.kill(signal) };
}

/** What a killed program leaves running holds neither this process nor its outputs, of which it has none. */
export const askProgram: Host['askProgram'] = (question) => {
  const { spawn } = process.getBuiltinModule('node:child_process');
  const [command = '', ...args] = question.words;
  return new Promise((resolve) => {
    if (stopped.signal.aborted) return resolve({ kind: 'stopped' });
    const child = spawn(command, args, {
      stdio: [question.input === '' ? 'ignore' : 'pipe', 'pipe', question.onErrors ? 'pipe' : 'ignore'],
      env: { ...question.environment },
      shell: false,
      windowsHide: true,
    });
    const chunks: Buffer[] = [];
    let size = 0;
    const end = (answer: Awaited<ReturnType<Host['askProgram']>>): void => {
      clearTimeout(timer);
      stopped.signal.removeEventListener('abort', onStop);
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
      resolve(answer);
    };
    const giveUp = (kind: 'too-late' | 'too-long' | 'stopped'): void => {
      child.kill('SIGKILL');
      child.unref();
      end({ kind });
    };
    const onStop = (): void => giveUp('stopped');
    const timer = setTimeout(() => giveUp('too-late'), question.timeoutMs);
    stopped.signal.addEventListener('abort', onStop, { once: true });
    child.on('error', ({ code, message }: NodeJS.ErrnoException) =>
      end({ kind: 'not-started', missing: code === 'ENOENT', problem: message }),
    );
    child.stderr?.setEncoding('utf8').on('data', (text: string) => question.onErrors?.(text));
    child.stdout?.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > question.longestAnswer) giveUp('too-long');
    });
    child.on('close', (code, signal) => {
      const output = Buffer.concat(chunks).toString('utf8');
      if (signal === null) end({ kind: 'exited', code: code ?? 1, output });
      else end({ kind: 'signalled', signal });
    });
    // One that does not read what it is asked tells by its end.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(question.input);
  });
};

/** Beside this program: bin and dist are one folder's. */
function keychainProgram(): readonly string[] {
  const folder = path.dirname(realpathSync(process.argv[1] ?? ''));
  return [process.execPath, path.join(folder, '..', 'dist', 'keychain.js')];
}

function processHost(): Host {
  const { stdout, stderr } = process;
  return {
    environment: process.env,
    // Opened when it is read: an open standard input is work at start-up and could hold the process.
    get stdin() {
      if (stopped.signal.aborted) throw unreadInput(stopped.signal.reason);
      // Who reads it hears of its errors; at a question nobody reads, and an error that nobody hears ends the process.
      if (!stdinOpened) process.stdin.on('error', () => undefined);
      stdinOpened = true;
      return process.stdin;
    },
    stderr,
    stdinIsTerminal: isatty(0),
    stdoutIsTerminal: isatty(1),
    stderrIsTerminal: isatty(2),
    columns: stdout.isTTY ? stdout.columns : undefined,
    // Asked anew each time: a window can be resized.
    get stderrColumns() {
      return stderr.isTTY ? stderr.columns : undefined;
    },
    uid: process.getuid?.(),
    pid: process.pid,
    platform: process.platform,
    nodeVersion: process.versions.node,
    homeDirectory: homedir(),
    get workingDirectory() {
      return process.cwd();
    },
    clock: { now: Date.now, random: Math.random, sleep },
    writeStdout: (text) => void stdout.write(text),
    writeStderr: (text) => void stderr.write(text),
    stdoutTaken,
    interruption,
    stopped: stopped.signal,
    onSignal,
    startProgram,
    askProgram,
    keychainProgram,
  };
}

/**
 * A reader that went away (`| head`) or a full disk behind an output does not stop the work: what it did is
 * told by the exit code, and that its result could not be written by the code of storage.
 */
let unwritten: Error | undefined;
function noteUnwritten(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') unwritten ??= error;
}

function stdoutTaken(): Promise<boolean> {
  const { stdout } = process;
  return new Promise((resolve) => {
    if (stdout.destroyed) resolve(false);
    else stdout.write('', (error) => resolve(error == null));
  });
}

/** Waits until stdout is written, and turns a success whose result is lost into an error of storage. */
async function afterOutput(code: number, host: Host): Promise<number> {
  if (!process.stdout.destroyed) await new Promise((resolve) => process.stdout.write('', resolve));
  if (unwritten === undefined) return code;
  const [{ tellError }, { unwritable }] = await Promise.all([
    import('./cli/error-text.ts'),
    import('./error-words.ts'),
  ]);
  const next = 'make room there; run the same command again where it only reads';
  const error = errorValue(unwritable('storage', 'standard output', unwritten, next));
  tellError(error, { command: '', forPeople: true, noColor: false }, host);
  return code === exitCodes.ok ? exitCodes.storage : code;
}

/** What the scripts for shells ask with: no command for people, and answered without what commands need. */
const completionWord = '__complete';

/** Runs one command line on a machine, and returns its exit code. */
export async function run(args: readonly string[], host: Host): Promise<number> {
  if (args[0] === completionWord) {
    const { answerCompletion } = await import('./commands/completion-answer.ts');
    return await answerCompletion(args.slice(1), commands, host);
  }
  const { runProgram } = await import('./cli/program.ts');
  const loadSchemas = () => import('./commands/results/index.ts');
  return await runProgram(args, { commands, loadSchemas }, host);
}

/** Runs the command line of this process. The exit code is 1 until something better is known. */
export async function main(): Promise<void> {
  process.exitCode = 1;
  const args = process.argv.slice(2);
  process.stdout.on('error', noteUnwritten);
  process.stderr.on('error', () => undefined);
  for (const name of Object.keys(signalExitCodes)) process.on(name, handleSignal);
  // On Node 20 the optimising compiler's work on undici's WebAssembly parser holds a finished process
  // for some 200 ms; the base compiler alone is fast enough for one header parser.
  if (Number.parseInt(process.versions.node, 10) < 22) v8.setFlagsFromString('--liftoff-only');
  try {
    const host = processHost();
    const code = await run(args, host);
    process.exitCode = await afterOutput(code, host);
  } catch (error) {
    // What tells errors may be what is broken.
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const { what, next } = internalError(words, error);
    process.stderr.write(`erpsync: ${what}; ${next}\n${words}\n`);
  }
}
