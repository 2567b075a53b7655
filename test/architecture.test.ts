import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { expect, test } from 'vitest';

/** What each folder may import besides itself: folders, single files of folders, packages. `node:*` stands for all of Node. */
const rules: readonly { readonly from: string; readonly may: readonly RegExp[] }[] = [
  { from: 'engine', may: [/^@marcbachmann\/cel-js$/, /^yaml$/, /^unbash$/, /^re2js$/, /^zod\/mini$/, /^node:crypto$/] },
  { from: 'agents', may: [/^engine\//, /^zod\/mini$/] },
  { from: 'governor', may: [/^engine\//, /^agents\/agent\.ts$/] },
  {
    from: 'storage',
    may: [/^engine\//, /^agents\//, /^governor\/ports\.ts$/, /^node:/, /^better-sqlite3$/, /^@sigstore\//, /^zod\/mini$/],
  },
  { from: 'channel', may: [/^engine\//, /^governor\//, /^agents\/agent\.ts$/, /^node:/, /^zod\/mini$/] },
  {
    from: 'webview',
    may: [
      /^engine\//,
      /^channel\/messages\.ts$/,
      /^governor\/ports\.ts$/,
      /^lit(\/|$)/,
      /^zod\/mini$/,
      /^@vscode-elements\/elements\//,
      /^uplot$/,
    ],
  },
  {
    from: 'hosts/extension',
    may: [/^(engine|agents|governor|storage|channel)\//, /^webview\/[a-z-]+\/messages\.ts$/, /^node:/, /^vscode$/, /^zod\/mini$/],
  },
  ...['hook', 'mcp-gateway', 'cli', 'serve'].map((host) => ({
    from: `hosts/${host}`,
    may: [/^(engine|agents|governor|storage|channel)\//, /^node:/, /^zod\/mini$/, /^\.\.\/package\.json$/],
  })),
];
const pure = new Set(['engine', 'agents', 'governor']);

const src = join(import.meta.dirname, '..', 'src');
const files = globSync('**/*.ts', { cwd: src }).map((file) => file.split(sep).join('/'));
const importsOf = new Map(files.map((file) => [file, readImports(file)]));

test('every source file is in a folder of the table', () => {
  expect(files.filter((file) => !ruleOf(file))).toEqual([]);
});

test('a folder imports only what the table allows', () => {
  const broken = files.flatMap((file) => {
    const rule = ruleOf(file);
    return [...(importsOf.get(file) ?? [])]
      .filter((target) => !target.startsWith(`${rule?.from}/`) && !rule?.may.some((allowed) => allowed.test(target)))
      .map((target) => `${file} imports ${target}`);
  });
  expect(broken).toEqual([]);
});

test('engine, agents and governor reach neither clock, network, process nor disk', () => {
  // `new Date(value)` is fine, `new Date()` is the clock.
  const reaching =
    /\b(process\.(?!\w+Result)|Date\.now\(|new Date\(\)|fetch\(|setTimeout\(|setInterval\(|performance\.|require\(|Math\.random\()/;
  const broken = files.filter((file) => pure.has(file.split('/')[0] ?? '') && reaching.test(withoutComments(file)));
  expect(broken).toEqual([]);
});

test('no import cycles, type imports included', () => {
  expect(cycles()).toEqual([]);
});

test('the folders that must not exist do not', () => {
  expect(files.filter((file) => /(^|\/)(utils?|common|types|helpers|manager|service)(\/|\.ts$)/.test(file))).toEqual([]);
});

function ruleOf(file: string): { readonly from: string; readonly may: readonly RegExp[] } | undefined {
  return rules.find(({ from }) => file.startsWith(`${from}/`));
}

function withoutComments(file: string): string {
  return readFileSync(join(src, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
}

function readImports(file: string): ReadonlySet<string> {
  const found = withoutComments(file).matchAll(/(?:\bfrom\s*|\bimport\s*\(\s*|^\s*import\s*)'([^']+)'/gm);
  return new Set([...found].map(([, target]) => resolveImport(file, target ?? '')));
}

function resolveImport(file: string, target: string): string {
  if (!target.startsWith('.')) return target;
  return relative(src, join(src, dirname(file), target))
    .split(sep)
    .join('/');
}

function cycles(): readonly string[] {
  const state = new Map<string, 'open' | 'done'>();
  const found: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      found.push([...path.slice(path.indexOf(file)), file].join(' → '));
      return;
    }
    state.set(file, 'open');
    for (const next of importsOf.get(file) ?? []) if (importsOf.has(next)) visit(next, [...path, file]);
    state.set(file, 'done');
  };
  for (const file of files) visit(file, []);
  return found;
}
