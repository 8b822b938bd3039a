/** Runs a command while the sync engine stands still, and starts the engine again whatever happens. */
import { type AgentClient, asWriteError } from '../../agent/client.ts';
import { askEngine, engineStatus, waitForEngine } from '../../agent/engine.ts';
import type { Context, ProgramEnd, RunningProgram } from '../../cli/context.ts';
import {
  continued,
  type EndingSignal,
  ErpsyncError,
  internalError,
  signalExitCodes,
  usageError,
} from '../../errors.ts';
import { withoutSecrets } from '../../identity/secrets.ts';

/** What to run, and how long to wait for the engine. */
export interface PausedRun {
  readonly words: readonly string[];
  /** In ms. */
  readonly waitTimeoutMs: number;
}

/** What became of it. */
export interface PausedRunEnd {
  /** Whether the engine ran before. Only then it was stopped, and is started again. */
  readonly wasRunning: boolean;
  /** Whether it was seen to run again; null if it was not to be started. */
  readonly startedAgain: boolean | null;
  readonly exitCode: number;
  readonly error: ErpsyncError | undefined;
}

/**
 * Stops the engine, waits for it, runs the command, starts the engine again, and waits until it runs: what comes next
 * would take one that is still starting for one that was stopped before.
 *
 * @throws ErpsyncError when the engine could not be stopped; it is as it was then
 */
export async function runPaused(
  client: AgentClient,
  run: PausedRun,
  context: Context,
): Promise<PausedRunEnd> {
  const before = engineStatus(await client.read('GetEngineStatus', {}));
  if (before.running === null)
    throw new ErpsyncError('rejected', {
      what: 'the sync engine was not stopped, and the command was not run',
      why: 'the server does not say whether the engine runs',
      next: 'see what it says: erpsync engine status',
    });
  const signals = catchSignals(context);
  try {
    if (!before.running) {
      context.note('The sync engine does not run; it will not be started afterwards.');
      return { wasRunning: false, startedAgain: null, ...(await runCommand(run, signals, context)) };
    }
    const stopping = await stop(client, context);
    const end = stopping ?? (await onceStopped(client, run, signals, context));
    const restarted = await restart(client, run, end, signals, context);
    return { wasRunning: true, ...restarted };
  } finally {
    signals.release();
  }
}

type CommandEnd = Pick<PausedRunEnd, 'exitCode' | 'error'>;

/**
 * Asks the engine to stop. An end is returned where it is not known whether the server heard it, so that the
 * engine has to be started again.
 *
 * @throws ErpsyncError when the server certainly did not stop it
 */
async function stop(client: AgentClient, { host, note }: Context): Promise<CommandEnd | undefined> {
  note('Stopping the sync engine.');
  const outcome = await askEngine(client, false, host.clock);
  if (outcome.kind === 'accepted') return undefined;
  if (outcome.kind !== 'unknown') throw outcome.error;
  const error = asWriteError('ChangeEngineStatus', outcome);
  return { exitCode: error.exitCode, error };
}

/** Runs the command when the engine stands still. Never throws: the engine has to be started again first. */
async function onceStopped(
  client: AgentClient,
  run: PausedRun,
  signals: CaughtSignals,
  context: Context,
): Promise<CommandEnd> {
  try {
    const { clock } = context.host;
    await waitForEngine(client, false, { timeoutMs: run.waitTimeoutMs, clock, signal: signals.aborted });
    return await runCommand(run, signals, context);
  } catch (thrown) {
    const error = thrown instanceof ErpsyncError ? thrown : internalError(String(thrown), thrown);
    return { exitCode: error.exitCode, error };
  }
}

type RestartEnd = CommandEnd & { readonly startedAgain: boolean };

