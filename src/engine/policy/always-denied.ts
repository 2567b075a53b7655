import type { RuleRef } from '../decision.ts';
import type { Request } from '../request.ts';
import type { PolicyDocument, Rule } from './document.ts';
import { exemptionsAt, type GrantedExemption } from './judge.ts';
import { modeOf, type PolicyFile, type PolicySet } from './policy-set.ts';
import { Subject } from './subject.ts';

/**
 * The rules that deny every call of a tool, whatever its arguments are; none where some call of it might be allowed. Of the request only
 * who calls which tool is looked at. A file that cannot be used denies as well and is not named here: that is for a person to hear of.
 */
export function alwaysDenied(set: PolicySet, request: Request): readonly RuleRef[] {
  const subject = new Subject(request);
  const exemption = exemptionsAt(set.files, request);
  return set.files
    .filter(({ problems }) => problems.length === 0)
    .flatMap((file) => file.documents.flatMap((document) => denialsOf({ file, document, subject, exemption })));
}

interface Asked {
  readonly file: PolicyFile;
  readonly document: PolicyDocument;
  readonly subject: Subject;
  readonly exemption: GrantedExemption;
}

function denialsOf({ file, document, subject, exemption }: Asked): readonly RuleRef[] {
  if (modeOf(file, document) !== 'enforce' || !document.scope.every((matcher) => matcher.matches(subject))) return [];
  const possible = document.rules.filter((rule) => mayMatch(rule, subject));
  const isDenial = (rule: Rule): boolean => rule.action === 'deny' && exemption(file, document, rule.name) === undefined;
  const certain = possible.filter((rule) => isDenial(rule) && isUnconditional(rule));
  if (certain.length > 0) return certain.map(({ name, message }) => refOf(file, document, name, message));
  // Whichever of them matches denies, and where none does, the default.
  const isClosed = document.defaultAction === 'deny' && exemption(file, document, '(default)') === undefined;
  return isClosed && possible.every(isDenial) ? [refOf(file, document, '(default)')] : [];
}

/** All but the tool's name depends on arguments, or might. */
function mayMatch({ matchers }: Rule, subject: Subject): boolean {
  return matchers.every((matcher) => matcher.field !== 'tools' || matcher.matches(subject));
}

function isUnconditional({ matchers, conditions, unless }: Rule): boolean {
  return conditions.length === 0 && unless.length === 0 && matchers.every(({ field }) => field === 'tools');
}

function refOf({ layer, digest }: PolicyFile, { name }: PolicyDocument, rule: string, message?: string): RuleRef {
  return { policy: name, rule, layer, digest, action: 'deny', mode: 'enforce', ...(message === undefined ? {} : { message }) };
}
