import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pluginFiles } from '../../../src/agents/claude-code/installation.ts';

/** The plugin as an example for people to read: what is installed differs in the port, the token and the paths alone. */
const example = join(import.meta.dirname, '..', '..', '..', 'hooks', 'claude-code');

test('hooks/claude-code shows exactly what is installed', () => {
  const rendered = pluginFiles({
    version: '0.1.0',
    hooks: {
      port: 4000,
      token: 'THE-HOOK-TOKEN',
      command: {
        platform: 'unix',
        runtime: '/path/to/node',
        script: '/path/to/countersign/dist/hook.mjs',
        environment: { HOME: '/home/you', COUNTERSIGN_HOME: '/home/you/.countersign' },
      },
    },
  });
  const shown = readdirSync(example, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: file.slice(example.length + 1), text: readFileSync(file, 'utf8') }));
  expect(new Map(shown.map(({ path, text }) => [path, text]))).toEqual(new Map(rendered.map(({ path, text }) => [path, text])));
});
