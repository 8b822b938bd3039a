/**
 * Writes dist/THIRD-PARTY.txt: the licenses of the packages whose code is in the built program, which have to go
 * where their code goes. Run before packing.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const directory = mkdtempSync(path.join(tmpdir(), 'erpsync-notices-'));
try {
  const metafile = path.join(directory, 'meta.json');
  const target = [`--outdir=${path.join(directory, 'dist')}`, `--metafile=${metafile}`];
  execFileSync('npm', ['run', '--silent', 'bundle', '--', ...target], { stdio: ['ignore', 2, 2] });
  const { inputs } = JSON.parse(readFileSync(metafile, 'utf8'));
  const folders = Object.keys(inputs).flatMap(
    (input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? [],
  );
  const notices = [...new Set(folders)].toSorted().map((folder) => {
    const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const { name, version, license, author } = manifest;
    const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice)/i.test(file));
    const texts = files.map((file) => readFileSync(path.join(folder, file), 'utf8').trim());
    // Some packages name their license and its holder in their manifest alone.
    if (texts.length === 0) texts.push(`Copyright ${author?.name ?? author}`);
    return `${name} ${version} (${license})\n\n${texts.join('\n\n')}\n`;
  });
  writeFileSync('dist/THIRD-PARTY.txt', notices.join(`\n${'-'.repeat(80)}\n\n`));
} finally {
  rmSync(directory, { recursive: true, force: true });
}
