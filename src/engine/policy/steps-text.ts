import { visibleText } from '../guardrail/visible-text.ts';
import type { DocumentSteps, Explained, RuleSteps, SeenOfCall, Step } from './steps.ts';

/** What is explained, in lines for a terminal. Rules that do not apply are only counted, unless all are wanted. */
export function stepsText({ decision, call, broken, documents }: Explained, all: boolean): readonly string[] {
  const { action, reason, mode } = decision;
  return [
    `${action}${mode === 'observe' ? ' (only observed)' : ''}${reason === '' ? '' : `: ${visibleText(reason)}`}`,
    '',
    ...seenText(call),
    ...broken.map(({ file, why }) => `  ${file}\n    cannot be used: ${visibleText(why)}`),
    ...documents.flatMap((document) => documentText(document, all)),
  ];
}

function seenText({ tools, commands, reads, writes, domains, unknown }: SeenOfCall): readonly string[] {
  const part = (name: string, values: readonly string[]): readonly string[] =>
    values.length === 0 ? [] : [`  ${name.padEnd(9)}${visibleText(values.join('   ').replaceAll('\n', ' '))}`];
  const seen = [
    ...part('tool', tools),
    ...part('runs', commands),
    ...part('reads', reads),
    ...part('writes', writes),
    ...part('hosts', domains),
    ...part('unknown', unknown),
  ];
  return seen.length === 0 ? [] : ['the call', ...seen, ''];
}

function documentText(document: DocumentSteps, all: boolean): readonly string[] {
  const { policy, layer, file, mode, inScope, scope, rules, byDefault } = document;
  const shown = all ? rules : rules.filter(({ matched }) => matched);
  if (!all && shown.length === 0 && byDefault === undefined) return [];
  const rest = rules.length - shown.length;
  return [
    `${policy} · ${layer}${mode === 'observe' ? ' · only observes' : ''} · ${file}`,
    ...scope.map((step) => `  ${stepText(step)}`),
    ...(inScope ? [] : ['  is not about this call']),
    ...shown.flatMap(ruleText),
    ...(rest === 0 ? [] : [`  ${rest === 1 ? '1 rule does' : `${rest} rules do`} not apply`]),
    ...(byDefault === undefined ? [] : [`  no rule applies, so its default: ${byDefault}`]),
    '',
  ];
}

function ruleText({ rule, line, action, matched, exempted, steps, why }: RuleSteps): readonly string[] {
  const what = matched ? `applies: ${action}` : `does not apply (${action})`;
  const fault = steps.some(({ result }) => result === 'fault') ? [`      ${visibleText(why)}`] : [];
  return [
    `  ${rule} (line ${line}) ${what}${exempted === undefined ? '' : `, exempted: ${visibleText(exempted)}`}`,
    ...steps.map((step) => `    ${stepText(step)}`),
    ...fault,
  ];
}

const marks: Readonly<Record<Step['result'], string>> = { holds: 'yes', fails: 'no', fault: '?' };

function stepText({ field, wants, result, note }: Step): string {
  return `${marks[result].padEnd(4)}${field}: ${visibleText(wants)}${note === undefined ? '' : ` (${visibleText(note)})`}`;
}
