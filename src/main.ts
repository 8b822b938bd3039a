/** The one file that touches the process: arguments, environment, streams and signals in, an exit code out. */
import { homedir } from 'node:os';
import { isatty } from 'node:tty';
import v8 from 'node:v8';
import type { Host } from './cli/context.ts';
import { commands } from './commands/index.ts';
import { type EndingSignal, exitCodes, signalExitCodes } from './errors.ts';
import { version } from './version.ts';

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

/** The first signal aborts with its name; a second one ends the process the way it does by default. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  const onSignal = (signal: EndingSignal): void => {
    for (const name of Object.keys(signalExitCodes)) process.removeListener(name, onSignal);
    controller.abort(signal);
  };
  for (const name of Object.keys(signalExitCodes)) process.on(name, onSignal);
  return controller.signal;
}

function processHost(): Host {
  const { stdout, stderr } = process;
  return {
    environment: process.env,
    // Opened when it is read: an open standard input is work at start-up and could hold the process.
    get stdin() {
      return process.stdin;
    },
    stderr,
    stdinIsTerminal: isatty(0),
    stdoutIsTerminal: isatty(1),
    stderrIsTerminal: isatty(2),
    columns: stdout.isTTY ? stdout.columns : undefined,
    uid: process.getuid?.(),
    pid: process.pid,
    platform: process.platform,
    nodeVersion: process.versions.node,
    homeDirectory: homedir(),
    clock: { now: Date.now, random: Math.random, sleep },
    writeStdout: (text) => void stdout.write(text),
    writeStderr: (text) => void stderr.write(text),
    interruption,
  };
}

/** A reader that went away (`| head`) does not stop the work. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

/** Runs the command line of this process. The exit code is 1 until something better is known. */
export async function main(): Promise<void> {
  process.exitCode = 1;
  const args = process.argv.slice(2);
  process.stdout.on('error', ignoreClosedPipe);
  process.stderr.on('error', ignoreClosedPipe);
  // On Node 20 the optimising compiler's work on undici's WebAssembly parser holds a finished process
  // for some 200 ms; the base compiler alone is fast enough for one header parser.
  if (Number.parseInt(process.versions.node, 10) < 22) v8.setFlagsFromString('--liftoff-only');
  try {
    if (args.length === 1 && args[0] === '--version') {
      // Asked by scripts before each use: answered without loading the program.
      process.stdout.write(`${version}\n`);
      process.exitCode = exitCodes.ok;
      return;
    }
    const { runProgram } = await import('./cli/program.ts');
    process.exitCode = await runProgram(args, commands, processHost());
  } catch (error) {
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`erpsync: this is a bug in erpsync, please report it: ${words}\n`);
  }
}
