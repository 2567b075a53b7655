import { defineConfig } from 'vitest/config';

/** The real client and the real editor on two cores: one file at a time, generous limits. */
const patient = { fileParallelism: false, testTimeout: 180_000, hookTimeout: 240_000 };

/** What is tested there keeps nothing: its modules are read once, not once a file. */
const pure = ['test/{engine,agents,governor}/**'];

export default defineConfig({
  test: {
    // Of one file's tests that may run beside each other: most of them drive programs that take a processor each.
    maxConcurrency: 2,
    projects: [
      {
        test: { name: 'pure', include: ['test/{engine,agents,governor}/**/*.test.ts'], isolate: false, testTimeout: 60_000 },
      },
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/real/**', 'test/lab/**', 'test/extension/**', ...pure],
          // Many start programs of ours, beside whatever else runs.
          testTimeout: 60_000,
        },
      },
      {
        test: { name: 'real', include: ['test/real/**/*.test.ts'], ...patient },
      },
      {
        // What drives the client and the editor: for when one of those moves (npm run test:lab).
        test: { name: 'lab', include: ['test/lab/{claude,editor}/*.test.ts'], ...patient },
      },
    ],
  },
});
