/**
 * How long other command-line tools take to say their version, beside erpsync: whole processes in turn, medians. Those
 * on npm are fetched for the bench alone; gh and aws are measured where they are on the path.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fetched, medians, program, startSandbox } from './measure.js';

const rounds = Number(process.argv[2] ?? 15);
const node = process.execPath;

/** Well-known ones in TypeScript that run on the oldest Node.js that erpsync does: package, program, arguments. */
const onNode = [
  ['@salesforce/cli', 'sf', ['--version']],
  ['@pnp/cli-microsoft365', 'm365', ['version']],
  ['@angular/cli', 'ng', ['--version']],
].flatMap(([name, bin, args]) => {
  const folder = fetched(name);
  return folder === undefined ? [] : [[bin, [path.join(folder, 'node_modules', '.bin', bin), args]]];
});
const others = ['gh', 'aws']
  .filter((command) => spawnSync(command, ['--version']).status === 0)
  .map((command) => [command, [command, ['--version']]]);

const sandbox = await startSandbox();
try {
  const ours = {
    'erpsync --version': ['--version'],
    'erpsync --help': ['--help'],
    'erpsync force-resync': ['force-resync', '--connection', '124', '--ids', '100,959'],
  };
  const taken = medians(rounds, {
    'node -e 0': [node, ['-e', '0']],
    ...Object.fromEntries(Object.entries(ours).map(([name, args]) => [name, [node, [program, ...args]]])),
    ...Object.fromEntries([...others, ...onNode].map(([name, line]) => [`${name} ${line[1][0]}`, line])),
  });
  const base = taken['erpsync --version'];
  process.stdout.write(
    `Node.js ${process.version}, ${rounds} runs in turn, medians, and how many times erpsync --version\n`,
  );
  for (const [name, ms] of Object.entries(taken)) {
    process.stdout.write(`${name.padEnd(46)} ${ms.toFixed(0).padStart(5)} ms  ${(ms / base).toFixed(1)}\n`);
  }
} finally {
  sandbox.stop();
}
