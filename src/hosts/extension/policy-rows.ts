import { basename } from 'node:path';
import type { Problem } from '../../channel/messages.ts';
import type { Layer } from '../../engine/decision.ts';
import { visibleText } from '../../engine/guardrail/visible-text.ts';
import type { DocumentOverview, PolicyOverview } from '../../engine/policy/overview.ts';
import type { PoliciesInForce } from '../../governor/policies.ts';
import { policyItems } from './contributions.ts';
import { lineOf, plural } from './session-words.ts';
import type { TreeRow } from './tree-row.ts';

/** A line of the Policies view. Whoever wrote a file chose its names: what cannot be seen in one is spelt out. */
export interface PolicyRow extends TreeRow {
  /** The same as long as it is the same thing. */
  readonly id: string;
  readonly children: readonly PolicyRow[];
  /** What a click opens. */
  readonly file?: string;
  readonly line?: number;
  /** The name of the policy, as it is written. */
  readonly policy?: string;
  /** Where calls are only observed; an empty text: everywhere. */
  readonly observed?: string;
}

const layers: readonly (readonly [Layer, label: string, help: string])[] = [
  ['organisation', 'Organisation', 'Only an administrator changes them, and nobody loosens them.'],
  ['user', 'Yours', 'They hold in every folder.'],
  ['workspace', 'This folder', 'Shared with your team through the repository. They can tighten, never loosen.'],
  ['built-in', 'Built-in', 'Shipped with Countersign: what nobody wants, and the packs that a policy names.'],
];

/** What governs a folder, outermost layer first. `problems`: what is wrong now with files of which an older version may be in force. */
export function policyRows({ files, observed }: PoliciesInForce, problems: readonly Problem[]): readonly PolicyRow[] {
  const groups = layers.map(([layer, label, help]) =>
    groupRow(
      label,
      help,
      files.filter((file) => file.layer === layer),
      problems,
    ),
  );
  return [...observed.map(observedRow), ...groups];
}

function observedRow({ folder, by, until }: PoliciesInForce['observed'][number]): PolicyRow {
  const where = folder === undefined ? 'everywhere' : `in ${visibleText(basename(folder) || folder)}`;
  const end = until === undefined ? 'until you enforce them again' : `until ${new Date(until).toLocaleString()}`;
  return {
    id: `observed:${folder ?? ''}`,
    label: `Only observing ${where}`,
    description: `nothing is stopped, ${end}`,
    tooltip: `${visibleText(by)} has calls ${where} judged and recorded, and not stopped, ${end}. The organisation’s policies and what protects Countersign itself stay in force.`,
    icon: 'eye',
    tone: 'warning',
    contextValue: policyItems.observed,
    children: [],
    observed: folder ?? '',
  };
}

function groupRow(label: string, help: string, files: readonly PolicyOverview[], problems: readonly Problem[]): PolicyRow {
  const rules = files.flatMap(({ documents }) => documents).reduce((sum, document) => sum + document.rules, 0);
  const children = files.map((file) => fileRow(file, problems));
  return {
    id: `layer:${label}`,
    label,
    description: files.length === 0 ? 'none' : `${plural(files.length, 'file')}, ${plural(rules, 'rule')}`,
    tooltip: help,
    icon: 'layers',
    children,
    ...(label === 'Built-in' && children.every(({ tone }) => tone === undefined) ? {} : { isOpen: true as const }),
  };
}

function fileRow(file: PolicyOverview, problems: readonly Problem[]): PolicyRow {
  const wrong = problemsOf(file, problems);
  const { path, digest, documents, onlyObserves, trust } = file;
  const isUntrusted = trust !== undefined && !trust.isTrusted;
  const rules = documents.reduce((sum, document) => sum + document.rules, 0);
  return {
    id: `file:${path}`,
    label: visibleText(basename(path)),
    description: lineOf([
      wrong.length === 0 ? plural(rules, 'rule') : plural(wrong.length, 'error'),
      onlyObserves ? 'only observed' : documents.length > 0 && documents.every(({ mode }) => mode === 'observe') ? 'observes' : '',
      isUntrusted ? 'not trusted' : '',
      shortDigest(digest),
    ]),
    tooltip: [visibleText(path), digest, trustText(file)].filter(Boolean).join('\n'),
    ...(wrong.length > 0 ? bad : isUntrusted ? untrusted : { icon: onlyObserves ? 'eye' : 'law' }),
    contextValue: contextOf(file),
    children: [...wrong, ...documents.map((document) => documentRow(file, document))],
    file: path,
  };
}

