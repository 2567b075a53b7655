import { cpSync, mkdirSync, rmSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const release = process.argv.includes('--release');

const shared: BuildOptions = {
  bundle: true,
  minify: true,
  sourcemap: release ? false : 'linked',
  logLevel: 'warning',
  absWorkingDir: root,
  mainFields: ['module', 'main'],
};
// better-sqlite3 looks for its binary beside the bundle, at ../prebuilds/<platform>-<arch>.node.
const node: BuildOptions = {
  ...shared,
  platform: 'node',
  target: 'node22',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  splitting: true,
  chunkNames: 'chunk-[hash]',
  outdir: dist,
  banner: {
    js: "import{createRequire as __cr}from'node:module';import{fileURLToPath as __fu}from'node:url';import{dirname as __dn}from'node:path';const require=__cr(import.meta.url),__filename=__fu(import.meta.url),__dirname=__dn(__filename);",
  },
};

rmSync(dist, { recursive: true, force: true });
await Promise.all([
  build({
    ...node,
    entryPoints: {
      cli: 'src/hosts/cli/main.ts',
      serve: 'src/hosts/serve/main.ts',
      'spend-worker': 'src/hosts/serve/spend-worker.ts',
      'search-worker': 'src/hosts/serve/search-worker.ts',
      hook: 'src/hosts/hook/main.ts',
      'rule-desk': 'src/hosts/extension/rule-desk.ts',
      'language-desk': 'src/hosts/extension/language-desk.ts',
    },
  }),
  build({
    ...shared,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    external: ['vscode'],
    entryPoints: ['src/hosts/extension/main.ts'],
    outfile: join(dist, 'extension.cjs'),
  }),
  // Panels share what is common to them: lit would be in each of them otherwise.
  build({
    ...shared,
    platform: 'browser',
    target: 'es2023',
    format: 'esm',
    splitting: true,
    chunkNames: 'chunk-[hash]',
    entryPoints: webviewEntries(),
    outdir: join(dist, 'webview'),
  }),
]);
copy('node_modules/@vscode/codicons/dist/codicon.css', 'webview/codicon.css');
copy('node_modules/@vscode/codicons/dist/codicon.ttf', 'webview/codicon.ttf');
copy('node_modules/better-sqlite3/prebuilds', '../prebuilds');
// As it is: an auditor reads it.
copy('scripts/verify-log.mjs', 'verify-log.mjs');

function webviewEntries(): Record<string, string> {
  const panels = ['approvals', 'activity', 'activity-editor', 'spend'].filter((panel) =>
    existsSync(join(root, 'src/webview', panel, 'main.ts')),
  );
  return Object.fromEntries(panels.map((panel) => [panel, `src/webview/${panel}/main.ts`]));
}

function copy(from: string, to: string): void {
  mkdirSync(dist, { recursive: true });
  cpSync(join(root, from), join(dist, to), { recursive: true });
}
