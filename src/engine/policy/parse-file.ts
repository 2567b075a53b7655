import { createHash } from 'node:crypto';
import type * as z from 'zod/mini';
import { compileArtifacts } from '../artifact/compile.ts';
import type { ArtifactDocument } from '../artifact/document.ts';
import { artifactPolicy } from '../artifact/schema.ts';
import { compileBudget } from '../budget/compile.ts';
import type { BudgetDocument } from '../budget/document.ts';
import { budgetPolicy } from '../budget/schema.ts';
import type { Layer } from '../decision.ts';
import { compileGuardrail } from '../guardrail/policy/compile.ts';
import type { GuardrailDocument } from '../guardrail/policy/document.ts';
import { guardrailPolicy } from '../guardrail/policy/schema.ts';
import { compileDocument, type CompileProblem } from './compile.ts';
import type { PolicyDocument } from './document.ts';
import { didYouMean } from './nearest.ts';
import type { Origin } from './packs.ts';
import type { PolicyFile, PolicyProblem, Position } from './policy-set.ts';
import { toolPolicy } from './schema.ts';
import { readYaml, type YamlDocument } from './yaml-source.ts';
import { shapeProblems } from './zod-problems.ts';

export interface PolicySource {
  readonly path: string;
  readonly layer: Layer;
  readonly source: string;
  /** Whether a person has accepted this very digest. */
  readonly trusted: boolean;
  /** The names of the packs that we ship. Left out: any name will do. */
  readonly packs?: readonly string[];
  /**
   * Conditions are compiled when they are first asked: for files whose conditions our own tests have compiled. One that is bad after
   * all denies the calls that reach it.
   */
  readonly lazily?: boolean;
}

type AnyDocument = PolicyDocument | BudgetDocument | GuardrailDocument | ArtifactDocument;

const maxLength = 1_048_576;
const maxPieces = 60_000;
const kinds = ['ToolPolicy', 'BudgetPolicy', 'GuardrailPolicy', 'ArtifactPolicy', 'Team'];
const understood = ['ToolPolicy', 'BudgetPolicy', 'GuardrailPolicy', 'ArtifactPolicy'];
const start: Position = { line: 1, column: 1, endLine: 1, endColumn: 1 };

/** Reads and compiles a policy file. Never throws: whatever is wrong is a problem of the file, with its place. */
export function parsePolicyFile({ path, layer, source, trusted, packs, lazily }: PolicySource): PolicyFile {
  const problems: CompileProblem[] = [];
  const documents = readDocuments(source, { layer, packs, lazily }, problems);
  return {
    path,
    layer,
    digest: `sha256:${createHash('sha256').update(source, 'utf8').digest('hex')}`,
    // Never half applied: a file with a problem has no documents.
    documents: problems.length > 0 ? [] : documents.filter((document) => document.kind === 'ToolPolicy'),
    budgets: problems.length > 0 ? [] : documents.filter((document) => document.kind === 'BudgetPolicy'),
    guardrails: problems.length > 0 ? [] : documents.filter((document) => document.kind === 'GuardrailPolicy'),
    artifacts: problems.length > 0 ? [] : documents.filter((document) => document.kind === 'ArtifactPolicy'),
    problems: unique(problems.map((problem): PolicyProblem => ({ file: path, ...problem }))).toSorted(byPosition),
    source,
    trusted: layer !== 'workspace' || trusted,
  };
}

function readDocuments(source: string, options: Origin, problems: CompileProblem[]): readonly AnyDocument[] {
  if (source.length > maxLength) {
    problems.push({ position: start, message: 'The file is larger than 1 MiB' });
    return [];
  }
  // Parsing costs by the piece: a small file of very many would keep everybody waiting.
  if ((source.match(/[\n,[{]/g)?.length ?? 0) > maxPieces) {
    problems.push({ position: start, message: `The file has more than ${maxPieces} lines and list items` });
    return [];
  }
  try {
    const yaml = readYaml(source);
    problems.push(...yaml.problems.map((problem) => ({ ...problem, inSchema: true })));
    const documents = yaml.documents.flatMap((document) => readDocument(document, options, problems));
    reportDuplicates(documents, problems);
    return documents;
  } catch (cause) {
    problems.push({ position: start, message: `The file cannot be read: ${cause instanceof Error ? cause.message : String(cause)}` });
    return [];
  }
}

function readDocument(yaml: YamlDocument, options: Origin, problems: CompileProblem[]): readonly AnyDocument[] {
  const kind = kindOf(yaml.value);
  if (kind === 'BudgetPolicy') return shaped(budgetPolicy, yaml, problems).map((source) => compileBudget(source, yaml, problems));
  if (kind === 'GuardrailPolicy') return shaped(guardrailPolicy, yaml, problems).map((source) => compileGuardrail(source, yaml, problems));
  if (kind === 'ArtifactPolicy') return shaped(artifactPolicy, yaml, problems).map((source) => compileArtifacts(source, yaml, problems));
  if (kind === 'ToolPolicy' || !isMap(yaml.value))
    return shaped(toolPolicy, yaml, problems).map((source) => compileDocument(source, yaml, options, problems));
  const message = kind === undefined ? `Missing; "kind" must be one of ${understood.join(', ')}` : kindProblem(kind);
  problems.push({ position: yaml.where(['kind']), message });
  return [];
}

/** The document in its shape, or nothing: then `problems` says why. */
function shaped<T>(schema: z.ZodMiniType<T>, yaml: YamlDocument, problems: CompileProblem[]): readonly T[] {
  const parsed = schema.safeParse(yaml.value);
  if (parsed.success) return [parsed.data];
  for (const { path, atKey, message, inSchema } of shapeProblems(schema, yaml.value, parsed.error.issues)) {
    problems.push({ position: atKey ? yaml.whereKey(path) : yaml.where(path), message, ...(inSchema ? { inSchema } : {}) });
  }
  return [];
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string | undefined {
  const kind = isMap(value) && 'kind' in value ? value.kind : undefined;
  return typeof kind === 'string' ? kind : undefined;
}

/** A kind that is not enforced must be an error: nobody should believe to be protected by it. */
function kindProblem(kind: string): string {
  return kinds.includes(kind)
    ? `${kind} is not enforced by this version; remove the document, or move it to a file that is not loaded`
    : `Unknown kind "${kind}"${didYouMean(kind, kinds)}`;
}

function reportDuplicates(documents: readonly AnyDocument[], problems: CompileProblem[]): void {
  const seen = new Set<string>();
  for (const { name, position } of documents) {
    if (seen.has(name))
      problems.push({ position, message: `A policy named "${name}" stands above already; names are unique within a layer` });
    seen.add(name);
  }
}

/** What is used in several places is wrong in one. */
function unique(problems: readonly PolicyProblem[]): readonly PolicyProblem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

function byPosition(a: PolicyProblem, b: PolicyProblem): number {
  return a.position.line - b.position.line || a.position.column - b.position.column;
}
