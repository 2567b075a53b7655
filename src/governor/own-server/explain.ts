import type { AuditRecord } from '../../engine/audit/entry.ts';
import type { Action, Decision } from '../../engine/decision.ts';
import { visibleText } from '../../engine/guardrail/visible-text.ts';
import type { DocumentSteps, RuleSteps, Step } from '../../engine/policy/steps.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
import { haltedReason } from '../halted.ts';
import type { Office } from '../office.ts';
import type { SessionRecord } from '../ports.ts';
import type { AskedCall } from './asker.ts';
import { foreseenLines, isEnforced, ruleLine, verdictLine } from './foreseen-text.ts';
import { foresee, someSession, wouldExplain } from './judge.ts';
import { NotTold } from './not-told.ts';

const mostDecisions = 300;
const mostRules = 12;
/** A condition over many names helps nobody. */
const longestStep = 120;

/** What would become of a call, by which rules, and what would be let through instead. */
export async function explainAsked(office: Office, call: ToolCall, session: SessionRecord | undefined): Promise<string> {
  const foreseen = await foresee(office, call, session);
  const { decision, budgets } = foreseen;
  const { broken, documents } = wouldExplain(office, call, session ?? someSession(office, call));
  const halted = haltedReason(office.ports, session);
  return [
    ...(halted === undefined ? [] : [`No call of this session runs now: ${halted}`]),
    verdictLine(foreseen),
    ...foreseenLines(foreseen),
    ...broken.map(({ file }) => `The policy file ${file} cannot be used: it denies until a person puts it right.`),
    ...documents.flatMap((document) => documentLines(document, decision.action)),
    ...adviceOn(decision, budgets?.decision),
  ].join('\n');
}

/** What the agent can do about it. */
function adviceOn(decision: Decision, byBudgets: Decision | undefined): readonly string[] {
  if (isEnforced(decision, 'deny'))
    return byBudgets !== undefined && isEnforced(byBudgets, 'deny')
      ? ['What a budget stops, no other call and no request gets past: stop, and tell your person.']
      : ['Nobody can approve it here; a request does not change that. Do it another way, or ask your person to change the policy.'];
  if (!isEnforced(decision, 'require_approval')) return [];
  return byBudgets !== undefined && isEnforced(byBudgets, 'require_approval')
    ? ['Make the call and it waits for a person.']
    : ['Make the call and it waits for a person, or ask ahead with "request".'];
}

/** What became of a call of the session: by its id, its number in the log, or the `last` that did not just run. */
export async function explainDecided(
  office: Office,
  session: SessionRecord,
  about: string,
  make: (asked: AskedCall) => ToolCall,
): Promise<string> {
  const { entry, seq } = found(office, session, about);
  const { action = 'abstain', reason = '', rules = [], time, nativeTool, tool = '', arguments: input, cwd } = entry;
  const name = nativeTool ?? tool;
  const head = [
    `${new Date(time).toISOString()}, entry ${seq}: ${name} ${JSON.stringify(input ?? {})}`,
    `${became[action]}${reason === '' ? '' : `: ${reason}`}`,
    ...rules.map((rule) => ruleLine(rule, reason)),
  ];
  if (input === undefined) return head.join('\n');
  return [
    ...head,
    '',
    'The same call now, with its arguments as the log keeps them (secrets are masked there):',
    await explainAsked(office, make({ tool: name, arguments: input, ...(cwd === undefined ? {} : { cwd }) }), session),
  ].join('\n');
}

function found({ ports }: Office, session: SessionRecord, about: string): AuditRecord {
  const all = ports.audit
    .list({ kind: 'decision', session: session.id, limit: mostDecisions })
    .filter(({ entry }) => entry.agent === session.agent);
  const wanted = ({ seq, entry }: AuditRecord): boolean =>
    about === 'last' ? entry.action === 'deny' || entry.action === 'require_approval' : entry.callId === about || String(seq) === about;
  const record = all.find(wanted);
  if (record === undefined)
    throw new NotTold(
      about === 'last' ? 'No call of this session was refused lately.' : `No call ${about} of this session was decided on lately.`,
    );
  return record;
}

const became: Readonly<Record<Action, string>> = {
  allow: 'It was allowed',
  abstain: 'No policy spoke against it',
  deny: 'It was denied',
  require_approval: 'A person was to approve it, and it did not run',
};

/** Why a rule applies; and where nothing that is not named gets through, what does. */
function documentLines({ policy, rules, byDefault, mode }: DocumentSteps, action: Action): readonly string[] {
  if (mode !== 'enforce') return [];
  const applying = rules.filter((rule) => rule.matched && rule.action === action && action !== 'allow');
  const closed = byDefault === 'deny' || byDefault === 'require_approval' ? rules.filter(isOpening) : [];
  return [
    ...applying.map((rule) => `${policy}/${rule.rule} applies because of ${stepsText(rule)}.`),
    ...(closed.length === 0 ? [] : [`What ${policy} lets through:`]),
    ...closed.slice(0, mostRules).map((rule) => `- ${rule.rule} (${rule.action}) where ${stepsText(rule)}`),
  ];
}

function isOpening({ action }: RuleSteps): boolean {
  return action === 'allow' || action === 'require_approval';
}

function stepsText({ steps }: RuleSteps): string {
  return steps.length === 0 ? 'any call' : steps.map(stepText).join(' and ');
}

const marks: Readonly<Record<Step['result'], string>> = { holds: 'it does', fails: 'it does not', fault: 'it cannot be told' };

function stepText({ field, wants, result }: Step): string {
  const text = visibleText(wants.length > longestStep ? `${wants.slice(0, longestStep)}…` : wants);
  return `${field}${field === 'unless' ? ' not' : ''} ${text} (${marks[result]})`;
}
