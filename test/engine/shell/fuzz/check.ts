import type { CommandAnalysis } from '../../../../src/engine/shell/analysis.ts';
import { readEveryday, readThemes } from '../../../corpus/case.ts';

/** Real texts to break: those of the corpus's development part. */
export function fuzzSeeds(): readonly string[] {
  const labelled = [...readThemes('development').values()].flat().flatMap(({ command }) => (command === undefined ? [] : [command]));
  return [...labelled, ...readEveryday('development')];
}

/** What is wrong with an analysis, whatever the text was. */
export function complaints(text: string, analysis: CommandAnalysis): readonly string[] {
  const { invocations, dynamic, unknown } = analysis;
  const spans = [...invocations, ...unknown].flatMap(({ span }) => (span === undefined ? [] : [span]));
  return [
    ...(analysis.text === text ? [] : ['it is about another text']),
    ...(analysis.parsed || dynamic ? [] : ['what was not parsed is not called unknown']),
    ...(invocations.every(({ program }) => program !== undefined) || dynamic ? [] : ['an unknown program is not called unknown']),
    ...(dynamic === unknown.length > 0 ? [] : ['it is dynamic, and nothing is said to be unknown, or the other way round']),
    ...(invocations.length <= 20_000 ? [] : [`${invocations.length} invocations are too many`]),
    ...(spans.every(({ start, end }) => start >= 0 && start <= end && end <= text.length) ? [] : ['a span lies outside of the text']),
  ];
}
