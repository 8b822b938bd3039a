/** The tests against programs that npm does not bring: `npm run test:system`. `npm test` does not run them. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: '.',
    include: ['test/system/**/*.test.ts'],
    globalSetup: ['test/system/support/required-programs.ts', 'test/support/build-program.ts'],
    setupFiles: ['test/support/clean-up.ts'],
    maxWorkers: 4,
    testTimeout: 60_000,
    // A fact that is waited for may take its time where much else runs.
    expect: { poll: { timeout: 20_000 } },
    hookTimeout: 60_000,
  },
});
