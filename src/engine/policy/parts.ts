import { networkPrograms } from '../shell/programs.ts';
import { noCommand, type CommandAnalysis, type Invocation, type Span } from '../shell/analysis.ts';
import type { Rule } from './document.ts';
import { programName } from './global-options.ts';
import { Subject } from './subject.ts';

const mostParts = 8;
const mostTried = 64;

/**
 * Which parts of the call's command a rule is about: those that it would match alone. None where the rule is not about the command,
 * or only about several of its parts together.
 */
export function partsOf(rule: Rule, subject: Subject): readonly Span[] {
  const { invocations } = subject.analysis;
  if (!invocations.some(({ span }) => span !== undefined) || matches(rule, alone(subject, noCommand))) return [];
  const found = new Map<string, Span>();
  for (const invocation of invocations.slice(0, mostTried)) {
    const { span } = invocation;
    if (span === undefined || found.has(`${span.start}-${span.end}`)) continue;
    if (matches(rule, alone(subject, narrowed(subject.analysis, invocation, span)))) found.set(`${span.start}-${span.end}`, span);
    if (found.size === mostParts) break;
  }
  return [...found.values()];
}

function alone({ request }: Subject, analysis: CommandAnalysis): Subject {
  return new Subject(request, analysis);
}

/** What the analysis would be, were there only this command. */
function narrowed(analysis: CommandAnalysis, invocation: Invocation, span: Span): CommandAnalysis {
  const unknown = analysis.unknown.filter((part) => part.span !== undefined && part.span.start >= span.start && part.span.end <= span.end);
  return {
    ...noCommand,
    text: invocation.text,
    dynamic: unknown.length > 0,
    unknown,
    invocations: [invocation],
    network: invocation.program === undefined || networkPrograms.has(programName(invocation.program)),
    directories: analysis.directories,
  };
}

/** A condition that cannot be evaluated says nothing about a part. */
function matches(rule: Rule, subject: Subject): boolean {
  return (
    rule.matchers.every((matcher) => matcher.matches(subject)) &&
    rule.conditions.every(({ condition }) => condition.evaluate(subject).kind === 'true') &&
    rule.unless.every(({ condition }) => condition.evaluate(subject).kind === 'false')
  );
}
