import { parseDuration } from '../duration.ts';
import { nearest } from '../nearest.ts';
import { conditionFixes } from './condition-fixes.ts';
import type { Fix } from './fix.ts';
import { durationFields, type KnownNames, namesAt } from './known-names.ts';
import { missingFields } from './missing-fields.ts';
import { type Part, type Span, wordOf } from './part.ts';
import { ruleNames } from './rule-names.ts';
import { documentShapes, fieldsOf, shapesAt, type Shape, valuesOf } from './shape.ts';
import { innerSpan, spotAt } from './spot.ts';

export interface FixRequest {
  readonly source: string;
  readonly roots: readonly Part[];
  readonly isTestFile: boolean;
  /** Where something is wrong. */
  readonly problem: Span;
  readonly known: KnownNames;
}

/** What can be done about a problem. Goes by what stands there, not by the words of the message. */
export function fixesFor(request: FixRequest): readonly Fix[] {
  const { source, roots, problem } = request;
  const inCondition = conditionFixes(source, roots, problem, request.known);
  if (inCondition.length > 0) return inCondition;
  return [...atSpot(request), ...missingFields(roots, problem, (path) => shapesOf(request, path)), ...tabs(source, problem)];
}

function atSpot(request: FixRequest): readonly Fix[] {
  const { roots, problem } = request;
  const spot = spotAt(roots, problem.start);
  if (spot === undefined) return [];
  const { part, role, around } = spot;
  if (role === 'key' && part.key?.start === problem.start) return unknownField(request, part, around.at(-1));
  if (role === 'value' && part.kind === 'text' && part.start === problem.start) return badValue(request, part);
  return [];
}

function unknownField(request: FixRequest, part: Part, parent: Part | undefined): readonly Fix[] {
  const { key } = part;
  const names = fieldsOf(shapesOf(request, part.path.slice(0, -1))).map(({ name }) => name);
  if (key === undefined || names.length === 0 || names.includes(key.name)) return [];
  const taken = new Set(parent?.parts.map((one) => one.key?.name));
  const meant = nearest(key.name, names);
  if (meant === undefined || !taken.has(meant)) return change(key, meant);
  const span = removable(part, parent?.parts ?? []);
  return span === undefined ? [] : [{ title: `Remove "${key.name}"`, edits: [{ span, text: '' }], isPreferred: true }];
}

/** A field with what lies between it and the next one, or the one before. */
function removable(part: Part, siblings: readonly Part[]): Span | undefined {
  const at = siblings.indexOf(part);
  const [before, after] = [siblings[at - 1], siblings[at + 1]];
  if (part.key !== undefined && after?.key !== undefined) return { start: part.key.start, end: after.key.start };
  return before === undefined || before.kind === 'nothing' ? undefined : { start: before.end, end: part.end };
}

function badValue(request: FixRequest, part: Part): readonly Fix[] {
  const value = wordOf(part);
  const span = innerSpan(request.source, part);
  const field = part.path.findLast((step) => typeof step === 'string') ?? '';
  const values = valuesOf(shapesOf(request, part.path));
  if (values.includes(value)) return [];
  if (values.length > 0) return valueFixes(span, value, values);
  if (durationFields.has(field)) return parseDuration(value) === undefined ? change(span, durationOf(value)) : [];
  if (field === 'name') return duplicate(request, span, value);
  const names = spelledFields.has(field) ? namesAt(part.path, request.known).map(({ name }) => name) : [];
  return names.includes(value) ? [] : change(span, nearest(value, names));
}

/** Fields whose values are names that can be misspelt. */
const spelledFields = new Set(['tools', 'tool', 'nativeTool', 'mcpServer', 'agent', 'packs', 'rule']);

function valueFixes(span: Span, value: string, values: readonly string[]): readonly Fix[] {
  const guess = nearest(value, values) ?? meantAsTruth(value, values);
  if (guess !== undefined) return change(span, guess);
  return values.length > 6 ? [] : values.map((one) => ({ ...changeTo(span, one), isPreferred: false }));
}

/** YAML 1.2 takes these words for texts. */
function meantAsTruth(value: string, values: readonly string[]): string | undefined {
  if (!values.includes('true')) return undefined;
  if (/^(yes|on|y)$/i.test(value)) return 'true';
  return /^(no|off|n)$/i.test(value) ? 'false' : undefined;
}

/** `30 minutes`, `30min` and `30` are `30m`. */
function durationOf(value: string): string | undefined {
  const [, count, unit = ''] = /^\s*(\d+)\s*([a-z]*)\s*$/i.exec(value) ?? [];
  const short = /^(ms|millis)/i.test(unit) ? 'ms' : unit === '' ? 'm' : unit.charAt(0).toLowerCase();
  return count !== undefined && parseDuration(`${count}${short}`) !== undefined ? `${count}${short}` : undefined;
}

function duplicate({ source, roots, isTestFile }: FixRequest, span: Span, value: string): readonly Fix[] {
  const { declared } = ruleNames({ path: '', source, isTestFile }, roots);
  const names = new Set(declared.map(({ policy, rule }) => rule ?? policy));
  const isTaken = declared.filter(({ policy, rule }) => (rule ?? policy) === value).length > 1;
  if (!isTaken) return [];
  let count = 2;
  while (names.has(`${value}-${count}`)) count += 1;
  return change(span, `${value}-${count}`);
}

/** YAML is not indented with tabs. */
function tabs(source: string, problem: Span): readonly Fix[] {
  const lineStart = source.lastIndexOf('\n', problem.start - 1) + 1;
  const lineEnd = source.indexOf('\n', problem.start);
  if (!/^ *\t/.test(source.slice(lineStart, lineEnd < 0 ? source.length : lineEnd))) return [];
  const edits = [...source.matchAll(/^([ \t]*\t[ \t]*)/gm)].map(({ index, 0: text }) => ({
    span: { start: index, end: index + text.length },
    text: text.replaceAll('\t', '  '),
  }));
  return [{ title: 'Indent with spaces', edits, isPreferred: true }];
}

function change(span: Span, text: string | undefined): readonly Fix[] {
  return text === undefined ? [] : [changeTo(span, text)];
}

function changeTo({ start, end }: Span, text: string): Fix {
  return { title: `Change to "${text}"`, edits: [{ span: { start, end }, text }], isPreferred: true };
}

function shapesOf({ roots, isTestFile, problem }: FixRequest, path: Part['path']): readonly Shape[] {
  const root = roots.find(({ start, end }) => start <= problem.start && problem.start <= end);
  return shapesAt(documentShapes(root, isTestFile), path);
}
