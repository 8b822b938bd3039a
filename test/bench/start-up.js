/**
 * How long a user waits for erpsync, as ratios to what Node.js itself takes: alternating runs of whole
 * processes, medians, so that a busy machine slows both sides alike. Prints a table; judges nothing.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const rounds = Number(process.argv[2] ?? 31);
const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const program = here('../../bin/erpsync.js');
const directory = mkdtempSync(path.join(tmpdir(), 'erpsync-bench-'));
const env = { PATH: process.env.PATH, HOME: directory };

function time(args, input) {
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { env, input });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - startedAt;
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

/** Runs both sides in turn and prints the medians and their ratio. */
function compare(name, ours, base) {
  const times = { ours: [], base: [] };
  time(ours);
  time(base);
  for (let round = 0; round < rounds; round++) {
    times.ours.push(time(ours));
    times.base.push(time(base));
  }
  const [a, b] = [median(times.ours), median(times.base)];
  process.stdout.write(
    `${name.padEnd(52)} ${a.toFixed(0)} ms / ${b.toFixed(0)} ms = ${(a / b).toFixed(2)}\n`,
  );
}

const sandbox = spawn(process.execPath, [program, 'sandbox'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
try {
  const [line] = await once(createInterface({ input: sandbox.stdout }), 'line');
  const { url, username, password } = JSON.parse(line);
  time(
    [program, 'profile', 'add', 'bench', '--url', url, '--username', username, '--password-stdin'],
    password,
  );
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const resync = [program, 'force-resync', '--no-check', '--connection', '124', '--ids', '100,959'];
  process.stdout.write(`Node ${process.versions.node}, ${rounds} alternating runs, medians\n`);
  compare('erpsync --version / node -e 0', [program, '--version'], ['-e', '0']);
  compare('erpsync --help / node -e 0', [program, '--help'], ['-e', '0']);
  compare('force-resync --no-check / bare node:http', resync, [here('bare-post.js'), url, authorization]);
} finally {
  sandbox.kill();
  rmSync(directory, { recursive: true, force: true });
}
