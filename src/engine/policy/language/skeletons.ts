import type { Path } from './part.ts';
import { type FieldShape, fieldsOf, itemShapes, takes, valuesOf, type Shape } from './shape.ts';

export interface Skeleton {
  readonly label: string;
  readonly help: string;
  /** In the syntax of snippets. */
  readonly text: string;
}

/** A piece that people often write. */
export interface Snippet {
  readonly label: string;
  readonly detail: string;
  readonly kind: 'rule' | 'document';
  /** In the syntax of snippets; of a rule, as an item of a list. */
  readonly lines: readonly string[];
}

/** The pieces that fit a place: rules in a list of rules, documents where there is nothing yet. */
export function snippetsAt(path: Path, shapes: readonly Shape[], snippets: readonly Snippet[]): readonly Skeleton[] {
  const isItem = typeof path.at(-1) === 'number';
  const isRules = path[0] === 'spec' && path[1] === 'rules' && path.length === (isItem ? 3 : 2);
  const fitting = snippets.filter(({ kind }) => (kind === 'rule' ? isRules : isDocument(path, shapes)));
  return fitting.map(({ label, detail, lines }) => {
    const text = lines.join('\n');
    return { label, help: detail, text: isItem ? text.replace(/^- /, '') : text };
  });
}

/** What one cannot do without at a place: a whole document, or an item of a list of maps. */
export function skeletons(path: Path, shapes: readonly Shape[], extraIndent: number): readonly Skeleton[] {
  if (isDocument(path, shapes)) return documents;
  const isList = takes(shapes, 'list');
  const fields = fieldsOf(isList ? itemShapes(shapes) : shapes).filter(({ isRequired }) => isRequired);
  const inList = isList || typeof path.at(-1) === 'number';
  if (!inList || fields.length === 0) return [];
  const indent = ' '.repeat(extraIndent + (isList ? 2 : 0));
  const lines = fields.map((field, index) => `${field.name}: ${hole(field, index + 1)}`).join(`\n${indent}`);
  const named = lists[path.findLast((step) => typeof step === 'string') ?? ''] ?? 'case';
  return [{ label: `new ${named}`, help: `A ${named} with what it needs.`, text: `${isList ? '- ' : ''}${lines}$0` }];
}

function isDocument(path: Path, shapes: readonly Shape[]): boolean {
  return path.length === 0 && fieldsOf(shapes).some(({ name }) => name === 'spec');
}

const lists: Readonly<Record<string, string>> = {
  rules: 'rule',
  exempt: 'exemption',
  limits: 'limit',
  conditions: 'condition',
  unless: 'condition',
};

function hole({ name, shapes }: FieldShape, index: number): string {
  const values = valuesOf(shapes);
  if (values.length > 1) return `\${${index}|${preferred(values).join(',')}|}`;
  return takes(shapes, 'map') && shapes.length === 1 ? `{\${${index}}}` : `\${${index}:${examples[name] ?? ''}}`;
}

/** A rule is mostly written to deny. */
function preferred(values: readonly string[]): readonly string[] {
  return values.includes('deny') ? ['deny', ...values.filter((value) => value !== 'deny')] : values;
}

const examples: Readonly<Record<string, string>> = { name: 'a-name', rule: 'policy/rule', cel: 'request.tool == "shell"' };

const documents: readonly Skeleton[] = [
  {
    label: 'new policy',
    help: 'A policy with one rule.',
    text: `kind: ToolPolicy
metadata:
  name: \${1:my-policy}
spec:
  rules:
    - name: \${2:no-force-push}
      commands: ["\${3:git push --force}"]
      action: \${4|deny,require_approval,allow|}
      message: \${5:It rewrites history that others have.}
      tests:
        \${4}: ["\${6:git push --force origin main}"]
        pass: ["\${7:git push origin main}"]
$0`,
  },
  {
    label: 'new budget',
    help: 'A budget with one limit.',
    text: `kind: BudgetPolicy
metadata:
  name: \${1:my-budget}
spec:
  limits:
    - per: \${2|session,day,week,month|}
      costUsd: \${3:5}
      onLimit: \${4|require_approval,deny,alert,kill|}
$0`,
  },
  {
    label: 'new guardrail',
    help: 'A guardrail that keeps secrets from going in and out.',
    text: `kind: GuardrailPolicy
metadata:
  name: \${1:my-guardrail}
spec:
  applyTo: [prompt, input, output]
  detect:
    - type: \${2|secret,pii,prompt-injection,exfiltration|}
      action: \${3|redact,require_approval,deny,alert|}
$0`,
  },
];
