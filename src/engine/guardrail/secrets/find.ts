import type { DetectOptions, Looked, TextFinding } from '../finding.ts';
import { keywords } from '../keywords.ts';
import { aiServices } from './ai-services.ts';
import { assignmentAt } from './assignment.ts';
import { clouds } from './clouds.ts';
import { codeHosts } from './code-hosts.ts';
import type { Marked, Memo } from './marked-rule.ts';
import { marked } from './marked.ts';
import { named, secretWords } from './named.ts';
import { services } from './services.ts';
import type { Shape } from './shape.ts';
import { decoded, isExample } from './worth.ts';

export const shapes: readonly Shape[] = [...codeHosts, ...clouds, ...aiServices, ...services];

/** Secrets by their form, by what stands around them, and by the name of what they are assigned to. */
export function findSecrets(text: string, { examples = false, loose = examples }: DetectOptions): Looked {
  const findings: TextFinding[] = [];
  const progress: Progress = { text, examples, loose, ends: new Map(), nameEnd: 0, noEnd: false };
  let left = mostWork;
  let until = text.length;
  scanner().scan(text, (number, end) => {
    const entry = rules[number];
    for (const rule of entry?.rules ?? []) {
      left -= workOf(rule);
      findings.push(...tried(progress, rule, entry?.word ?? '', end));
    }
    if (left > 0) return undefined;
    until = end;
    return 'stop';
  });
  return { findings, until };
}

/** In steps of about a tenth of a microsecond. An ordinary text takes a hundredth of it; it bounds what a hostile one can cost. */
const mostWork = 600_000;

function workOf(rule: Rule): number {
  return rule === 'name' ? 18 : 'form' in rule ? rule.back.length : (rule.work ?? 8);
}

function tried(progress: Progress, rule: Rule, mark: string, end: number): readonly TextFinding[] {
  if (rule !== 'name' && 'find' in rule) return byMark(progress, rule, end);
  const found = rule === 'name' ? assigned(progress, end) : byShape(progress, rule, end, mark);
  return found === undefined ? [] : [found];
}

/** How far each rule, and names, have come: what was found is not looked through again. */
interface Progress extends Memo {
  readonly text: string;
  readonly examples: boolean;
  readonly loose: boolean;
  readonly ends: Map<Shape | Marked, number>;
  nameEnd: number;
}

type Rule = Shape | Marked | 'name';

interface Entry {
  readonly word: string;
  readonly rules: Rule[];
}

const rules: readonly Entry[] = byWord([
  ...shapes.flatMap((rule) => rule.marks.map((word) => [word, rule] as const)),
  ...marked.flatMap((rule) => rule.marks.map((word) => [word, rule] as const)),
  ...secretWords.map((word) => [word, 'name'] as const),
]);

function byWord(pairs: readonly (readonly [word: string, rule: Rule])[]): readonly Entry[] {
  const entries = new Map<string, Entry>();
  for (const [word, rule] of pairs) {
    const entry = entries.get(word) ?? { word, rules: [] };
    entries.set(word, entry);
    entry.rules.push(rule);
  }
  return [...entries.values()];
}

let built: ReturnType<typeof keywords> | undefined;
/** Built when first needed: many programs load this and never look for a secret. */
const scanner = (): ReturnType<typeof keywords> => (built ??= keywords(rules.map(({ word }) => word)));

function byShape(progress: Progress, shape: Shape, end: number, mark: string): TextFinding | undefined {
  const { text, examples, loose } = progress;
  const at = end - mark.length;
  if (!text.startsWith(mark, at)) return undefined;
  for (const back of shape.back) {
    const start = at - back;
    if (start < (progress.ends.get(shape) ?? 0) || !mayBegin(text, start, shape)) continue;
    const form = (loose ? shape.loose : shape.form).compiled();
    form.lastIndex = start;
    const match = form.exec(text);
    if (match === null) continue;
    progress.ends.set(shape, start + match[0].length);
    const value = match[1] ?? match[0];
    if (!examples && (isExample(value) || (shape.kind === 'jwt' && !isJwt(value)))) return undefined;
    const from = start + match[0].lastIndexOf(value);
    return { detector: 'secret', kind: shape.kind, start: from, end: from + value.length, confidence: shape.confidence };
  }
  return undefined;
}

function mayBegin(text: string, at: number, { begins }: Shape): boolean {
  return begins === 'anywhere' || (beginsWord(text, at) && (begins === 'at-word' || !/[_-]/.test(text[at - 1] ?? '')));
}

/** Whether the first part is JSON, which says how it is signed. */
function isJwt(value: string): boolean {
  const header = decoded((value.split('.')[0] ?? '').replaceAll('-', '+').replaceAll('_', '/'));
  try {
    return header.startsWith('{') && JSON.parse(header) !== null;
  } catch {
    return false;
  }
}

/** Whether no word goes on here. `\n`, `%3D` and a terminal's colours are no part of one. */
function beginsWord(text: string, at: number): boolean {
  if (!/[A-Za-z0-9]/.test(text[at - 1] ?? '')) return true;
  return (
    (text[at - 2] === '\\' && /[nrtb]/.test(text[at - 1] ?? '')) ||
    /%[0-9A-Fa-f]{2}$|\p{Cc}\[[\d;]{0,8}m$/u.test(text.slice(Math.max(0, at - 11), at))
  );
}

function byMark(progress: Progress, rule: Marked, end: number): readonly TextFinding[] {
  if (end <= (progress.ends.get(rule) ?? 0)) return [];
  const places = rule.find(progress.text, end, progress.loose, progress);
  const last = places.at(-1);
  if (last !== undefined) progress.ends.set(rule, last[1]);
  return places.map(([start, stop]) => ({ detector: 'secret', kind: rule.kind, start, end: stop, confidence: rule.confidence }));
}

function assigned(progress: Progress, end: number): TextFinding | undefined {
  // A name with two of the words in it is looked at once.
  if (end <= progress.nameEnd) return undefined;
  const assignment = assignmentAt(progress.text, end);
  if (assignment === undefined) return undefined;
  // Nor is a long value looked through for names: a text full of them would take forever.
  progress.nameEnd = assignment.value.length > 300 ? assignment.end : assignment.nameEnd;
  const what = named(assignment);
  return what && { detector: 'secret', ...what, start: assignment.start, end: assignment.end };
}
