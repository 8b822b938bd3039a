/** What the benches share: whole processes, timed from outside, and packages that only a bench needs. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The built program. */
export const program = fileURLToPath(new URL('../../bin/erpsync.js', import.meta.url));

/** A folder of the bench, which is a home directory too; it is removed when the process ends. */
export const directory = mkdtempSync(path.join(tmpdir(), 'erpsync-bench-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));

const environment = { PATH: process.env.PATH, HOME: directory };

/** Installs a package into a folder of the bench; undefined where it cannot be had. */
export function fetched(name) {
  const folder = path.join(directory, 'packages', name.replaceAll(/[/@]/g, '_'));
  const options = ['--no-audit', '--no-fund', '--ignore-scripts'];
  try {
    execFileSync('npm', ['install', '--prefix', folder, ...options, name], { stdio: 'ignore' });
    return folder;
  } catch {
    process.stdout.write(`(${name} cannot be fetched, so it is left out)\n`);
    return undefined;
  }
}

/** How long a process takes from its start to its end, in ms. @throws Error when it fails */
export function time(command, args, input) {
  const startedAt = performance.now();
  const { status, stderr, error } = spawnSync(command, args, { env: environment, input });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr ?? error}`);
  return performance.now() - startedAt;
}

export function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

/** Runs each of the commands once in every round, after one round that does not count; medians in ms, by name. */
export function medians(rounds, commands) {
  const times = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const [name, [command, args]] of Object.entries(commands)) {
      const taken = time(command, args);
      if (round > 0) times[name].push(taken);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, taken]) => [name, median(taken)]));
}

/** Starts a sandbox and stores a profile for it; `stop` ends it. */
export async function startSandbox() {
  const child = spawn(process.execPath, [program, 'sandbox'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const { url, username, password } = JSON.parse(line);
  const profile = ['profile', 'add', 'bench', '--url', url, '--username', username, '--password-stdin'];
  time(process.execPath, [program, ...profile], password);
  return { url, username, password, stop: () => child.kill() };
}
