/** Programs that serve, started for one test. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { onTestFinished, vi } from 'vitest';
import { programNamed } from './required-programs.ts';

/** A directory of one test that programs of another user may use, too: squid gives up being root. */
export function sharedDirectory(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'erpsync-system-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  chmodSync(directory, 0o777);
  return directory;
}

/** A port of loopback that nobody listens at. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  await new Promise((resolve) => server.close(resolve));
  return address.port;
}

/**
 * Starts a program that stays in the foreground and waits until it answers at its ports. It ends with the test.
 *
 * @throws Error with what the program said, when it ends instead
 */
export async function startDaemon(
  name: string,
  args: readonly string[],
  ports: readonly number[],
): Promise<void> {
  const child = execa(programNamed(name) ?? name, args, {
    reject: false,
    all: true,
    stdin: 'ignore',
    forceKillAfterDelay: 2_000,
  });
  onTestFinished(async () => {
    child.kill();
    await child;
  });
  const ended = child.then(({ all }) => Promise.reject(new Error(`${name} ended: ${all}`)));
  const answering = vi.waitFor(() => Promise.all(ports.map(reached)), { timeout: 20_000, interval: 50 });
  await Promise.race([answering, ended]);
  ended.catch(() => undefined);
}

function reached(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}
