import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Action } from '../src/engine/decision.ts';
import type { GuardrailDocument } from '../src/engine/guardrail/policy/document.ts';
import type { BudgetDocument } from '../src/engine/budget/document.ts';
import type { PolicyDocument, Rule } from '../src/engine/policy/document.ts';
import { parsePolicyFile } from '../src/engine/policy/parse-file.ts';

// Writes docs/rules.md from the policies that we ship; with --check it only says whether the page is up to date.
const root = join(import.meta.dirname, '..');
const does: Readonly<Record<Action, string>> = { deny: 'Denies', require_approval: 'Asks', allow: 'Allows', abstain: 'Has no opinion' };
const page = join(root, 'docs', 'rules.md');
const text = pageOf(
  documentsIn('policies').filter((one) => one.kind === 'ToolPolicy'),
  documentsIn(join('policies', 'packs')),
);

if (!process.argv.includes('--check')) writeFileSync(page, text);
else if (readFileSync(page, 'utf8') !== text) {
  console.error('docs/rules.md is not what the policies say. Run: npm run rules');
  process.exitCode = 1;
}

type AnyDocument = PolicyDocument | BudgetDocument | GuardrailDocument;

function documentsIn(folder: string): readonly AnyDocument[] {
  const names = readdirSync(join(root, folder)).filter((name) => name.endsWith('.yaml'));
  return names.toSorted().flatMap((name) => {
    const path = join(folder, name);
    const file = parsePolicyFile({ path, layer: 'built-in', source: readFileSync(join(root, path), 'utf8'), trusted: true });
    for (const { position, message } of file.problems) throw new Error(`${path}:${position.line}: ${message}`);
    return [...file.documents, ...file.budgets, ...file.guardrails];
  });
}

function pageOf(always: readonly PolicyDocument[], packs: readonly AnyDocument[]): string {
  return `# Rules that Countersign ships

Generated from \`policies/\` by \`npm run rules\`; every example is a test. *Stops* are calls that the rule is about, *leaves alone* are near
misses. A rule that *denies* refuses the call and tells the agent why; one that *asks* waits for a person.

A person who wants one of these rules gone says so in a policy of their own (\`~/.countersign/policies\`), with a reason:

\`\`\`yaml
kind: ToolPolicy
metadata: {name: mine}
exempt:
  - {rule: baseline-git/force-push, reason: I rebase my branches all day}
spec: {}
\`\`\`

${contents('Always on', always)}
${contents('Packs: on where a policy names them', packs)}
# Always on

${always.map(section).join('\n')}
# Packs

On where a policy of the organisation, the user or a workspace names them; they can only tighten.

\`\`\`yaml
kind: ToolPolicy
metadata: {name: team}
spec: {packs: [strict, kubernetes]}
\`\`\`

${packs.map((pack) => (pack.kind === 'ToolPolicy' ? section(pack) : specSection(pack))).join('\n')}`;
}

function contents(title: string, documents: readonly AnyDocument[]): string {
  const size = (one: AnyDocument): string => {
    if (one.kind === 'ToolPolicy') return `${one.rules.length} rules`;
    if (one.kind === 'GuardrailPolicy') return `${one.detections.length} detections`;
    return `${one.limits.length} limits, ${one.breakers.length} circuit breakers`;
  };
  const lines = documents.map((one) => `- [\`${one.name}\`](#${one.name}): ${one.description ?? ''} ${size(one)}.`);
  return `**${title}**\n\n${lines.join('\n')}\n`;
}

function section({ name, description, rules }: PolicyDocument): string {
  return `## ${name}\n\n${description ?? ''}\n\n${rules.map((rule) => ruleOf(name, rule)).join('\n')}`;
}

/** What a budget or a guardrail says is short: its page explains it. */
function specSection({ kind, name, description }: BudgetDocument | GuardrailDocument): string {
  const source = readFileSync(join(root, 'policies', 'packs', `${name}.yaml`), 'utf8');
  const spec = source.slice(source.indexOf('spec:'));
  return `## ${name}\n\n${description ?? ''} What its fields mean is in ${kind === 'BudgetPolicy' ? '[Budgets](budgets.md)' : '[Guardrails](guardrails.md)'}.\n\n\`\`\`yaml\n${spec}\`\`\`\n`;
}

function ruleOf(policy: string, rule: Rule): string {
  return `### ${policy}/${rule.name}

**${does[rule.action]}.** ${rule.message ?? ''}

${examples('Stops', rule, rule.action)}
${examples('Leaves alone', rule, 'pass')}
`;
}

function examples(title: string, { tests }: Rule, expected: string): string {
  const shown = tests.filter((one) => one.expect === expected).slice(0, 5);
  return `- ${title}: ${shown.map(({ call }) => code(typeof call === 'string' ? call : (call.command ?? JSON.stringify(call)))).join(' · ')}`;
}

/** As it is written, on one line; a text with backticks needs longer ones around it. */
function code(source: string): string {
  const line = source.replaceAll('\n', '⏎');
  const fence = line.includes('`') ? '``' : '`';
  return `${fence}${line.includes('`') ? ` ${line} ` : line}${fence}`;
}
