/**
 * How a bulk run compares with a bare loop over undici that sends the same bodies, in whole processes and
 * alternating runs; how much memory it takes, and how soon a run goes on. Prints a table; judges nothing.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const rounds = Number(process.argv[2] ?? 5);
const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const program = here('../../bin/erpsync.js');
const directory = mkdtempSync(path.join(tmpdir(), 'erpsync-bench-'));
const env = { PATH: process.env.PATH, HOME: directory };
const common = ['--from-crm', '--no-check', '--auth', 'none', '--rate', '0', '--max-keys', '16000000'];

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const say = (name, text) => process.stdout.write(`${name.padEnd(46)} ${text}\n`);

async function server(...args) {
  const child = spawn(process.execPath, [here('bulk-server.js'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { value: url } = await lines.next();
  return { url, child, said: async () => (await lines.next()).value, end: () => child.kill() };
}

/** Seconds and peak memory (MB) of a process; the peak is what the kernel counted (Linux). */
function measured(args) {
  const probe =
    "process.on('exit', () => require('fs').writeSync(3, String(process.resourceUsage().maxRSS)))";
  const startedAt = performance.now();
  const { status, stderr, output } = spawnSync(
    process.execPath,
    [
      '--import',
      `data:text/javascript,${encodeURIComponent(`import { createRequire } from 'node:module'; const require = createRequire('/'); ${probe}`)}`,
      ...args,
    ],
    { env, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] },
  );
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return { seconds: (performance.now() - startedAt) / 1_000, megabytes: Number(output[3]) / 1_024 };
}

/** A file of so many keys in random order. */
function keyFile(count) {
  const file = path.join(directory, `keys-${count}.txt`);
  const handle = openSync(file, 'w');
  for (let written = 0; written < count; written += 100_000) {
    const lines = Array.from(
      { length: Math.min(100_000, count - written) },
      () => 1 + Math.floor(Math.random() * 2_147_483_646),
    );
    writeSync(handle, `${lines.join('\n')}\n`);
  }
  closeSync(handle);
  return file;
}

function syncTime() {
  const handle = openSync(path.join(directory, 'sync'), 'w');
  const times = Array.from({ length: 101 }, () => {
    writeSync(handle, 'x'.repeat(200));
    const startedAt = performance.now();
    fdatasyncSync(handle);
    return performance.now() - startedAt;
  });
  closeSync(handle);
  return median(times);
}

try {
  say(`Node.js ${process.version}`, `median fdatasync ${syncTime().toFixed(2)} ms`);
  const million = keyFile(1_000_000);
  const { url, end } = await server();
  const ours = [program, 'force-resync', ...common, '--url', url, '--ids-file'];
  const runs = { ours: [], bare: [] };
  for (let round = 0; round <= rounds; round++) {
    const [a, b] = [
      measured([...ours, million]),
      measured([here('bare-bulk.js'), url, million, '1000', '4']),
    ];
    if (round === 0) continue;
    runs.ours.push(a);
    runs.bare.push(b);
  }
  const [a, b] = [runs.ours, runs.bare].map((each) => median(each.map(({ seconds }) => seconds)));
  say(
    '1 000 000 keys: bare loop / erpsync',
    `${b.toFixed(2)} s / ${a.toFixed(2)} s = ${(b / a).toFixed(2)} of its speed`,
  );
  say('  peak memory of erpsync', `${median(runs.ours.map(({ megabytes }) => megabytes)).toFixed(0)} MB`);
  const ten = measured([...ours, keyFile(10_000_000)]);
  say(
    '10 000 000 keys in random order',
    `${ten.seconds.toFixed(1)} s, peak memory ${ten.megabytes.toFixed(0)} MB`,
  );
  end();

  const holding = await server('9000');
  const small = path.join(directory, 'small.txt');
  writeFileSync(small, Array.from({ length: 10_000 }, (_, index) => index + 1).join('\n'));
  const at = ['--url', holding.url];
  const first = ['force-resync', ...common, ...at, '--chunk-size', '1', '--run', 'long', '--ids-file', small];
  const started = spawn(process.execPath, [program, ...first], { env, stdio: 'ignore' });
  await holding.said();
  started.kill('SIGKILL');
  await once(started, 'exit');
  holding.child.kill('SIGUSR2');
  const startedAt = performance.now();
  const resumed = spawn(process.execPath, [program, 'resume', 'long', ...at, '--auth', 'none'], {
    env,
    stdio: 'ignore',
  });
  await holding.said();
  say(
    'resume, 9 000 of 10 000 requests done',
    `first request after ${(performance.now() - startedAt).toFixed(0)} ms`,
  );
  resumed.kill('SIGKILL');
  await once(resumed, 'exit');
  holding.end();
} finally {
  rmSync(directory, { recursive: true, force: true });
}
