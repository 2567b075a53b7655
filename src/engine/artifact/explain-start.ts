import { faultDecision } from '../policy/decide.ts';
import { brokenFile, type Finding } from '../policy/judge.ts';
import { modeOf, type PolicySet } from '../policy/policy-set.ts';
import type { DocumentSteps, Explained, RuleSteps, Step } from '../policy/steps.ts';
import type { Request } from '../request.ts';
import { decideStart, judgings } from './decide-start.ts';
import type { ArtifactEntry } from './document.ts';
import { misfit, sourceMisfit, unmet, unsigned } from './fits.ts';
import { judgeStart, type Judging } from './judge-start.ts';
import type { ServerStart } from './start.ts';
import { startTool } from './start-call.ts';

/** The decision on a start, and every policy about servers with its entries of that name. For people who look. Never throws. */
export function explainStart(set: PolicySet, start: ServerStart, request: Request): Explained {
  const call = { tools: [startTool], commands: [start.command.join(' ')], reads: [], writes: [], domains: [], unknown: [] };
  try {
    const broken = set.files.filter(({ problems }) => problems.length > 0);
    return {
      decision: decideStart(set, start, request),
      call,
      broken: broken.map((file) => ({ file: file.path, why: brokenFile(file).reason })),
      documents: judgings(set, start, request).map(documentSteps),
    };
  } catch (cause) {
    return { decision: faultDecision(cause), call, broken: [], documents: [] };
  }
}

function documentSteps(judging: Judging): DocumentSteps {
  const { file, document, start } = judging;
  const findings = judgeStart(judging);
  const entries = document.servers.filter(({ name }) => name === start.server);
  const others = findings.filter(({ ref }) => ref.rule.startsWith('('));
  return {
    policy: document.name,
    file: file.path,
    layer: file.layer,
    mode: modeOf(file, document),
    inScope: true,
    scope: [],
    rules: [...entries.map((entry) => entrySteps(entry, judging, findings)), ...others.map((one) => spoken(one, judging))],
  };
}

/** An entry alone that is not what starts denies it; among several, another one may be. */
function entrySteps(entry: ArtifactEntry, { start, subject }: Judging, findings: readonly Finding[]): RuleSteps {
  const finding = findings.find(({ ref }) => ref.rule === entry.name);
  const wrong = misfit(entry, start, subject);
  const matched = finding?.ref.action === 'deny' || wrong === undefined;
  const step = (field: Step['field'], wants: string, why: string | undefined): Step => ({
    field,
    wants,
    result: why === undefined ? 'holds' : 'fails',
    ...(why === undefined ? {} : { note: why }),
  });
  const { source, signedBy, conditions } = entry;
  return {
    rule: entry.name,
    action: finding?.ref.action ?? 'allow',
    matched,
    why: wrong ?? finding?.reason ?? '',
    ...exempted(finding?.ref),
    steps: [
      step('source', JSON.stringify(source), sourceMisfit(source, start.source, subject.request.user.home)),
      ...(signedBy.length === 0 ? [] : [step('signedBy', JSON.stringify(signedBy), unsigned(entry, start))]),
      ...conditions.map((one) => step('conditions', one.condition.expression, unmet({ conditions: [one] }, start, subject))),
    ],
    line: entry.position.line,
  };
}

/** What no entry says: a default, or what is asked besides. */
function spoken({ ref, reason }: Finding, { document }: Judging): RuleSteps {
  const step: Step = {
    field: ref.rule === '(scans)' ? 'scans' : 'source',
    wants: reason,
    result: ref.rule === '(scans)' ? 'fails' : 'holds',
  };
  return { rule: ref.rule, action: ref.action, matched: true, why: reason, ...exempted(ref), steps: [step], line: document.position.line };
}

function exempted(ref: Finding['ref'] | undefined): Pick<RuleSteps, 'exempted'> {
  return ref?.exemption === undefined ? {} : { exempted: ref.exemption.reason };
}
