#!/usr/bin/env node
// CommonJS: on Node 20 loading the first ES module takes longer than all that --version does.
const module_ = require('node:module');

// Node 22 and later keep compiled code between runs.
module_.enableCompileCache?.();
function tell(what, why, next) {
  const { isTTY } = process.stderr;
  process.stderr.write(
    `erpsync: ${what}${isTTY ? '\n    why: ' : ': '}${why}${isTTY ? '\n   next: ' : '; '}${next}\n`,
  );
}

if (process.argv.length === 3 && process.argv[2] === '--version') {
  // Asked by scripts before each use: answered without loading the program.
  process.stdout.on('error', ({ code, errno }) => {
    if (code === 'EPIPE') return;
    const [, words] = require('node:util').getSystemErrorMap().get(errno);
    tell(
      'standard output cannot be written',
      `${words} (${code})`,
      'make room there; run the same command again',
    );
    process.exitCode = 14;
  });
  process.stdout.write(`${require('../package.json').version}\n`);
} else {
  import('../dist/main.js').then(
    ({ main }) => main(),
    (error) => {
      if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
      tell('the program cannot be run', 'it is not built yet', 'run in its folder: npm ci && npm run build');
      process.exitCode = 1;
    },
  );
}
