import type { Action, Layer, Mode } from '../decision.ts';
import { inWords } from './difference-words.ts';
import { policyDifference } from './difference.ts';
import type { PolicyFile } from './policy-set.ts';

/** A policy file as a list shows it. All names in it are those that whoever wrote the file chose. */
export interface PolicyOverview {
  readonly path: string;
  readonly layer: Layer;
  readonly digest: string;
  /** A person wants it to interfere with nothing for now. */
  readonly onlyObserves?: true;
  readonly documents: readonly DocumentOverview[];
  readonly problems: readonly { readonly message: string; readonly line: number }[];
  /** Left out where nothing in it waits for a person's trust. */
  readonly trust?: TrustOverview;
}

export interface DocumentOverview {
  readonly name: string;
  readonly kind: 'ToolPolicy' | 'BudgetPolicy' | 'GuardrailPolicy' | 'ArtifactPolicy';
  readonly mode: Mode;
  /** Rules, a budget's limits and breakers, what a guardrail looks for, or servers that are listed. */
  readonly rules: number;
  /** How many rules of each action. */
  readonly actions: Readonly<Partial<Record<Action, number>>>;
  readonly line: number;
  readonly description?: string;
}

export interface TrustOverview {
  readonly isTrusted: boolean;
  /** How many rules answer an agent's own prompt once it is trusted. */
  readonly autoApprove: number;
  /** An earlier version that a person trusted, and what is new since, in words. */
  readonly since?: { readonly digest: string; readonly changes: string };
}

/** An earlier version of the same file. */
export interface EarlierVersion {
  readonly digest: string;
  readonly source: string | undefined;
}

export function overviewOf(file: PolicyFile, trusted: EarlierVersion | undefined): PolicyOverview {
  const { path, layer, digest, onlyObserves, documents, budgets, guardrails, artifacts, problems } = file;
  const trust = trustOf(file, trusted);
  return {
    path,
    layer,
    digest,
    ...(onlyObserves === undefined ? {} : { onlyObserves }),
    documents: [...documents.map(ofPolicy), ...budgets.map(ofBudget), ...guardrails.map(ofGuardrail), ...artifacts.map(ofArtifacts)].sort(
      (a, b) => a.line - b.line,
    ),
    problems: problems.map(({ message, position }) => ({ message, line: position.line })),
    ...(trust === undefined ? {} : { trust }),
  };
}

function ofPolicy({ name, kind, mode, rules, position, description }: PolicyFile['documents'][number]): DocumentOverview {
  const actions: Partial<Record<Action, number>> = {};
  for (const { action } of rules) actions[action] = (actions[action] ?? 0) + 1;
  return { name, kind, mode, rules: rules.length, actions, line: position.line, ...(description === undefined ? {} : { description }) };
}

function ofBudget({ name, mode, limits, breakers, position }: PolicyFile['budgets'][number]): DocumentOverview {
  return { name, kind: 'BudgetPolicy', mode, rules: limits.length + breakers.length, actions: {}, line: position.line };
}

function ofGuardrail({ name, kind, mode, detections, position, description }: PolicyFile['guardrails'][number]): DocumentOverview {
  const about = description === undefined ? {} : { description };
  return { name, kind, mode, rules: detections.length, actions: {}, line: position.line, ...about };
}

function ofArtifacts({ name, kind, mode, servers, position, description }: PolicyFile['artifacts'][number]): DocumentOverview {
  const about = description === undefined ? {} : { description };
  return { name, kind, mode, rules: servers.length, actions: {}, line: position.line, ...about };
}

function trustOf({ layer, trusted: isTrusted, documents, digest, source }: PolicyFile, earlier: EarlierVersion | undefined) {
  const autoApprove = documents.flatMap(({ rules }) => rules).filter((rule) => rule.autoApprove).length;
  if (layer !== 'workspace' || autoApprove === 0) return undefined;
  if (isTrusted || earlier === undefined || earlier.digest === digest) return { isTrusted, autoApprove };
  const changes = earlier.source === undefined ? 'its text was not kept' : inWords(policyDifference(earlier.source, source));
  return { isTrusted, autoApprove, since: { digest: earlier.digest, changes } };
}
