import type { JsonValue } from '../../json.ts';
import type { PolicyFile } from '../../policy/policy-set.ts';
import type { Position } from '../../policy/position.ts';
import { toolNamesOf } from '../../policy/subject.ts';
import { testRequest } from '../../policy/test-request.ts';
import { guardActions, type GuardedPlace, type GuardrailDocument, type GuardrailTest } from './document.ts';
import { inspect, type Hit } from './inspect.ts';
import { unknownFingerprint } from './judge-call.ts';
import { leavesOf } from './strings.ts';

/** What became of a test in a guardrail. */
export interface GuardrailTestResult {
  /** `no-secrets: output "…"` */
  readonly name: string;
  readonly file: string;
  readonly position: Position;
  readonly passed: boolean;
  readonly expected: string;
  readonly found: string;
  readonly why: string;
}

/** Runs the tests of the guardrails of a file. What is allowed by its fingerprint is found: a test knows no machine. */
export function runGuardrailTests(file: PolicyFile): readonly GuardrailTestResult[] {
  return file.guardrails.flatMap((document) => document.tests.map((test) => runTest(file, document, test)));
}

/** `output "…"`, for lists; `pass` and the kinds, too. */
export function testLabel({ of, subject, tool }: GuardrailTest): string {
  const text = typeof subject === 'string' ? subject : JSON.stringify(subject);
  return `${tool === undefined ? of : `${of} of ${tool}`}: ${text.length > 100 ? `${text.slice(0, 99)}…` : text}`;
}

export function expectedOf({ expect, kinds }: GuardrailTest): string {
  return outcome(expect, kinds);
}

function runTest(file: PolicyFile, document: GuardrailDocument, test: GuardrailTest): GuardrailTestResult {
  const hits = hitsOn(file, document, test);
  const action = guardActions.findLast((one) => hits.some((hit) => hit.action === one)) ?? 'pass';
  const kinds = [...new Set(hits.map(({ kind }) => kind))];
  return {
    name: `${document.name}: ${testLabel(test)}`,
    file: file.path,
    position: test.position,
    passed: action === test.expect && test.kinds.every((kind) => kinds.some((found) => isKind(found, kind))),
    expected: expectedOf(test),
    found: outcome(action, kinds),
    why: hits.map(({ kind, path, start, end, watch }) => `${watch.detection.name} found ${kind} in ${path}, ${start}–${end}`).join('; '),
  };
}

/** By any part of its name: `github-token` is `secret/github-token`. */
function isKind(found: string, wanted: string): boolean {
  return found === wanted || found.endsWith(`/${wanted}`);
}

function outcome(action: string, kinds: readonly string[]): string {
  return kinds.length === 0 ? action : `${action} by ${kinds.join(', ')}`;
}

const places: Readonly<Record<GuardrailTest['of'], GuardedPlace | undefined>> = {
  prompt: 'prompt',
  call: 'input',
  output: 'output',
  text: undefined,
};

function hitsOn(file: PolicyFile, document: GuardrailDocument, test: GuardrailTest): readonly Hit[] {
  const place = places[test.of];
  const { value, tools } = lookedAt(test);
  const isAbout = place === undefined || (document.appliesTo.has(place) && (tools.length === 0 || tools.some(document.tools)));
  if (!isAbout) return [];
  const watches = document.detections.map((detection) => ({ file, document, detection, allows: document.allows }));
  return inspect(watches, leavesOf(value), unknownFingerprint);
}

/** A prompt has no tool, and where an output names none, it may be that of any. */
function lookedAt({ of, subject, tool }: GuardrailTest): { readonly value: JsonValue; readonly tools: readonly string[] } {
  if (of !== 'call') return { value: typeof subject === 'string' ? subject : '', tools: tool === undefined ? [] : [tool] };
  const { call } = testRequest(subject);
  return { value: call.arguments, tools: toolNamesOf(call) };
}
