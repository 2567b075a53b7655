import type { JsonValue } from '../../engine/json.ts';
import type { Call } from './call.ts';
import { withValue, type Frame } from './frame.ts';
import { repeatsNames, type Span } from './json-bytes.ts';
import type { Judge } from './judge.ts';

/** Longer texts the governor does not look through. */
const longest = 16 * 1024 * 1024;

/** What the client gets, or why it does not get that. */
export type Looked = { readonly line: Buffer } | { readonly withheld: string };

/** What came of a call, for the record. */
export interface Outcome {
  readonly failed: boolean;
  /** It is not its end, or that is recorded already: only what is found in it is. */
  readonly joined: boolean;
}

/** Guardrails look through what a server says in one place of a frame. Rejects where nobody can. */
export async function lookThrough(judge: Judge, call: Call, frame: Frame, place: Span, outcome: Outcome): Promise<Looked> {
  if (call.told === undefined) return { line: frame.bytes };
  if (place.end - place.start > longest) return { withheld: 'It is too long to be looked through.' };
  if (repeatsNames(frame.bytes, place.start)) return { withheld: 'A name stands in it twice.' };
  const output: JsonValue = JSON.parse(frame.bytes.toString('utf8', place.start, place.end));
  const answer = await judge.ask('mcpResult', { ...call.told, ...outcome, durationMs: durationOf(call), output });
  if (answer.kind === 'refuse') return { withheld: answer.reason };
  return { line: answer.kind === 'pass' && answer.output !== undefined ? withValue(frame, place, answer.output) : frame.bytes };
}

/** For the record alone; a call that a hook tells of as well is told of by it. */
export async function tellOutcome(judge: Judge, call: Call, failed: boolean): Promise<void> {
  const { told, joined } = call;
  if (told === undefined || joined) return;
  await judge.ask('mcpResult', { ...told, failed, joined, durationMs: durationOf(call) }).catch(() => undefined);
}

function durationOf({ sentAt }: Call): number {
  return sentAt === 0 ? 0 : performance.now() - sentAt;
}
