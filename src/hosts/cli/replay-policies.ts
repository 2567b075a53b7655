import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { PolicyFile, PolicyProblem, PolicySet } from '../../engine/policy/policy-set.ts';
import { type Draft, DraftPolicies, fileAt, onlyThese } from '../../storage/draft-policies.ts';
import { homeOf } from '../../storage/home.ts';
import { readPolicyText } from '../../storage/policy-text.ts';
import { policyParser, shippedPolicies } from '../../storage/shipped-policies.ts';
import type { Layers } from './layers.ts';

/** Texts that are to be judged by in the place of files, or beside them: what an editor has not saved. */
export const draftList = z.array(z.object({ path: z.string(), text: z.string() }));

/** The policies that recorded calls are judged by, for each workspace. */
export type PoliciesOf = (workspace: string) => PolicySet;

/** Only these files and folders, with self-protection: as `check --policy` has it. Throws where one of them has a problem. */
export function onlyPolicies(paths: readonly string[]): PoliciesOf {
  const builtIn = shippedPolicies();
  const parse = policyParser(builtIn);
  const set = onlyThese(
    paths.flatMap(filesAt).map((path) => fileAt(realpathSync(path), 'user', { parse })),
    { builtIn, parse },
  );
  refuseProblems(set.files);
  return () => set;
}

/** Those in force, with drafts in the place of files, or beside them. Throws where a draft has a problem. */
export function policiesWith(layers: Layers, drafts: readonly Draft[]): PoliciesOf {
  const builtIn = shippedPolicies();
  const places = { user: homeOf().policies, builtIn, parse: policyParser(builtIn), isTrusted: layers.isTrusted };
  const drafted = new DraftPolicies(drafts, places);
  refuseProblems(drafted.files);
  const known = new Map<string, PolicySet>();
  return (workspace) => {
    const set = known.get(workspace) ?? drafted.with(layers.policies.inForce(workspace), workspace);
    known.set(workspace, set);
    return set;
  };
}

/** The drafts that files on the disk are. */
export function draftsAt(paths: readonly string[]): readonly Draft[] {
  return paths.flatMap(filesAt).map((path) => {
    const text = readPolicyText(path);
    if (!text.ok) throw new Error(`${path} cannot be read: ${text.why}`);
    return { path, text: text.source };
  });
}

/** The longest time that a limit of these policies looks back. */
export function longestLimit({ files }: PolicySet): number {
  const rules = files.flatMap(({ documents }) => documents.flatMap((document) => document.rules));
  return Math.max(0, ...rules.map(({ rateLimit }) => rateLimit?.perMs ?? 0));
}

/** Whether a guardrail of these looks through prompts or results. */
export function looksBesideCalls({ files }: PolicySet): boolean {
  return files.some(({ guardrails }) => guardrails.some(({ appliesTo }) => appliesTo.has('prompt') || appliesTo.has('output')));
}

/** A file with a problem denies everything: nobody wants to read that as a table. */
export function refuseProblems(files: readonly PolicyFile[]): void {
  const [problem, ...others] = files.flatMap(({ problems }) => problems);
  if (problem !== undefined) throw new PolicyProblems(problem, others);
}

/** Policies that cannot be used. The first problem is the message: the others often follow from it. */
export class PolicyProblems extends Error {
  readonly problems: readonly PolicyProblem[];

  constructor(first: PolicyProblem, others: readonly PolicyProblem[]) {
    super(`${first.file}:${first.position.line}:${first.position.column}: ${first.message}`);
    this.problems = [first, ...others];
  }
}

function filesAt(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => /\.ya?ml$/.test(name) && !/\.test\.ya?ml$/.test(name))
    .map((name) => join(path, name));
}
