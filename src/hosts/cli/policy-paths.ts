import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { parsePolicyTestFile, type PolicyTestFile } from '../../engine/policy/policy-test-file.ts';
import type { PolicyFile, PolicyProblem } from '../../engine/policy/policy-set.ts';
import { homeOf } from '../../storage/home.ts';
import { policyParser, shippedPolicies } from '../../storage/shipped-policies.ts';

export interface PolicyPaths {
  readonly policies: readonly string[];
  readonly tests: readonly string[];
}

/** Files, and the YAML files of folders; without any, those of this folder's workspace policies. Throws for what is not there. */
export function policyPaths(paths: readonly string[]): PolicyPaths {
  const all = (paths.length === 0 ? ['.countersign'] : paths).flatMap(filesAt);
  return { policies: all.filter((path) => !isTest(path)), tests: all.filter(isTest) };
}

function filesAt(path: string): readonly string[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new Error(`There is no ${path} in ${process.cwd()}. Name the policy files, or the folder that they are in`);
  if (!stat.isDirectory()) return [path];
  const names = readdirSync(path).filter((name) => /\.ya?ml$/.test(name));
  return names.toSorted().map((name) => join(path, name));
}

function isTest(path: string): boolean {
  return /\.test\.ya?ml$/.test(path);
}

/** A file of a workspace may say less than one of the user. */
export function readPolicy(path: string): PolicyFile {
  const full = resolve(path);
  const ofWorkspace = full.split(sep).includes('.countersign') && !full.startsWith(homeOf().root);
  const layer = ofWorkspace ? 'workspace' : 'user';
  return policyParser(shippedPolicies())({ path, layer, source: readFileSync(path, 'utf8'), trusted: true });
}

export function readTests(path: string): PolicyTestFile {
  return parsePolicyTestFile({ path, source: readFileSync(path, 'utf8') });
}

/** As compilers write it, so that editors and terminals find the place. */
export function problemLine({ file, position, message }: PolicyProblem): string {
  return `${file}:${position.line}:${position.column}: ${message}`;
}
