import { redactText } from '../engine/guardrail/redact.ts';
import type { ToolCall } from '../engine/tool-call.ts';

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

export const advice: Record<Ungoverned['cause'], string> = {
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

/** What ran without us, as a person is to see it: the latest of each session. */
export class IncidentList {
  readonly #changed: () => void;
  readonly #shown = new Map<string, Shown>();
  /** Sessions that are being ended because of it. */
  readonly ending = new Set<string>();

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Newest last; one for each session. */
  problems(): readonly IncidentProblem[] {
    return [...this.#shown].map(([session, { found, times }]) => ({ id: `ungoverned:${session}`, message: messageOf(found, times) }));
  }

  show(found: Ungoverned): void {
    const times = (this.#shown.get(found.session)?.times ?? 0) + 1;
    this.#shown.delete(found.session);
    this.#shown.set(found.session, { found, times });
    const [oldest] = this.#shown.keys();
    if (this.#shown.size > mostProblems && oldest !== undefined) this.#shown.delete(oldest);
    this.#changed();
  }
}

function messageOf({ what, cause, cwd, session }: Ungoverned, times: number): string {
  const more = times > 1 ? ` (and ${times - 1} more of this session)` : '';
  return redactText(`${what}${more}, in ${cwd || 'an unknown folder'}, session ${session}. ${advice[cause]}`);
}