/** Asks the engine to run and waits until it does; what the command came to stays as it is. */
async function restart(
  client: AgentClient,
  run: PausedRun,
  end: CommandEnd,
  signals: CaughtSignals,
  context: Context,
): Promise<RestartEnd> {
  const { clock } = context.host;
  const signal = signals.beginRestart();
  context.note('Starting the sync engine again.');
  const outcome = await askEngine(client, true, clock);
  if (outcome.kind !== 'accepted') {
    const { code, message, httpStatus } = asWriteError('ChangeEngineStatus', outcome);
    const error = new ErpsyncError(code, {
      what: 'the sync engine was not started again',
      why: message,
      next: 'start it: erpsync engine start',
      httpStatus,
      cause: outcome.error,
    });
    return standingStill(end, error, context);
  }
  if (engineStatus(outcome.value).running === true) return { ...end, startedAgain: true };
  context.note('Waiting for the sync engine to start.');
  try {
    const { running } = await waitForEngine(client, true, { timeoutMs: run.waitTimeoutMs, clock, signal });
    return running === true
      ? { ...end, startedAgain: true }
      : standingStill(end, waitEnded(signal.reason), context);
  } catch (error) {
    if (error instanceof ErpsyncError) return standingStill(end, error, context);
    throw error;
  }
}

/** An error of the command itself is not hidden by that of the engine, which is told before it then. */
function standingStill(end: CommandEnd, error: ErpsyncError, { warn }: Pick<Context, 'warn'>): RestartEnd {
  if (end.error !== undefined) warn(`warning: ${continued(error.message, error.next)}`);
  const exitCode = end.exitCode === 0 ? error.exitCode : end.exitCode;
  return { exitCode, error: end.error ?? error, startedAgain: false };
}

function waitEnded(signal: EndingSignal): ErpsyncError {
  return new ErpsyncError('interrupted', {
    what: `${signal} ended the wait for the sync engine`,
    why: 'it was asked to start, and does not run yet',
    next: 'see whether it does: erpsync engine status',
    exitCode: signalExitCodes[signal],
  });
}

async function runCommand(run: PausedRun, signals: CaughtSignals, context: Context): Promise<CommandEnd> {
  const { host, globals } = context;
  const early = signals.first();
  if (early !== undefined) return interrupted(early);
  const program = await host.startProgram({
    words: run.words,
    // The command is not ours: what could log in as us is kept from it.
    environment: withoutSecrets(host.environment),
    output: globals.output === 'table' ? 'stdout' : 'stderr',
  });
  signals.passTo(program);
  return commandEnd(await program.ended, run.words[0] ?? '');
}

function commandEnd(end: ProgramEnd, name: string): CommandEnd {
  if (end.kind === 'exited') return { exitCode: end.code, error: undefined };
  if (end.kind === 'signalled') return { exitCode: 128 + end.number, error: undefined };
  const error = usageError({
    what: `${name} was not started`,
    why: end.problem,
    next: 'give the path of a program behind --, since no shell looks for it',
  });
  return { exitCode: error.exitCode, error };
}

function interrupted(signal: EndingSignal): CommandEnd {
  const exitCode = signalExitCodes[signal];
  const error = new ErpsyncError('interrupted', {
    what: 'the command was not run',
    why: `${signal} came before it`,
    next: 'run the same command again',
    exitCode,
  });
  return { exitCode, error };
}

/** Signals while the engine stands still: they end the command, never this program before the engine runs again. */
interface CaughtSignals {
  /** Aborts at the first one. */
  readonly aborted: AbortSignal;
  first(): EndingSignal | undefined;
  passTo(program: RunningProgram): void;
  /** From here on a signal ends the wait for the engine, which aborts what this returns; the next one ends the program. */
  beginRestart(): AbortSignal;
  release(): void;
}

function catchSignals({ host, warn }: Context): CaughtSignals {
  const controller = new AbortController();
  let first: EndingSignal | undefined;
  let program: RunningProgram | undefined;
  let restarting: AbortController | undefined;
  const release = host.onSignal((signal) => {
    first ??= signal;
    controller.abort(signal);
    if (restarting) {
      warn('the sync engine is being started again; once more leaves it as it is');
      restarting.abort(signal);
      release();
    } else if (signal !== 'SIGINT' || !host.stdinIsTerminal) {
      // Ctrl-C at a terminal reaches the command by itself.
      program?.signal(signal);
    }
  });
  return {
    aborted: controller.signal,
    first: () => first,
    passTo(running) {
      program = running;
      if (first !== undefined) running.signal(first);
    },
    beginRestart() {
      restarting = new AbortController();
      return restarting.signal;
    },
    release,
  };
}
