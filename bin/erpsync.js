#!/usr/bin/env node
// CommonJS: on Node 20 loading the first ES module takes longer than all that --version does.
const module_ = require('node:module');

// Node 22 and later keep compiled code between runs.
module_.enableCompileCache?.();
if (process.argv.length === 3 && process.argv[2] === '--version') {
  // Asked by scripts before each use: answered without loading the program.
  process.stdout.on('error', ({ code, message }) => {
    if (code === 'EPIPE') return;
    process.stderr.write(`erpsync: the result could not be written: ${message}\n`);
    process.exitCode = 14;
  });
  process.stdout.write(`${require('../package.json').version}\n`);
} else {
  import('../dist/main.js').then(
    ({ main }) => main(),
    (error) => {
      if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
      process.stderr.write('erpsync: it is not built yet; run in its folder: npm ci && npm run build\n');
      process.exitCode = 1;
    },
  );
}
