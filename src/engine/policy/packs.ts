import type { Layer } from '../decision.ts';
import { didYouMean } from './nearest.ts';
import type { Position } from './position.ts';
import type { ToolPolicySource } from './schema.ts';
import type { YamlDocument } from './yaml-source.ts';

interface PackProblem {
  readonly position: Position;
  readonly message: string;
}

/** Where a document comes from, and the names of the packs that we ship. Left out: any name will do. */
export interface Origin {
  readonly layer: Layer;
  readonly packs?: readonly string[] | undefined;
  /** Conditions are compiled when they are first asked. */
  readonly lazily?: boolean | undefined;
}

/** What is wrong with the packs that a document names: a name that does not count would protect nobody. */
export function checkPacks({ spec }: ToolPolicySource, yaml: YamlDocument, { layer, packs: known }: Origin): readonly PackProblem[] {
  const { packs } = spec;
  if (packs === undefined) return [];
  const at = yaml.whereKey(['spec', 'packs']);
  if (layer === 'built-in') return [{ position: at, message: 'Packs are named by the organisation, the user or a workspace' }];
  const narrowing = (['agent', 'mcpServer'] as const).find((field) => spec[field] !== undefined);
  const problems: PackProblem[] = [];
  if (narrowing !== undefined)
    problems.push({ position: at, message: `Packs are in force for every call; name them in a document without "${narrowing}"` });
  if (spec.mode === 'observe')
    problems.push({ position: at, message: 'Packs are enforced; name them in a document that does not say "mode: observe"' });
  return [...problems, ...packs.flatMap((name, index) => unknownPack(name, known, yaml.where(['spec', 'packs', index])))];
}

function unknownPack(name: string, known: readonly string[] | undefined, position: Position): readonly PackProblem[] {
  if (known === undefined || known.includes(name)) return [];
  const guess = didYouMean(name, known);
  const others = guess === '' && known.length > 0 ? `; there are ${known.join(', ')}` : guess;
  return [{ position, message: `There is no pack "${name}"${others}` }];
}
