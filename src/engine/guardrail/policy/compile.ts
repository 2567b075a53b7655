import { concernedAgents } from '../../policy/concerned-agents.ts';
import { BadGlob, compileGlob, remembering, type Glob } from '../../policy/glob.ts';
import type { Position } from '../../policy/position.ts';
import type { YamlDocument } from '../../policy/yaml-source.ts';
import type { DetectorName } from '../finding.ts';
import { allKinds } from '../kinds.ts';
import { guardedPlaces, type Allows, type Detection, type GuardrailDocument, type GuardrailTest } from './document.ts';
import { findPattern, findWords, isWholly } from './own-text.ts';
import { reviewOf } from './review.ts';
import type { AllowedSource, DetectionSource, GuardrailPolicySource, GuardrailTestSource } from './schema.ts';

interface GuardrailProblem {
  readonly position: Position;
  readonly message: string;
}
type Path = readonly PropertyKey[];
type Complain = (path: Path, message: string) => void;

/** Compiles a guardrail whose shape is already checked. What is wrong goes to `problems`; then the result is of no use. */
export function compileGuardrail(
  { spec, metadata }: GuardrailPolicySource,
  yaml: YamlDocument,
  problems: GuardrailProblem[],
): GuardrailDocument {
  const complain: Complain = (path, message) => problems.push({ position: yaml.where(path), message });
  if (spec.detect === undefined && spec.allow === undefined) complain(['spec'], 'A guardrail has "detect", "allow" or both');
  return {
    kind: 'GuardrailPolicy',
    name: metadata.name,
    ...(metadata.description === undefined ? {} : { description: metadata.description }),
    mode: spec.mode ?? 'enforce',
    appliesTo: new Set(spec.applyTo ?? guardedPlaces),
    concerns: concernedAgents(spec.agent, yaml, problems),
    tools: toolsOf(spec.tools, complain),
    detections: (spec.detect ?? []).flatMap((one, index) => detectionOf(one, ['spec', 'detect', index], complain)),
    allows: allowsOf(spec.allow ?? [], complain),
    tests: testsOf(spec.tests ?? [], yaml, complain),
    position: yaml.where(['metadata', 'name']),
  };
}

function toolsOf(source: string | readonly string[] | undefined, complain: Complain): Glob {
  if (source === undefined) return () => true;
  const patterns = typeof source === 'string' ? [source] : source;
  const globs = patterns.flatMap((pattern, index) =>
    orComplain(() => compileGlob(pattern), ['spec', 'tools', ...(typeof source === 'string' ? [] : [index])], complain),
  );
  return remembering((name) => globs.some((glob) => glob(name)));
}

/** Which fields belong to which type, besides those that all have. */
const belonging = {
  kinds: ['pii', 'prompt-injection', 'exfiltration'],
  hosts: ['exfiltration'],
  pattern: ['regex'],
  words: ['keyword'],
  prompt: ['review'],
  timeout: ['review'],
  onError: ['review'],
} as const;
const fields = ['kinds', 'hosts', 'pattern', 'words', 'prompt', 'timeout', 'onError'] as const;

function detectionOf(source: DetectionSource, path: Path, complain: Complain): readonly Detection[] {
  const { type, action, pattern, words, kinds, hosts } = source;
  for (const field of fields) {
    const types: readonly string[] = belonging[field];
    if (source[field] !== undefined && !types.includes(type))
      complain([...path, field], `"${field}" belongs to the type ${types.join(' or ')}`);
  }
  const named = { name: source.name ?? type.replace('/', '-'), action };
  if (type === 'regex') {
    if (pattern === undefined) return missing('pattern');
    return orComplain(() => findPattern(pattern), [...path, 'pattern'], complain).map((find) => ({ ...named, kind: type, find }));
  }
  if (type === 'keyword') return words === undefined ? missing('words') : [{ ...named, kind: type, find: findWords(words) }];
  if (type === 'review') {
    if (source.prompt === undefined) return missing('prompt');
    return reviewOf({ ...source, prompt: source.prompt, name: named.name }, (field, message) => complain([...path, field], message));
  }
  const [name, kind] = type.split('/');
  const detector = detectors.find((one) => one === name);
  if (detector === undefined) return [];
  const wrong = (kinds ?? []).filter((one) => !allKinds().some((known) => known.detector === detector && known.name === one));
  for (const one of wrong) complain([...path, 'kinds', (kinds ?? []).indexOf(one)], `"${one}" is no kind of ${detector}`);
  const only = kind === undefined ? kinds : [kind];
  return [{ ...named, detector, ...(only === undefined ? {} : { kinds: new Set(only) }), ...(hosts === undefined ? {} : { hosts }) }];

  function missing(field: string): readonly Detection[] {
    complain(path, `The type "${type}" needs "${field}"`);
    return [];
  }
}

const detectors: readonly DetectorName[] = ['secret', 'pii', 'prompt-injection', 'exfiltration'];

function allowsOf(sources: readonly AllowedSource[], complain: Complain): Allows {
  const tests = sources.flatMap((source, index) => allowOf(source, ['spec', 'allow', index], complain));
  return (found, fingerprint) => tests.some((test) => test(found, fingerprint));
}

function allowOf(source: AllowedSource, path: Path, complain: Complain): readonly Allows[] {
  const { text, regex, fingerprint, reason = '' } = typeof source === 'string' ? { text: source } : source;
  if ([text, regex, fingerprint].filter((one) => one !== undefined).length !== 1) {
    complain(path, 'It has exactly one of text, regex, fingerprint');
    return [];
  }
  if (regex !== undefined) return orComplain(() => isWholly(regex), [...path, 'regex'], complain);
  if (fingerprint === undefined) return [(found) => found === text];
  // Whoever reads it later sees no text: without a reason, nobody could tell what it is about.
  if (reason.trim() === '') complain(path, 'A fingerprint needs a reason');
  return [(found, fingerprintOf) => fingerprintOf(found) === fingerprint];
}

const subjects = ['prompt', 'call', 'output', 'text'] as const;

function testsOf(sources: readonly GuardrailTestSource[], yaml: YamlDocument, complain: Complain): readonly GuardrailTest[] {
  return sources.flatMap((source, index): readonly GuardrailTest[] => {
    const path = ['spec', 'tests', index];
    const [of, ...others] = subjects.filter((name) => source[name] !== undefined);
    if (of === undefined || others.length > 0) {
      complain(path, `It has exactly one of ${subjects.join(', ')}`);
      return [];
    }
    const { tool, expect, kinds = [] } = source;
    if (tool !== undefined && of !== 'output') complain([...path, 'tool'], '"tool" belongs to an output');
    if (expect === 'pass' && kinds.length > 0) complain([...path, 'kinds'], 'Where nothing is to be found, there are no kinds');
    const subject = source[of] ?? '';
    return [{ of, subject, ...(tool === undefined ? {} : { tool }), expect, kinds, position: yaml.where(path) }];
  });
}

function orComplain<T>(compile: () => T, path: Path, complain: Complain): readonly T[] {
  try {
    return [compile()];
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    complain(path, cause instanceof BadGlob ? `Bad pattern: ${message}` : `Bad regular expression: ${message}`);
    return [];
  }
}
