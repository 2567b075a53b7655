import type { Action } from '../../engine/decision.ts';
import type { DocumentSteps, RuleSteps, Step } from '../../engine/policy/steps.ts';
import type { Icon } from '../icons.ts';
import type { RuleInSight, ShownExplanation } from './messages.ts';

/** One line of the explanation. `text` and `note` are whatever a policy or a call says. */
export interface TreeNode {
  readonly id: string;
  readonly icon: Icon;
  readonly tone: 'plain' | 'bad' | 'asked' | 'good';
  readonly word: string;
  readonly text: string;
  readonly note: string;
  /** Where it stands. */
  readonly place?: { readonly file: string; readonly line: number };
  /** Unless the person says otherwise. */
  readonly isOpen: boolean;
  readonly children: readonly TreeNode[];
}

/** The rule that the person looks at, then every document: those that have a say first, those that are about other calls last. */
export function treeOf({ documents, broken }: ShownExplanation, sight: RuleInSight | undefined): readonly TreeNode[] {
  const looked = sight === undefined ? [] : [lookedAt(documents, sight)];
  const unusable = broken.map(({ file, why }) => leaf(`broken ${file}`, 'warning', 'cannot be used', nameOf(file), why));
  return [...looked, ...unusable, ...documents.toSorted((a, b) => rank(a) - rank(b)).map(documentNode)];
}

function lookedAt(documents: readonly DocumentSteps[], sight: RuleInSight): TreeNode {
  const document = documents.find(({ policy, file }) => policy === sight.policy && file === sight.file);
  const rule = document?.rules.find(({ rule: name }) => name === sight.rule);
  const name = `${sight.policy}/${sight.rule}`;
  if (document === undefined)
    return leaf('sight', 'info', 'is not in force', name, 'No policy of that name holds for calls in this folder.');
  if (rule !== undefined) return { ...ruleNode(rule, document), id: 'sight', text: name, isOpen: true };
  if (document.inScope) return leaf('sight', 'info', 'is not there', name, 'The policy has no rule of that name now.');
  const children = document.scope.map((step, index) => stepNode(step, `sight ${index}`));
  return { ...leaf('sight', 'circle-slash', 'is not asked', name, 'Its policy is not about this call.'), isOpen: true, children };
}

/** The smaller, the further up. */
function rank({ inScope, rules, byDefault }: DocumentSteps): number {
  if (!inScope) return 3;
  if (rules.some(({ matched }) => matched)) return 0;
  return byDefault === undefined ? 2 : 1;
}

function documentNode(document: DocumentSteps): TreeNode {
  const { policy, file, layer, mode, scope, rules, inScope } = document;
  const id = `${file} ${policy}`;
  const applying = rules.filter(({ matched }) => matched);
  const sorted = [...applying, ...rules.filter(({ matched }) => !matched)];
  return {
    id,
    icon: inScope ? 'law' : 'circle-slash',
    tone: 'plain',
    word: documentWord(document, applying.length),
    text: policy,
    note: [layers[layer], ...(mode === 'observe' ? ['only observes'] : []), nameOf(file)].join(' · '),
    place: { file, line: 1 },
    isOpen: applying.length > 0,
    children: [...scope.map((step, index) => stepNode(step, `${id} ${index}`)), ...sorted.map((rule) => ruleNode(rule, document))],
  };
}

function documentWord({ inScope, byDefault }: DocumentSteps, applying: number): string {
  if (!inScope) return 'is not about this call';
  if (applying > 0) return applying === 1 ? '1 rule applies' : `${applying} rules apply`;
  return byDefault === undefined ? 'no rule applies' : `no rule applies, so its default ${does[byDefault]}`;
}

function ruleNode({ rule, action, matched, why, exempted, steps, line }: RuleSteps, { file, policy }: DocumentSteps): TreeNode {
  const id = `${file} ${policy} ${rule}`;
  const isFault = steps.some(({ result }) => result === 'fault');
  const children = steps.map((step, index) => stepNode(step, `${id} ${index}`));
  return {
    id,
    ...(matched ? marks[action] : { icon: 'close', tone: 'plain' }),
    word: matched ? `applies and ${does[action]}` : `does not apply (it ${would[action]})`,
    text: rule,
    note: [...(matched || isFault ? [why] : []), ...(exempted === undefined ? [] : [`exempted: ${exempted}`]), `line ${line}`].join(' · '),
    place: { file, line },
    isOpen: false,
    children: children.length === 0 ? [leaf(`${id} all`, 'check', 'yes', 'it is about every call', '')] : children,
  };
}

function stepNode({ field, wants, result, note = '' }: Step, id: string): TreeNode {
  const [icon, word, tone] = results[result];
  return { ...leaf(id, icon, word, wants === '' ? field : `${field}: ${wants}`, note), tone };
}

function leaf(id: string, icon: Icon, word: string, text: string, note: string): TreeNode {
  return { id, icon, tone: 'plain', word, text, note, isOpen: false, children: [] };
}

const results: Readonly<Record<Step['result'], readonly [Icon, string, TreeNode['tone']]>> = {
  holds: ['check', 'yes', 'good'],
  fails: ['close', 'no', 'plain'],
  fault: ['warning', 'could not be evaluated', 'bad'],
};

export const marks: Readonly<Record<Action, { readonly icon: Icon; readonly tone: TreeNode['tone'] }>> = {
  deny: { icon: 'error', tone: 'bad' },
  require_approval: { icon: 'question', tone: 'asked' },
  allow: { icon: 'pass', tone: 'good' },
  abstain: { icon: 'circle-outline', tone: 'plain' },
};

const does: Readonly<Record<Action, string>> = { deny: 'denies', require_approval: 'asks', allow: 'allows', abstain: 'says nothing' };
const would: Readonly<Record<Action, string>> = {
  deny: 'would deny',
  require_approval: 'would ask',
  allow: 'would allow',
  abstain: 'would say nothing',
};

const layers: Readonly<Record<DocumentSteps['layer'], string>> = {
  organisation: 'organisation’s policy',
  user: 'your policy',
  workspace: 'this folder’s policy',
  'built-in': 'built-in policy',
};

function nameOf(file: string): string {
  return file.split(/[/\\]/).findLast((part) => part !== '') ?? file;
}
