import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // They need programs that npm does not bring: npm run test:system.
    exclude: [...configDefaults.exclude, 'test/system/**'],
    globalSetup: ['test/support/build-program.ts'],
    setupFiles: ['test/support/clean-up.ts'],
    // Modules are loaded once for a worker, not once for each file: that is a third of the time. None has state of its own.
    isolate: false,
    // Most tests wait for a program of their own: more workers than the default of one less than the cores.
    maxWorkers: 4,
    testTimeout: 60_000,
    // A fact that is waited for may take its time where much else runs.
    expect: { poll: { timeout: 20_000 } },
    hookTimeout: 60_000,
  },
});
