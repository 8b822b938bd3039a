/** Runs a command while the sync engine stands still, and starts the engine again whatever happens. */
import { type AgentClient, asWriteError } from '../../agent/client.ts';
import { askEngine, engineStatus, waitForEngine } from '../../agent/engine.ts';
import type { Context, ProgramEnd, RunningProgram } from '../../cli/context.ts';
import { type EndingSignal, ErpsyncError, signalExitCodes, usageError } from '../../errors.ts';
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
  /** Null if it was not to be started. */
  readonly startedAgain: boolean | null;
  readonly exitCode: number;
  readonly error: ErpsyncError | undefined;
}

/**
 * Stops the engine, waits for it, runs the command, and starts the engine again.
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
    throw new ErpsyncError('rejected', 'the server does not say whether the sync engine runs');
  const signals = catchSignals(context);
  try {
    if (!before.running) {
      context.note('The sync engine does not run; it will not be started afterwards.');
      return { wasRunning: false, startedAgain: null, ...(await runCommand(run, signals, context)) };
    }
    const stopping = await stop(client, context);
    const end = stopping ?? (await onceStopped(client, run, signals, context));
    const restarted = await restart(client, end, signals, context);
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
    const error =
      thrown instanceof ErpsyncError
        ? thrown
        : new ErpsyncError('internal', String(thrown), { cause: thrown });
    return { exitCode: error.exitCode, error };
  }
}

async function restart(
  client: AgentClient,
  end: CommandEnd,
  signals: CaughtSignals,
  context: Context,
): Promise<CommandEnd & { readonly startedAgain: boolean }> {
  signals.beginRestart();
  context.note('Starting the sync engine again.');
  const outcome = await askEngine(client, true, context.host.clock);
  if (outcome.kind === 'accepted') return { ...end, startedAgain: true };
  const { code, message, httpStatus } = asWriteError('ChangeEngineStatus', outcome);
  const error = new ErpsyncError(code, `the sync engine could not be started again: ${message}`, {
    hint: 'start it: erpsync engine start',
    httpStatus,
    cause: outcome.error,
  });
  return { exitCode: end.exitCode === 0 ? error.exitCode : end.exitCode, error, startedAgain: false };
}

async function runCommand(run: PausedRun, signals: CaughtSignals, context: Context): Promise<CommandEnd> {
  const { host, globals } = context;
  const early = signals.first();
  if (early !== undefined) return interrupted(early);
  const program = await host.startProgram({
    words: run.words,
    environment: withoutSecrets(host.environment),
    output: globals.output === 'table' ? 'stdout' : 'stderr',
  });
  signals.passTo(program);
  return commandEnd(await program.ended, run.words[0] ?? '');
}

function commandEnd(end: ProgramEnd, name: string): CommandEnd {
  if (end.kind === 'exited') return { exitCode: end.code, error: undefined };
  if (end.kind === 'signalled') return { exitCode: 128 + end.number, error: undefined };
  const error = usageError(
    `${name} could not be started: ${end.problem}`,
    'no shell looks for it; give its path',
  );
  return { exitCode: error.exitCode, error };
}

function interrupted(signal: EndingSignal): CommandEnd {
  const exitCode = signalExitCodes[signal];
  const error = new ErpsyncError('interrupted', `${signal} came before the command was run`, { exitCode });
  return { exitCode, error };
}

/** Signals while the engine stands still: they end the command, never this program before the engine runs again. */
interface CaughtSignals {
  /** Aborts at the first one. */
  readonly aborted: AbortSignal;
  first(): EndingSignal | undefined;
  passTo(program: RunningProgram): void;
  /** From here on a second signal ends the program at once. */
  beginRestart(): void;
  release(): void;
}

function catchSignals({ host, warn }: Context): CaughtSignals {
  const controller = new AbortController();
  let first: EndingSignal | undefined;
  let program: RunningProgram | undefined;
  let restarting = false;
  const release = host.onSignal((signal) => {
    first ??= signal;
    controller.abort(signal);
    if (restarting) {
      warn('the sync engine is being started again; once more leaves it as it is');
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
      restarting = true;
    },
    release,
  };
}
