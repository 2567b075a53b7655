import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { toolArguments } from '../../agents/claude-code/tool-arguments.ts';
import type { LintContext } from '../../engine/policy/lint/finding.ts';
import type { PolicyFile } from '../../engine/policy/policy-set.ts';
import { packFile, packNames, packsFolder, policyParser, shippedPolicies } from '../../storage/shipped-policies.ts';
import { MachineSurroundings } from '../../storage/surroundings.ts';
import { workspaceFacts } from '../../storage/workspace-facts.ts';

/** What is known here beside the files: what we ship, and of the workspace of each its files and people. */
export function lintContexts(given: readonly PolicyFile[]): (file: PolicyFile) => LintContext {
  const { baseline, packs } = shippedFiles();
  const named = new Set(given.flatMap(({ documents }) => documents.flatMap((document) => document.packs)));
  const files = [...given, ...baseline, ...[...named].flatMap((name) => packs.get(name) ?? [])];
  const known = { now: new Date(), files, packs: [...packs.values()], argumentsOf: toolArguments };
  const contexts = new Map<string, LintContext>();
  return ({ path }) => {
    const root = workspaceOf(path);
    const context = contexts.get(root ?? '') ?? { ...known, ...(root === undefined ? {} : factsOf(root)) };
    contexts.set(root ?? '', context);
    return context;
  };
}

interface Shipped {
  readonly baseline: readonly PolicyFile[];
  readonly packs: ReadonlyMap<string, PolicyFile>;
}

function shippedFiles(): Shipped {
  const folder = shippedPolicies();
  const parse = policyParser(folder);
  const read = (path: string): PolicyFile => parse({ path, layer: 'built-in', source: readFileSync(path, 'utf8'), trusted: true });
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return {
    baseline: names.map((name) => read(join(folder, name))),
    packs: new Map(packNames(folder).map((name) => [name, read(join(packsFolder(folder), packFile(name)))])),
  };
}

/** The folder that a policy is about: the one that holds its `.countersign`. Others are about any. */
function workspaceOf(path: string): string | undefined {
  const folder = dirname(resolve(path));
  const names = folder.split(/[\\/]/);
  const at = names.lastIndexOf('.countersign');
  const root = at < 1 ? undefined : names.slice(0, at).join('/');
  return root === '' || root === homedir() ? undefined : root;
}

function factsOf(root: string): Pick<LintContext, 'workspace' | 'people'> {
  const { paths, people } = workspaceFacts(root);
  const { name, email, roles } = new MachineSurroundings({}).user();
  return {
    ...(paths === undefined ? {} : { workspace: { root: root.replaceAll('\\', '/'), home: homedir(), paths } }),
    ...(people === undefined ? {} : { people: [...people, name, email, ...roles] }),
  };
}
