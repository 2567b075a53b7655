import { cpSync, mkdirSync, rmSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type InputOptions, type OutputOptions, type Plugin } from 'rolldown';
import { icons } from '../src/webview/icons.ts';
import { chunkPlan } from './chunk-plan.ts';
import { iconFont } from './icon-font.ts';
import { needingEditor } from './needing-editor.ts';
import { stripElf } from './strip-elf.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const release = process.argv.includes('--release');

// Programs ask package.json for the version only; the rest of it is what the editor reads.
const onlyVersion: Plugin = {
  name: 'only-version',
  load(id) {
    if (id !== join(root, 'package.json')) return undefined;
    return { code: JSON.stringify({ version: JSON.parse(readFileSync(id, 'utf8')).version }), moduleType: 'json' };
  },
};
const programs: Readonly<Record<string, string>> = {
  cli: 'src/hosts/cli/main.ts',
  serve: 'src/hosts/serve/main.ts',
  'spend-worker': 'src/hosts/serve/spend-worker.ts',
  'search-worker': 'src/hosts/serve/search-worker.ts',
  hook: 'src/hosts/hook/main.ts',
  'mcp-gateway': 'src/hosts/mcp-gateway/main.ts',
  extension: 'src/hosts/extension/main.ts',
  'rule-desk': 'src/hosts/extension/rule-desk.ts',
  'policy-desk': 'src/hosts/extension/policy-desk.ts',
  'language-desk': 'src/hosts/extension/language-desk.ts',
};
const input: InputOptions = { cwd: root, resolve: { mainFields: ['module', 'main'] }, checks: { ineffectiveDynamicImport: false } };
const output: OutputOptions = {
  format: 'esm',
  minify: true,
  comments: { annotation: false, jsdoc: false, legal: true },
  sourcemap: !release,
};

rmSync(dist, { recursive: true, force: true });
const [built] = await build([
  {
    ...input,
    input: { ...programs },
    platform: 'node',
    external: ['vscode'],
    plugins: [onlyVersion],
    // better-sqlite3 looks for its binary beside the file it is in, at ../prebuilds/<platform>-<arch>.node.
    transform: { target: 'node22', define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' } },
    // A file of shared pieces may export more than its first user asked for.
    preserveEntrySignatures: 'allow-extension',
    output: {
      ...output,
      dir: dist,
      entryFileNames: '[name].mjs',
      chunkFileNames: 'chunk-[hash].mjs',
      codeSplitting: {
        includeDependenciesRecursively: false,
        groups: [
          {
            debugName: 'chunk plan',
            name: chunkPlan(
              join(root, 'src'),
              Object.values(programs).map((file) => join(root, file)),
            ),
          },
        ],
      },
    },
  },
  // Panels share what is common to them: lit would be in each of them otherwise.
  {
    ...input,
    input: webviewEntries(),
    platform: 'browser',
    transform: { target: 'es2023' },
    output: { ...output, dir: join(dist, 'webview'), entryFileNames: '[name].js', chunkFileNames: 'chunk-[hash].js' },
  },
]);
const files = (built?.output ?? []).flatMap((file) => (file.type === 'chunk' ? [file] : []));
const broken = needingEditor(
  files,
  Object.keys(programs).flatMap((name) => (name === 'extension' ? [] : [`${name}.mjs`])),
);
if (broken.length > 0) throw new Error(`${broken.join(', ')} would need vscode: what is loaded later by the extension must not import it`);
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
