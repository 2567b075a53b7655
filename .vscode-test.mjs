import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { build } from 'rolldown';

// The extension's own tests by the stock @vscode/test-cli: `node test/extension/run.ts`, once `npm run build` has been run.
// Here they run in code-server; with COUNTERSIGN_TEST_DESKTOP=1 in a desktop VS Code, which it downloads.
const scratch = mkdtempSync(join(tmpdir(), 'cs-ext-'));
// A governor without its home ends by itself.
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

// One at a time: CommonJS, bundled, so that whatever Node an editor has can read it.
for (const test of globSync('test/extension/*.test.ts')) {
  await build({
    input: test,
    platform: 'node',
    external: ['vscode'],
    transform: { target: 'node22' },
    output: { format: 'cjs', file: join('out/extension-tests', `${basename(test, '.ts')}.cjs`) },
  });
}

// oxlint-disable-next-line import/no-default-export -- what the tool wants
export default {
  files: 'out/extension-tests/*.test.cjs',
  workspaceFolder: scratch,
  env: { COUNTERSIGN_HOME: join(scratch, 'state') },
  mocha: { ui: 'tdd', timeout: 60_000 },
  ...(process.env.COUNTERSIGN_TEST_DESKTOP === '1' ? {} : { useInstallation: { fromPath: resolve('test/lab/editor/electron-shim.mjs') } }),
};
