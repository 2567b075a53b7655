#!/usr/bin/env node
/**
 * Passes for a desktop VS Code before @vscode/test-electron and @vscode/test-cli, and runs the tests in our editor.
 *
 *     // .vscode-test.mjs
 *     export default {
 *       files: 'out/test/**\/*.test.js',
 *       workspaceFolder: 'test/fixtures/workspace',
 *       useInstallation: { fromPath: resolve('test/lab/editor/electron-shim.mjs') },
 *     };
 *
 * Start them with `node node_modules/@vscode/test-cli/out/bin.mjs` (plus `--coverage`). Without `useInstallation` the
 * same tests run in a desktop VS Code. Of the environment, the tests get what starts with VSCODE_TEST_ or COUNTERSIGN_.
 * The editor shows no toasts in this mode; what needs them belongs in a test that uses editor.ts.
 *
 * This file runs on Node 20, because whichever Node is on the PATH will run it.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { node24 } from '../../../scripts/npm.mjs';

const tests = join(import.meta.dirname, 'extension-tests.ts');
const child = spawn(node24(), [tests, ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));
