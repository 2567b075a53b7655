import type { Action, RuleRef } from '../decision.ts';
import type { Request } from '../request.ts';
import type { PolicyDocument, Rule } from './document.ts';
import { exemptionsAt, type GrantedExemption } from './judge.ts';
import { modeOf, type PolicyFile, type PolicySet } from './policy-set.ts';
import { Subject } from './subject.ts';

/** What becomes of a tool's calls, as far as it can be said before any is made. */
export interface Outlook {
  /**
   * `denied`: every call, whatever its arguments are. `asked`: none runs without a person. `may be asked`: that depends on the arguments,
   * and a rule that is about this tool, or a default, asks for some of them.
   */
  readonly calls: 'denied' | 'asked' | 'may be asked';
  /** Those that say so. */
  readonly rules: readonly RuleRef[];
}

/**
 * `undefined`: no policy asks about this tool in particular. Of the request only who calls which tool is looked at. A file that cannot be
 * used denies as well and is not named here: that is for a person to hear of.
 */
export function outlookOf(set: PolicySet, request: Request): Outlook | undefined {
  const subject = new Subject(request);
  const exemption = exemptionsAt(set.files, request);
  const said = set.files
    .filter(({ problems }) => problems.length === 0)
    .flatMap((file) => file.documents.map((document) => outlookIn({ file, document, subject, exemption })));
  for (const calls of ['denied', 'asked', 'may be asked'] as const) {
    const rules = said.flatMap((one) => (one?.calls === calls ? one.rules : []));
    if (rules.length > 0) return { calls, rules };
  }
  return undefined;
}

interface Asked {
  readonly file: PolicyFile;
  readonly document: PolicyDocument;
  readonly subject: Subject;
  readonly exemption: GrantedExemption;
}

function outlookIn(asked: Asked): Outlook | undefined {
  const { file, document, subject, exemption } = asked;
  if (modeOf(file, document) !== 'enforce' || !document.scope.every((matcher) => matcher.matches(subject))) return undefined;
  const counts = (rule: string): boolean => exemption(file, document, rule) === undefined;
  const possible = tellingRules(document).filter((rule) => mayMatch(rule, subject));
  const certain = possible.filter((rule) => isCertain(rule, subject));
  const always = (actions: readonly Action[]): readonly RuleRef[] => {
    const isOne = ({ name, action }: Rule): boolean => actions.includes(action) && counts(name);
    const sure = certain.filter(isOne);
    if (sure.length > 0) return sure.map((rule) => refOf(asked, rule));
    // Whichever of them matches says so, and where none does, the default.
    const isClosed = actions.includes(document.defaultAction) && counts('(default)');
    return isClosed && possible.every(isOne) ? [refOf(asked)] : [];
  };
  const denied = always(['deny']);
  if (denied.length > 0) return { calls: 'denied', rules: denied };
  const guarded = always(['deny', 'require_approval']);
  if (guarded.length > 0) return { calls: 'asked', rules: guarded };
  const asking = possible.filter((rule) => counts(rule.name) && mayAsk(rule) && isAbout(rule, document));
  const asksElse = document.defaultAction === 'require_approval' && counts('(default)') && certain.length === 0;
  const rules = [...asking.map((rule) => refOf(asked, rule)), ...(asksElse ? [refOf(asked)] : [])];
  return rules.length === 0 ? undefined : { calls: 'may be asked', rules };
}

/** Of the hundreds that are about commands or paths of any tool, nothing can come of it: they need not be looked at. */
function tellingRules(document: PolicyDocument): readonly Rule[] {
  if (document.defaultAction === 'deny' || document.defaultAction === 'require_approval') return document.rules;
  return document.rules.filter((rule) => rule.matchers.every(({ field }) => field === 'tools') || isAbout(rule, document));
}

/** All but the names of the tool and its server depends on arguments, or might. */
function mayMatch({ matchers, conditions, unless }: Rule, subject: Subject): boolean {
  return (
    matchers.every((matcher) => matcher.field !== 'tools' || matcher.matches(subject)) &&
    !conditions.some(({ condition }) => condition.foresee(glimpseOf(subject)) === false) &&
    !unless.some(({ condition }) => condition.foresee(glimpseOf(subject)) === true)
  );
}

function isCertain({ matchers, conditions, unless }: Rule, subject: Subject): boolean {
  return (
    matchers.every(({ field }) => field === 'tools') &&
    conditions.every(({ condition }) => condition.foresee(glimpseOf(subject)) === true) &&
    unless.every(({ condition }) => condition.foresee(glimpseOf(subject)) === false)
  );
}

function glimpseOf({ request: { call } }: Subject): { readonly tool: string; readonly mcpServer: string } {
  return { tool: call.tool, mcpServer: call.mcpServer ?? '' };
}

function mayAsk({ action, rateLimit, onLimit }: Rule): boolean {
  return action === 'require_approval' || (rateLimit !== undefined && onLimit === 'require_approval');
}

/** Rules about all tools may ask about any call: to say that of every tool would say nothing. */
function isAbout({ source }: Rule, { scope }: PolicyDocument): boolean {
  const wanted = [source.tools, scope.find(({ field }) => field === 'mcpServer')?.wants];
  return wanted.flat().some((name) => name !== undefined && name !== '*');
}

function refOf({ file: { layer, digest }, document: { name, defaultAction } }: Asked, rule?: Rule): RuleRef {
  const message = rule?.message;
  return {
    policy: name,
    rule: rule?.name ?? '(default)',
    layer,
    digest,
    action: rule?.action ?? defaultAction,
    mode: 'enforce',
    ...(message === undefined ? {} : { message }),
  };
}