const bad = { icon: 'error', tone: 'error' } as const;
const untrusted = { icon: 'unverified', tone: 'warning' } as const;

function contextOf({ trust }: PolicyOverview): string {
  if (trust === undefined) return policyItems.file;
  if (trust.isTrusted) return policyItems.trusted;
  return trust.since === undefined ? policyItems.untrusted : policyItems.changed;
}

function trustText({ layer, trust }: PolicyOverview): string {
  if (trust === undefined) return layer === 'workspace' ? 'Nothing in it needs your trust: it only tightens.' : '';
  const rules = `${plural(trust.autoApprove, 'rule')} with autoApprove`;
  if (trust.isTrusted) return `You trusted this version: ${rules} may answer an agent’s prompt.`;
  const since = trust.since === undefined ? '' : ` Since the version you trusted: ${visibleText(trust.since.changes)}.`;
  return `Not trusted: ${rules} will not answer an agent’s prompt before you trust this version.${since}`;
}

function documentRow({ path, layer, onlyObserves }: PolicyOverview, document: DocumentOverview): PolicyRow {
  const { name, kind, mode, line, description = '' } = document;
  const isYours = layer === 'user' || layer === 'workspace';
  return {
    id: `policy:${path}:${name}`,
    label: visibleText(name),
    description: lineOf([mode === 'observe' || onlyObserves ? 'observes' : 'enforces', countText(document)]),
    tooltip: [`${kindNames[kind]} ${visibleText(name)}, line ${line}`, visibleText(description)].filter(Boolean).join('\n'),
    icon:
      mode === 'observe' || onlyObserves ? 'eye' : kind === 'BudgetPolicy' ? 'dashboard' : kind === 'GuardrailPolicy' ? 'filter' : 'shield',
    ...(isYours ? { contextValue: mode === 'observe' ? policyItems.observing : policyItems.enforcing } : {}),
    children: [],
    file: path,
    line,
    policy: name,
  };
}

const kindNames = { ToolPolicy: 'Policy', BudgetPolicy: 'Budget', GuardrailPolicy: 'Guardrail', ArtifactPolicy: 'MCP servers' } as const;

const verbs = [
  ['deny', 'deny'],
  ['require_approval', 'ask'],
  ['allow', 'allow'],
  ['abstain', 'abstain'],
] as const;

function countText({ kind, rules, actions }: DocumentOverview): string {
  if (kind === 'BudgetPolicy') return plural(rules, 'limit');
  if (kind === 'GuardrailPolicy') return plural(rules, 'detection');
  if (kind === 'ArtifactPolicy') return plural(rules, 'server');
  const counted = verbs.flatMap(([action, verb]) => (actions[action] === undefined ? [] : [`${actions[action]} ${verb}`]));
  return counted.length === 0 ? 'no rules' : counted.join(', ');
}

/** Those of the version in force, and those of one that could not take its place. */
function problemsOf({ path, problems }: PolicyOverview, now: readonly Problem[]): readonly PolicyRow[] {
  const rejected = now.filter(({ file }) => file === path).map(({ message, line = 1 }) => ({ message, line }));
  const all = [...problems, ...rejected.filter((one) => !problems.some(({ message }) => message === one.message))];
  return all.map(({ message, line }, i) => ({
    id: `problem:${path}:${i}`,
    label: visibleText(message),
    description: `line ${line}`,
    tooltip: `${visibleText(path)}:${line}: ${visibleText(message)}`,
    ...bad,
    children: [],
    file: path,
    line,
  }));
}

function shortDigest(digest: string): string {
  return digest.replace('sha256:', '').slice(0, 8);
}
