import { cpSync, mkdirSync, rmSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { icons } from '../src/webview/icons.ts';
import { iconFont } from './icon-font.ts';
import { stripElf } from './strip-elf.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const release = process.argv.includes('--release');

// Programs ask package.json for the version only; the rest of it is what the editor reads.
const onlyVersion: Plugin = {
  name: 'only-version',
  setup: (builder) =>
    builder.onLoad({ filter: /[\\/]package\.json$/ }, ({ path }) => {
      if (path !== join(root, 'package.json')) return undefined;
      return { contents: JSON.stringify({ version: JSON.parse(readFileSync(path, 'utf8')).version }), loader: 'json' };
    }),
};
const shared: BuildOptions = {
  bundle: true,
  minify: true,
  sourcemap: release ? false : 'linked',
  logLevel: 'warning',
  absWorkingDir: root,
  mainFields: ['module', 'main'],
  plugins: [onlyVersion],
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
      'policy-desk': 'src/hosts/extension/policy-desk.ts',
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
const { css, font } = await iconFont(icons);
writeFileSync(join(dist, 'webview/codicon.css'), css);
writeFileSync(join(dist, 'webview/codicon.woff2'), font);
writeBindings(join(root, 'node_modules/better-sqlite3/prebuilds'), join(root, 'prebuilds'));
// As it is: an auditor reads it.
copy('scripts/verify-log.mjs', 'verify-log.mjs');

function webviewEntries(): Record<string, string> {
  const panels = ['approvals', 'activity', 'activity-editor', 'spend', 'replay', 'try'].filter((panel) =>
    existsSync(join(root, 'src/webview', panel, 'main.ts')),
  );
  return Object.fromEntries(panels.map((panel) => [panel, `src/webview/${panel}/main.ts`]));
}

function copy(from: string, to: string): void {
  mkdirSync(dist, { recursive: true });
  cpSync(join(root, from), join(dist, to), { recursive: true });
}

/** As new files: a governor that runs has the old ones mapped, and would die of a change in them. */
function writeBindings(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to);
  for (const name of readdirSync(from)) writeFileSync(join(to, name), stripElf(readFileSync(join(from, name))));
}
