import { defineConfig } from 'vitest/config';

/** The real client and the real editor on two cores: one file at a time, generous limits. */
const patient = { fileParallelism: false, testTimeout: 180_000, hookTimeout: 240_000 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/real/**', 'test/lab/**', 'test/extension/**'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'real',
          include: ['test/real/**/*.test.ts', 'test/lab/extension/*.test.ts'],
          ...patient,
        },
      },
      {
        // What drives the client and the editor: for when one of those moves (npm run test:lab).
        test: { name: 'lab', include: ['test/lab/{claude,editor}/*.test.ts'], ...patient },
      },
    ],
  },
});
