/**
 * Builds the program into dist, or into the folder that is named: what every call needs in few files, then a file for
 * each command, so that a call loads what it uses. Few files, since loading one takes longer than compiling what it
 * holds.
 * The man pages go to a folder `man` in it.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'rolldown';

const absent = path.resolve('src/absent-module.ts');
/** What libraries load at their start for something that erpsync never uses. */
const alias = Object.fromEntries(
  ['node:http2', 'node:child_process', 'ajv/dist/2020.js', 'ajv-formats', 'semver'].map((name) => [
    name,
    absent,
  ]),
);
/** Scripts for shells, as they stand. */
const moduleTypes = { '.bash': 'text', '.zsh': 'text', '.fish': 'text' };
/** The modules that a module imports when it is loaded, by its path. */
const imported = new Map();

/** A test for the modules that are loaded with the files: these, and what they import. */
function loadedWith(...files) {
  let loaded;
  return (id) => {
    if (loaded === undefined) {
      loaded = new Set(files.map((file) => path.resolve(file)));
      for (const known of loaded) for (const other of imported.get(known) ?? []) loaded.add(other);
    }
    return loaded.has(id);
  };
}

await build({
  // The second one is a program of its own, with the one package that is not bundled: it is native.
  input: { main: 'src/main.ts', keychain: 'src/keychain-child.ts' },
  external: ['@napi-rs/keyring'],
  platform: 'node',
  // Locks are loaded late where a command only reads; a run needs them at once.
  checks: { ineffectiveDynamicImport: false },
  logLevel: 'warn',
  preserveEntrySignatures: 'allow-extension',
  moduleTypes,
  resolve: { alias },
  plugins: [
    {
      name: 'erpsync',
      moduleParsed({ id, importedIds }) {
        imported.set(id, importedIds);
      },
      generateBundle() {
        const folders = [...imported.keys()].flatMap(
          (id) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? [],
        );
        const notices = [...new Set(folders)].toSorted().map(noticeOf);
        this.emitFile({
          type: 'asset',
          fileName: 'THIRD-PARTY.txt',
          source: notices.join(`\n${'-'.repeat(80)}\n\n`),
        });
      },
    },
  ],
  output: {
    dir: process.argv[2] ?? 'dist',
    format: 'esm',
    minify: true,
    cleanDir: true,
    chunkFileNames: 'chunks/[name]-[hash].js',
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [
        { name: 'undici', test: /node_modules\/undici/, priority: 4 },
        // Every call; then every call but those for help, which know commands by their names alone.
        { name: 'start', test: loadedWith('src/main.ts', 'src/cli/program.ts'), priority: 4 },
        {
          name: 'command',
          test: loadedWith('src/cli/command-line.ts', 'src/cli/connection-flags.ts'),
          priority: 3,
        },
        { name: 'profiles', test: /src\/(files|profiles)\//, minShareCount: 2, priority: 2 },
        { name: 'calls', test: /src\/(agent|cli|identity|transport)\//, minShareCount: 12, priority: 2 },
        { name: 'runs', test: /src\/(commands|resync)\/[^/]+$/, minShareCount: 2, priority: 1 },
      ],
    },
  },
});

await writeManPages(path.resolve(process.argv[2] ?? 'dist', 'man'));

/**
 * Writes the man pages. What makes them is no part of the program: it is built apart from it, and used here alone. Each
 * build has a folder of its own, so that builds at once do not disturb each other.
 */
async function writeManPages(folder) {
  const made = mkdtempSync(path.join(tmpdir(), 'erpsync-manual-'));
  try {
    await build({
      input: { pages: 'src/manual/pages.ts' },
      platform: 'node',
      checks: { ineffectiveDynamicImport: false },
      logLevel: 'warn',
      moduleTypes,
      resolve: { alias },
      output: { dir: made, format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' },
    });
    const { manPages } = await import(pathToFileURL(path.join(made, 'pages.mjs')).href);
    mkdirSync(folder);
    for (const [name, text] of await manPages()) writeFileSync(path.join(folder, name), text);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

/** The license of a package whose code is in the program: it has to go where that goes. */
function noticeOf(folder) {
  const { name, version, license, author } = JSON.parse(
    readFileSync(path.join(folder, 'package.json'), 'utf8'),
  );
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice)/i.test(file));
  const texts = files.map((file) => readFileSync(path.join(folder, file), 'utf8').trim());
  // Some packages name their license and its holder in their manifest alone.
  if (texts.length === 0) texts.push(`Copyright ${author?.name ?? author}`);
  return `${name} ${version} (${license})\n\n${texts.join('\n\n')}\n`;
}
