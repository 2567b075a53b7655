import { startTool } from '../../artifact/start-call.ts';
import { digestOf } from '../../audit/canonical.ts';
import type { AuditEntry } from '../../audit/entry.ts';
import { type Circumstances, factsOf } from '../../audit/facts.ts';
import type { Decision } from '../../decision.ts';
import { decideGuarded } from '../../guardrail/policy/judge-call.ts';
import { faultDecision } from '../decide.ts';
import type { PolicySet } from '../policy-set.ts';
import { outcomeOf, type ReplayedCall, saidNow, saidThen } from './outcome.ts';
import { type CallEntry, circumstancesToday, type Past, type PastRequest, pastRequest } from './past-request.ts';
import { PastRates } from './rates.ts';
import type { Doubt, ReplayWorld } from './world.ts';

/** `not-asked`: refused without asking the policies, as all calls of a killed session. `removed`: the log has only its place left. */
export type Skipped = 'not-asked' | 'removed' | 'unreadable';

/** An entry of the log, by its number. */
export interface RecordedEntry {
  readonly seq: number;
  readonly entry: AuditEntry;
}

export type Replayed = { readonly kind: 'judged'; readonly call: ReplayedCall } | { readonly kind: 'skipped'; readonly why: Skipped };

interface Judged {
  readonly decision: Decision;
  readonly doubts: ReadonlySet<Doubt>;
}

/** As many as a long day has different calls. */
const mostKnown = 20_000;

/** Judges recorded calls again. They must come in the order in which they were judged: what is limited per time is counted anew. */
export class Replay {
  readonly #world: ReplayWorld;
  readonly #policiesOf: (workspace: string) => PolicySet;
  readonly #rates = new PastRates();
  readonly #calls = new Map<string, number>();
  readonly #known = new Map<string, Judged>();
  readonly #numbers = new Map<string, number>();
  readonly #numberOf = new WeakMap<Circumstances, number>();

  /** `policiesOf`: those that are to judge the calls of a workspace, the same at each question. */
  constructor(world: ReplayWorld, policiesOf: (workspace: string) => PolicySet) {
    this.#world = world;
    this.#policiesOf = policiesOf;
  }

  judge({ seq, entry }: RecordedEntry): Replayed {
    if ('pruned' in entry) return { kind: 'skipped', why: 'removed' };
    if (!isAboutCall(entry)) return { kind: 'skipped', why: 'unreadable' };
    const past = this.#pastOf(entry);
    if (past.facts === undefined && wasNotAsked(entry)) return { kind: 'skipped', why: 'not-asked' };
    const { decision, doubts } = this.#judged(past);
    this.#count(past, decision);
    const was = saidThen(entry, past.facts);
    const now = saidNow(decision);
    return { kind: 'judged', call: { seq, entry, was, now, outcome: outcomeOf(was, now, doubts), doubts: [...doubts] } };
  }

  /** One recorded call as it was, to be looked at by itself. */
  requestOf({ entry }: Pick<RecordedEntry, 'entry'>): PastRequest | Skipped {
    if ('pruned' in entry) return 'removed';
    return isAboutCall(entry) ? pastRequest(this.#world, this.#pastOf(entry)) : 'unreadable';
  }

  #pastOf(entry: CallEntry): Past {
    const facts = factsOf(entry);
    const circumstances = facts === undefined ? undefined : (facts.circumstances ?? this.#world.factsOf(facts.like ?? 0)?.circumstances);
    const session = `${entry.agent}/${entry.session}`;
    const calls = facts?.calls ?? this.#calls.get(session) ?? 0;
    this.#calls.set(session, calls + 1);
    return {
      entry,
      calls,
      isWhole: digestOf(entry.arguments) === entry.argumentsDigest,
      circumstances: circumstances ?? circumstancesToday(this.#world, entry.cwd ?? '/', entry.time),
      // Without its circumstances the rest says too little.
      ...(facts === undefined || circumstances === undefined ? {} : { facts }),
    };
  }

  /** Agents do the same thing over and over: what depends on nothing that differs is judged once. */
  #judged(past: Past): Judged {
    const key = this.#keyOf(past);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const { judged, isVolatile } = this.#judgeAnew(past);
    if (isVolatile) return judged;
    if (this.#known.size >= mostKnown) this.#known.clear();
    this.#known.set(key, judged);
    return judged;
  }

  #judgeAnew(past: Past): { readonly judged: Judged; readonly isVolatile: boolean } {
    let isCounted = false;
    try {
      const { request, doubts, isVolatile } = pastRequest(this.#world, past);
      const usage = this.#rates.usageAt(timeOf(past), () => (isCounted = true));
      const decision = decideGuarded(this.#policiesOf(request.workspace.root), request, usage, this.#world.fingerprint);
      return { judged: { decision, doubts }, isVolatile: isCounted || isVolatile() };
    } catch (cause) {
      return { judged: { decision: faultDecision(cause), doubts: new Set() }, isVolatile: true };
    }
  }

  /** A call that budgets denied then used up nothing. */
  #count(past: Past, decision: Decision): void {
    const { facts, entry } = past;
    if (facts?.policies !== undefined && entry.action === 'deny' && entry.detail?.['decided'] === undefined) return;
    for (const key of decision.counted) this.#rates.record(key, timeOf(past));
  }

  #keyOf({ entry, facts, circumstances, isWhole }: Past): string {
    const { agent, tool, nativeTool, mcpServer, cwd, argumentsDigest, subagent } = entry;
    const call = isWhole ? argumentsDigest : entry.arguments;
    const named = [agent, tool, nativeTool, mcpServer, cwd, call, subagent !== undefined, isWhole, this.#numberFor(circumstances)];
    const asked = facts === undefined ? [] : [facts.links, facts.scripts, facts.git, facts.partial];
    return JSON.stringify([...named, ...asked]);
  }

  /** Those that are the same but for when the session began have the same number. */
  #numberFor(circumstances: Circumstances): number {
    const known = this.#numberOf.get(circumstances);
    if (known !== undefined) return known;
    const text = JSON.stringify({ ...circumstances, startedAt: 0 });
    const number = this.#numbers.get(text) ?? this.#numbers.size;
    this.#numbers.set(text, number);
    this.#numberOf.set(circumstances, number);
    return number;
  }
}

function isAboutCall(entry: AuditEntry): entry is CallEntry {
  return entry.kind === 'decision' && entry.tool !== startTool && entry.tool !== undefined && entry.arguments !== undefined;
}

/** Policies that deny name the rule. */
function wasNotAsked({ action, rules = [] }: AuditEntry): boolean {
  return action === 'deny' && rules.length === 0;
}

function timeOf({ facts, entry }: Past): number {
  return facts?.time ?? entry.time;
}
