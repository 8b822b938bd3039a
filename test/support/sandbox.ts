/** The sandbox as a user starts it, for tests of the program against it. */
import { onTestFinished } from 'vitest';
import { firstLine, type Machine, type Started } from './program.ts';

/** A running sandbox: its first line and its process. */
export interface Sandbox {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly ticket: string;
  readonly token: string;
  readonly appToken: string;
  readonly clientId: string;
  readonly tenant: string;
  readonly systemUserToken: string;
  readonly privateKey: string;
  readonly started: Started;
}

/** Starts `erpsync sandbox` for one test; it ends with the test. */
export async function startSandbox({ start }: Machine, args: readonly string[] = []): Promise<Sandbox> {
  const started = start(['sandbox', ...args]);
  onTestFinished(async () => {
    started.child.kill();
    await started.finished;
  });
  return { ...(JSON.parse(await firstLine(started)) as Omit<Sandbox, 'started'>), started };
}
