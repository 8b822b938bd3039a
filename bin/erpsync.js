#!/usr/bin/env node
import module from 'node:module';

// Node 22 and later keep compiled code between runs.
module.enableCompileCache?.();
import('../dist/main.js').then(
  ({ main }) => main(),
  (error) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    process.stderr.write('erpsync: it is not built yet; run in its folder: npm ci && npm run build\n');
    process.exitCode = 1;
  },
);
