/** Ends the system tests before they begin where a program is missing: they never skip what they cannot test. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Daemons are not on the path of everybody. */
const folders = [
  ...(process.env['PATH'] ?? '').split(path.delimiter),
  '/usr/sbin',
  '/usr/local/sbin',
  '/sbin',
];

/** The whole path of a program; undefined where it is not installed. */
export function programNamed(name: string): string | undefined {
  return folders.map((folder) => path.resolve(folder, name)).find((file) => existsSync(file));
}

export default function setup(): void {
  const lines = readFileSync('test/system/packages.txt', 'utf8').split('\n');
  const rows = lines
    .map((line) => line.replace(/#.*/, '').split(/\s+/).filter(Boolean))
    .filter((row) => row.length > 0);
  const missing = rows.filter(([, program = '']) => programNamed(program) === undefined);
  if (missing.length === 0) return;
  const names = missing.map(([name, program]) => `${program} (package ${name})`).join(', ');
  throw new Error(
    `the system tests need what is not installed: ${names}; as root, run test/system/install.sh`,
  );
}
