import type { ExemptionRule } from '../document.ts';
import { didYouMean } from '../nearest.ts';
import type { PolicyFile } from '../policy-set.ts';
import { finding, type Linted, type LintFinding, type Path } from './finding.ts';

/** Exemptions that are over, or of what does not exist. */
export function exemptionFindings(linted: Linted): readonly LintFinding[] {
  return linted.document.exempt.flatMap((exemption, index) => findingsOf(linted, exemption, ['exempt', index]));
}

function findingsOf(linted: Linted, exemption: ExemptionRule, path: Path): readonly LintFinding[] {
  const { document, context } = linted;
  const ended = exemption.endsAt !== undefined && exemption.endsAt <= context.now.getTime();
  const over = `This exemption ended (${exemption.until}): the rule counts again. Remove it, or say until when it is to count`;
  const found = ended ? [finding(linted, 'expired-exemption', [...path, 'until'], over)] : [];
  const useless = document.mode === 'observe' ? 'Exemptions of a policy that only observes do not count' : unknownRule(linted, exemption);
  return useless === undefined ? found : [...found, finding(linted, 'unknown-exemption', [...path, 'rule'], useless)];
}

interface Name {
  readonly policy: string;
  readonly rule: string;
  readonly file: PolicyFile;
}

/** Why an exemption reaches nothing, if so. */
function unknownRule({ file, context }: Linted, exemption: ExemptionRule): string | undefined {
  const others = [...context.files, ...(context.packs ?? [])].filter(({ path }) => path !== file.path);
  const names = [file, ...others].flatMap(namesIn);
  const meant = names.filter(({ policy, rule }) => exemption.matchesPolicy(policy) && exemption.matchesRule(rule));
  if (meant.some((name) => !isProtected(name) && !isOutside(name, file))) return undefined;
  const [first] = meant;
  if (first === undefined) return `No policy here has a rule "${exemption.rule}"${guess(exemption.rule, names)}`;
  return isProtected(first)
    ? 'Self-protection cannot be exempted'
    : `"${exemption.rule}" is a rule of the organisation, which only the organisation exempts`;
}

function guess(rule: string, names: readonly Name[]): string {
  return didYouMean(
    rule,
    names.map((name) => `${name.policy}/${name.rule}`),
  );
}

function namesIn(file: PolicyFile): readonly Name[] {
  const policies = file.documents.flatMap(({ name, rules }) => [...rules.map((rule) => [name, rule.name]), [name, '(default)']]);
  const budgets = file.budgets.flatMap(({ name, limits, breakers }) => [...limits, ...breakers].map((one) => [name, one.name]));
  const guardrails = file.guardrails.flatMap(({ name, detections }) => detections.map((one) => [name, one.name]));
  const artifacts = file.artifacts.flatMap(({ name, servers }) =>
    [...servers.map((server) => server.name), '(default)', '(unpinned)', '(options)', '(scans)'].map((rule) => [name, rule]),
  );
  return [...policies, ...budgets, ...guardrails, ...artifacts].map(([policy = '', rule = '']) => ({ policy, rule, file }));
}

function isProtected({ policy, file }: Name): boolean {
  return file.layer === 'built-in' && policy === 'self-protection';
}

function isOutside(name: Name, by: PolicyFile): boolean {
  return by.layer === 'user' && name.file.layer === 'organisation';
}
