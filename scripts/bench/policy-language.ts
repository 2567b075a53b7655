import { join } from 'node:path';
import type { Figure } from '../bench.ts';
import { LanguageDesk, type EditedPolicy, type Surroundings } from '../../src/hosts/extension/language-desk.ts';
import { percentile } from './scratch-home.ts';

const rounds = 15;
/** What the editor waits before it looks, see src/hosts/extension/language/diagnostics.ts. */
const pauseMs = 25;

/** What a person waits for while writing a policy of 500 rules. */
export function measurePolicyLanguage(): Promise<readonly Figure[]> {
  const desk = new LanguageDesk(join(import.meta.dirname, '..', '..', 'policies'));
  const around: Surroundings = { open: [], folders: [], seen: { tools: [], agents: [] }, onlyNames: false };
  const problems = medianOf((policy) => desk.problems(policy));
  const completion = medianOf((policy) => desk.complete(policy, policy.source.lastIndexOf('action: ') + 'action: '.length, around));
  return Promise.resolve([
    {
      what: 'a policy of 500 rules: from a keystroke to its problems: CPU and pause, median',
      value: pauseMs + problems,
      unit: 'ms',
      limit: 200,
    },
    { what: 'the same: from a keystroke to what may be written there: CPU, median', value: completion, unit: 'ms', limit: 200 },
  ]);
}

function medianOf(ask: (policy: EditedPolicy) => unknown): number {
  const ms = Array.from({ length: rounds }, (_, round) => {
    const policy: EditedPolicy = { path: '/w/.countersign/big.yaml', layer: 'workspace', isTestFile: false, source: policyOf(round) };
    const before = process.cpuUsage();
    ask(policy);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return percentile(ms, 0.5);
}

/** With a mistake in the last rule; each time another text, as after a keystroke. */
function policyOf(round: number): string {
  const rules = Array.from({ length: 500 }, (_, n) => ruleOf(n, n === 499 ? `tol == "${round}"` : 'tool == "shell"'));
  return `kind: ToolPolicy\nmetadata: {name: big}\nspec:\n  rules:\n${rules.join('')}`;
}

function ruleOf(n: number, condition: string): string {
  return `    - name: rule-${n}
      tools: [shell, "github/*"]
      commands: ["git push --force", "git push -f origin branch-${n}"]
      action: require_approval
      message: It rewrites history that others have.
      approval: {timeout: 30m}
      conditions:
        - cel: request.${condition}
`;
}
