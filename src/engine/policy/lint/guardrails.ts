import { guardrailPolicy, type GuardrailPolicySource } from '../../guardrail/policy/schema.ts';
import type { PolicyFile } from '../policy-set.ts';
import type { YamlDocument } from '../yaml-source.ts';
import type { Check, LintFinding, Path } from './finding.ts';

/** What guardrails allow to no avail, or on one machine only. */
export function guardrailFindings(file: PolicyFile, documents: readonly YamlDocument[]): readonly LintFinding[] {
  return documents.flatMap((yaml) => {
    const { data } = guardrailPolicy.safeParse(yaml.value);
    return data === undefined ? [] : [...uselessAllow(file, yaml, data), ...fingerprints(file, yaml, data)];
  });
}

/** What a guardrail allows reaches others only from the organisation or the user, and only while it is enforced. */
function uselessAllow(file: PolicyFile, yaml: YamlDocument, { spec }: GuardrailPolicySource): readonly LintFinding[] {
  if (spec.detect !== undefined) return [];
  const why =
    file.layer === 'workspace'
      ? 'In a repository, what is allowed counts in its own guardrail only, and this one looks for nothing'
      : spec.mode === 'observe'
        ? 'A guardrail that only observes allows nothing for others, and this one looks for nothing'
        : undefined;
  return why === undefined ? [] : [found(file, yaml, 'never-matches', ['spec', 'allow'], why)];
}

/** Colleagues have another salt. */
function fingerprints(file: PolicyFile, yaml: YamlDocument, { spec }: GuardrailPolicySource): readonly LintFinding[] {
  if (file.layer !== 'workspace') return [];
  return (spec.allow ?? []).flatMap((one, index): readonly LintFinding[] => {
    if (typeof one === 'string' || one.fingerprint === undefined) return [];
    const message = 'A fingerprint is known on one machine only: for colleagues, and in CI, write the "text" or a "regex"';
    return [{ ...found(file, yaml, 'known-here-only', ['spec', 'allow', index, 'fingerprint'], message), severity: 'hint' }];
  });
}

function found(file: PolicyFile, yaml: YamlDocument, check: Check, path: Path, message: string): LintFinding {
  return { file: file.path, position: yaml.where(path), check, severity: 'warning', message };
}
