import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { addPack, type Inserted, listsPacks } from '../../engine/policy/add-pack.ts';
import { parsePolicyFile } from '../../engine/policy/parse-file.ts';
import type { PolicyFile } from '../../engine/policy/policy-set.ts';
import { packFile, packNames, packsFolder, shippedPolicies } from '../../storage/shipped-policies.ts';
import type { PolicyText } from './policy-text.ts';

// Part of the policy desk: what we ship, and how it comes into a policy.

export interface PackAtHand {
  readonly name: string;
  readonly description: string;
  /** `5 rules` */
  readonly size: string;
  /** The files that name it. */
  readonly namedBy: readonly PolicyText[];
}

export interface PackAdded extends Inserted {
  readonly file: string;
  readonly exists: boolean;
}

/** All packs that we ship. `texts` are the policies that may name some. */
export function packsAtHand(texts: readonly PolicyText[]): readonly PackAtHand[] {
  const shipped = shippedPolicies();
  const read = texts.map(parsed);
  return packNames(shipped).map((name) => {
    const pack = shippedFile(join(packsFolder(shipped), packFile(name)));
    const [about] = [...pack.documents, ...pack.budgets, ...pack.guardrails];
    const namedBy = texts.filter((_, index) => read[index]?.documents.some((document) => document.packs.includes(name)));
    return { name, description: about?.description ?? '', size: sizeOf(pack), namedBy };
  });
}

/** How many rules are in force without anybody naming them. */
export function rulesAlwaysOn(): number {
  const shipped = shippedPolicies();
  const names = readdirSync(shipped).filter((name) => name.endsWith('.yaml'));
  return names.reduce((sum, name) => sum + rulesOf(shippedFile(join(shipped, name))), 0);
}

/**
 * Names a pack in a policy of this folder: beside other packs, or in a policy of its own. `texts` are the files of its layer. Throws
 * where that could not be in force.
 */
export function withPack(folder: string, texts: readonly PolicyText[], pack: string): PackAdded {
  const here = texts.filter(({ path }) => dirname(path) === folder);
  const fresh = join(folder, 'packs.yaml');
  const listing = here.find(({ path, source }) => !/\.test\.ya?ml$/i.test(path) && listsPacks(source));
  const target = listing ?? here.find(({ path }) => path === fresh);
  const file = target?.path ?? fresh;
  const source = target?.source ?? '';
  if (target !== undefined) check(target, 'has a problem that must be mended first');
  const added = addPack(source, pack, freeName(here));
  check({ path: file, layer: here[0]?.layer ?? 'workspace', source: added.source }, `cannot take the pack ${pack}`);
  return { ...added, file, exists: target !== undefined && target.isNew !== true };
}

function shippedFile(path: string): PolicyFile {
  return parsePolicyFile({ path, layer: 'built-in', source: readFileSync(path, 'utf8'), trusted: true, lazily: true });
}

function check(text: PolicyText, what: string): void {
  const problem = text.source.trim() === '' ? undefined : parsed(text).problems[0];
  if (problem !== undefined) throw new Error(`${basename(text.path)} ${what}: ${problem.message}`);
}

function parsed(text: PolicyText): PolicyFile {
  return parsePolicyFile({ ...text, trusted: true, packs: packNames(shippedPolicies()), lazily: true });
}

function freeName(texts: readonly PolicyText[]): string {
  const taken = new Set(
    texts.map(parsed).flatMap((file) => [...file.documents, ...file.budgets, ...file.guardrails].map(({ name }) => name)),
  );
  const names = Array.from({ length: taken.size + 1 }, (_, index) => (index === 0 ? 'packs' : `packs-${index + 1}`));
  return names.find((name) => !taken.has(name)) ?? 'packs';
}

function sizeOf(pack: PolicyFile): string {
  if (pack.documents.length > 0) return `${rulesOf(pack)} rules`;
  if (pack.guardrails.length > 0) return `${pack.guardrails.flatMap((one) => one.detections).length} detections`;
  const [limits, breakers] = [pack.budgets.flatMap((one) => one.limits), pack.budgets.flatMap((one) => one.breakers)];
  return `${limits.length} limits, ${breakers.length} circuit breakers`;
}

function rulesOf({ documents }: PolicyFile): number {
  return documents.reduce((sum, { rules }) => sum + rules.length, 0);
}
