import { redactText } from '../engine/guardrail/redact.ts';
import type { ToolCall } from '../engine/tool-call.ts';

/** Something ran that our hooks did not see, or did not see like that. */
export interface Ungoverned {
  readonly agent: string;
  readonly session: string;
  readonly cwd: string;
  readonly cause: Cause;
  /** A sentence without its end: what was found. */
  readonly what: string;
  /** Left out: the call is not known, or there is none. */
  readonly call?: ToolCall;
  readonly callId?: string;
}

export type Cause = 'no-hello' | 'undecided' | 'refused' | 'changed' | 'rewritten' | 'weakened';

/** An incident that no person has said to have seen. */
export interface OpenIncident extends Pick<Ungoverned, 'agent' | 'session' | 'cwd' | 'cause' | 'what'> {
  /** Its entry in the log; left out where it could not be written. */
  readonly seq?: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

export interface WrittenIncident extends OpenIncident {
  readonly seq: number;
}

/** What a person must see. */
export interface IncidentProblem {
  readonly id: string;
  readonly message: string;
  /** The entries that it is about: what a person closes when they have seen it. */
  readonly incidents: readonly number[];
}

const advice: Record<Cause, string> = {
  'no-hello':
    'Its hooks are switched off or were not loaded: look for "disableAllHooks" in .claude/settings.json and settings.local.json there, for errors in your own ~/.claude/settings.json, and at how it was started (--bare, --settings, another CLAUDE_CONFIG_DIR). End it with `countersign kill`.',
  undecided:
    'Its hooks are switched off or do not reach Countersign: look for "disableAllHooks" in .claude/settings.json and settings.local.json there, and for errors in your own ~/.claude/settings.json. End it with `countersign kill`.',
  refused:
    'Another hook or setting overrules the refusal: look at the hooks in .claude/settings.json there. End it with `countersign kill`.',
  changed:
    'What was decided on is not what the model asked for: somebody stands between the agent and Countersign. End it with `countersign kill`.',
  rewritten: 'Another hook rewrites calls after they were decided on: look at the PreToolUse hooks of that folder and of your plugins.',
  weakened:
    'This session keeps its old settings; the next one reads the file. Put it right (`countersign doctor` says how), and end the session with `countersign kill` if it was the agent.',
};

/** Where the agent is another one: the files that switch hooks off differ, and the doctor knows them. */
const elsewhere: Partial<Record<Cause, (agent: string) => string>> = {
  'no-hello': (agent) =>
    `Its hooks are switched off or were not loaded: \`countersign doctor ${agent}\` says why. End it with \`countersign kill\`.`,
  undecided: (agent) =>
    `Its hooks are switched off or do not reach Countersign: \`countersign doctor ${agent}\` says why. End it with \`countersign kill\`.`,
  refused: (agent) => `Another hook or setting of ${agent} overrules the refusal. End it with \`countersign kill\`.`,
};

/** What to do about it. */
export function adviceFor(agent: string, cause: Cause): string {
  return (agent === 'claude-code' ? undefined : elsewhere[cause]?.(agent)) ?? advice[cause];
}

export function isCause(text: unknown): text is Cause {
  return typeof text === 'string' && Object.hasOwn(advice, text);
}

const mostOpen = 100;
const mostProblems = 10;

/** What ran without us and has not been seen by a person yet: the newest hundred. */
export class IncidentList {
  readonly #changed: () => void;
  /** Oldest first. */
  #open: readonly OpenIncident[];
  /** Sessions that are being ended because of it. */
  readonly ending = new Set<string>();

  /** `left`: what an earlier governor left open, oldest first. */
  constructor(left: readonly OpenIncident[], changed: () => void) {
    this.#open = left.slice(-mostOpen);
    this.#changed = changed;
  }

  /** Oldest first. */
  open(): readonly OpenIncident[] {
    return this.#open;
  }

  /** Newest last; one for each session, of the newest sessions. */
  problems(): readonly IncidentProblem[] {
    const sessions = new Map<string, OpenIncident[]>();
    for (const incident of this.#open) {
      const earlier = sessions.get(incident.session) ?? [];
      sessions.delete(incident.session);
      sessions.set(incident.session, [...earlier, incident]);
    }
    return [...sessions].slice(-mostProblems).map(([session, found]) => problemOf(session, found));
  }

  /** Before it is written down: a log that fails is no reason not to show it. The returned function tells its place in the log. */
  show(found: Ungoverned, time: number): (seq: number) => void {
    const { agent, session, cwd, cause, what } = found;
    const shown: OpenIncident = { agent, session, cwd, cause, what, time };
    this.#become([...this.#open, shown].slice(-mostOpen));
    return (seq) => this.#become(this.#open.map((each) => (each === shown ? { ...shown, seq } : each)));
  }

  /** Takes those off the list: a second window that closes the same one finds nothing. */
  take(seqs: ReadonlySet<number>): readonly WrittenIncident[] {
    const taken = this.#open.filter(isWritten).filter(({ seq }) => seqs.has(seq));
    this.#become(this.#open.filter((each) => !isWritten(each) || !seqs.has(each.seq)));
    return taken;
  }

  putBack(incidents: readonly OpenIncident[]): void {
    if (incidents.length > 0) this.#become([...this.#open, ...incidents].toSorted((a, b) => a.time - b.time));
  }

  #become(open: readonly OpenIncident[]): void {
    this.#open = open;
    this.#changed();
  }
}

function isWritten(incident: OpenIncident): incident is WrittenIncident {
  return incident.seq !== undefined;
}

function problemOf(session: string, found: readonly OpenIncident[]): IncidentProblem {
  const incidents = found.filter(isWritten).map(({ seq }) => seq);
  return { id: `ungoverned:${session}`, message: messageOf(found), incidents };
}

function messageOf(found: readonly OpenIncident[]): string {
  const latest = found.at(-1);
  if (latest === undefined) return '';
  const { agent, what, cwd, session, cause } = latest;
  const more = found.length > 1 ? ` (and ${found.length - 1} more of this session)` : '';
  return redactText(`${what}${more}, in ${cwd || 'an unknown folder'}, session ${session}. ${adviceFor(agent, cause)}`);
}
