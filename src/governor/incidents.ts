import { digestOf } from '../engine/audit/canonical.ts';
import type { AuditEntry } from '../engine/audit/entry.ts';
import { redact, redactText } from '../engine/guardrail/redact.ts';
import { onUngoverned } from '../engine/policy/outer-layers.ts';
import type { ToolCall } from '../engine/tool-call.ts';
import { aboutCall } from './decision-entries.ts';
import { killSession } from './kill.ts';
import type { Office } from './office.ts';

/** Something ran that our hooks did not see, or did not see like that. */
export interface Ungoverned {
  readonly agent: string;
  readonly session: string;
  readonly cwd: string;
  readonly cause: 'no-hello' | 'undecided' | 'refused' | 'changed' | 'rewritten';
  /** A sentence without its end: what was found. */
  readonly what: string;
  /** Left out: the call is not known, or there is none. */
  readonly call?: ToolCall;
  readonly callId?: string;
}

/** What a person must see. */
export interface IncidentProblem {
  readonly id: string;
  readonly message: string;
}

const advice: Record<Ungoverned['cause'], string> = {
  'no-hello':
    'Its hooks are switched off or were not loaded: look for "disableAllHooks" in .claude/settings.json and settings.local.json there, for errors in your own ~/.claude/settings.json, and at how it was started (--bare, --settings). End it with `countersign kill`.',
  undecided:
    'Its hooks are switched off or do not reach Countersign: look for "disableAllHooks" in .claude/settings.json and settings.local.json there, and for errors in your own ~/.claude/settings.json. End it with `countersign kill`.',
  refused:
    'Another hook or setting overrules the refusal: look at the hooks in .claude/settings.json there. End it with `countersign kill`.',
  changed:
    'What was decided on is not what the model asked for: somebody stands between the agent and Countersign. End it with `countersign kill`.',
  rewritten: 'Another hook rewrites calls after they were decided on: look at the PreToolUse hooks of that folder and of your plugins.',
};

const mostProblems = 10;

interface Shown {
  readonly found: Ungoverned;
  readonly times: number;
}

/** Raises incidents: in the log, before a person's eyes and, where the policies say so, against the session. */
export class Incidents {
  readonly #agents: readonly string[];
  readonly #changed: () => void;
  readonly #shown = new Map<string, Shown>();
  readonly #ending = new Set<string>();

  constructor(agents: readonly string[], changed: () => void) {
    this.#agents = agents;
    this.#changed = changed;
  }

  /** Newest last; one for each session. */
  problems(): readonly IncidentProblem[] {
    return [...this.#shown].map(([session, { found, times }]) => ({ id: `ungoverned:${session}`, message: messageOf(found, times) }));
  }

  /** Resolves when it is written down. Never rejects: a log that cannot be written is no reason to leave the session alone. */
  async raise(office: Office, found: Ungoverned): Promise<void> {
    const then = thenFor(office, found.cwd);
    this.#show(found);
    try {
      await office.ledger.write(entryOf(found, then), 'synced');
    } catch (error) {
      await office.ledger.incident(found.what, undefined, error);
    }
    if (then === 'kill' && !office.alone) void this.#end(office, found);
  }

  #show(found: Ungoverned): void {
    const times = (this.#shown.get(found.session)?.times ?? 0) + (found.cause === 'no-hello' ? 0 : 1);
    this.#shown.delete(found.session);
    this.#shown.set(found.session, { found, times });
    const [oldest] = this.#shown.keys();
    if (this.#shown.size > mostProblems && oldest !== undefined) this.#shown.delete(oldest);
    this.#changed();
  }

  /** One attempt at a time; the next call that runs makes another. */
  async #end(office: Office, { session, what }: Ungoverned): Promise<void> {
    if (this.#ending.has(session)) return;
    this.#ending.add(session);
    try {
      await killSession(office, session, `${what}.`, 'Countersign', this.#agents);
    } catch (error) {
      await office.ledger.incident(`The ungoverned session ${session} could not be ended`, undefined, error);
    } finally {
      this.#ending.delete(session);
    }
  }
}

/** Policies that cannot be read say nothing about it: the calls they govern are refused meanwhile. */
function thenFor(office: Office, cwd: string): 'alert' | 'kill' {
  try {
    return onUngoverned(office.ports.policies.inForce(cwd));
  } catch {
    return 'alert';
  }
}

function entryOf(found: Ungoverned, then: 'alert' | 'kill'): Omit<AuditEntry, 'time'> {
  const { agent, session, cwd, cause, what, call, callId } = found;
  return {
    kind: 'incident',
    agent,
    session,
    cwd,
    ...(callId === undefined ? {} : { callId }),
    ...(call === undefined ? {} : { ...aboutCall(call), arguments: redact(call.arguments, []), argumentsDigest: digestOf(call.arguments) }),
    reason: `${what}.`,
    detail: { cause, advice: advice[cause], onUngoverned: then },
  };
}

function messageOf({ what, cause, cwd, session }: Ungoverned, times: number): string {
  const more = times > 1 ? ` (and ${times - 1} more of this session)` : '';
  return redactText(`${what}${more}, in ${cwd || 'an unknown folder'}, session ${session}. ${advice[cause]}`);
}
