/**
 * Installs what package-lock.json names, if it is not there yet or older than the lock file: so that
 * `npm test` and `npm run demo` work in a bare clone. Run by npm before the scripts that need it.
 */
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';

const changed = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
if (changed('node_modules/.package-lock.json') < changed('package-lock.json')) {
  const windows = process.platform === 'win32';
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { stdio: ['ignore', 2, 2], shell: windows });
}
