/** Runs a command for a person at a terminal who types something, against a server of the test. */
import type { Context } from '../../src/cli/context.ts';
import type { AnyCommand } from '../../src/cli/define.ts';
import type { Flag } from '../../src/cli/flags.ts';
import { globalFlags } from '../../src/cli/globals.ts';
import { temporaryDirectory } from './program.ts';

function withoutFlags(flags: Readonly<Record<string, Flag<unknown>>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(flags).map(([key, flag]) => [key, flag.read([], key)]));
}

/** How it ended: `done` or the code of the error; and what was told before that. */
export interface Typed {
  readonly ended: string;
  readonly told: readonly string[];
}

/**
 * @param given arguments and flags, by their keys
 * @param typed the answer to any question
 */
export async function typing(
  command: AnyCommand,
  given: Readonly<Record<string, unknown>>,
  typed: string,
): Promise<Typed> {
  const told: string[] = [];
  const required = Object.entries(command.flags).filter(([key]) => !(key in given));
  const context = {
    host: {
      environment: {},
      stdinIsTerminal: true,
      stderrIsTerminal: true,
      stopped: new AbortController().signal,
      clock: { now: Date.now, random: Math.random, sleep: () => Promise.resolve() },
      uid: process.getuid?.(),
    },
    globals: withoutFlags(globalFlags),
    configDirectory: temporaryDirectory(),
    userAgent: 'test',
    prompts: { available: true, text: () => Promise.resolve(typed) },
    warn: (text: string) => void told.push(text),
    note: () => undefined,
    conceal: () => undefined,
  } as unknown as Context;
  const values = { ...withoutFlags(Object.fromEntries(required)), ...given, auth: 'none' };
  const ended = await command.run(values as never, context).then(
    () => 'done',
    (error: { code: string }) => error.code,
  );
  return { ended, told };
}
