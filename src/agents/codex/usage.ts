import * as z from 'zod/mini';
import type { ResponseFact, UsageFact, UsageOwner } from '../../engine/spend/fact.ts';
import type { UsageFile, UsageLines, UsageReader } from '../agent.ts';
import { rolloutLine, tokensOf, type RolloutLine } from './rollout.ts';

/**
 * Codex's rollouts: `sessions/<year>/<month>/<day>/rollout-<time>-<thread>.jsonl`, one file a thread; subagents are threads of their
 * own. Source: recordings of 0.64.0 to 0.171.0. Newer versions record each response (`token_usage_record`); older ones tell running
 * totals (`token_count`), which they repeat, start anew at a resume (0.64), and copy into forks.
 */
export const codexUsage: UsageReader = {
  agent: 'codex',
  marks: ['"type":"session_meta"', '"type":"turn_context"', '"type":"token_usage_record"', '"type":"token_count"'],
  starts: [],
  open,
};

function open(file: UsageFile, resumed?: string): UsageLines {
  let state = restored(resumed) ?? { ...blank, thread: file.session };
  return {
    read: (text) => {
      const line = rolloutLine(text);
      if (!line) return [];
      const facts = factsIn(line, state);
      state = { ...state, ...learned(line, state) };
      return facts;
    },
    state: () => JSON.stringify(state),
  };
}

const stateSchema = z.object({
  /** This file's own thread; the session that it works for; when it began, as it says itself. */
  thread: z.string(),
  session: z.string(),
  begun: z.number(),
  /** The thread whose beginning was met last: a fork's own, then the one that it was copied from. */
  history: z.string(),
  turn: z.string(),
  model: z.string(),
  cwd: z.string(),
  /** The last running total, and how many processes have told one: an older version starts it anew with each. */
  total: z.string(),
  processes: z.number(),
  recordsResponses: z.boolean(),
});
type State = z.infer<typeof stateSchema>;

const blank: State = {
  thread: '',
  session: '',
  begun: 0,
  history: '',
  turn: '',
  model: '',
  cwd: '',
  total: '',
  processes: 0,
  recordsResponses: false,
};

/** What an earlier reader of the file left; '' where there was none. */
function restored(text = ''): State | undefined {
  return text === '' ? undefined : z.parse(stateSchema, JSON.parse(text));
}

function learned(line: RolloutLine, state: State): Partial<State> {
  if (line.kind === 'turn') return { turn: line.turn, model: line.model, cwd: line.cwd };
  if (line.kind === 'response') return { recordsResponses: true };
  if (line.kind === 'total') return { total: line.total };
  if (line.kind === 'process') return { total: '', processes: state.processes + 1 };
  if (state.history !== '') return { history: line.thread };
  return { thread: line.thread, session: line.session, begun: line.at, history: line.thread, cwd: line.cwd };
}

function factsIn(line: RolloutLine, state: State): readonly UsageFact[] {
  if (line.kind === 'thread')
    return state.history === '' && line.nickname !== '' ? [{ kind: 'label', ...ownerOf(line), label: line.nickname }] : [];
  if (line.kind === 'response')
    return [{ ...response(line, state), ...ownerOf(line), key: line.key, claim: line.thread === state.thread ? 1 : 0 }];
  if (line.kind !== 'total' || state.recordsResponses || line.total === state.total) return [];
  const isCopy = isCopied(line.at, state);
  return [{ ...response(line, state), ...ownerOf(state), key: keyOfTotal(line.total, isCopy, state), claim: isCopy ? 0 : 1 }];
}

function response(line: RolloutLine & { readonly kind: 'response' | 'total' }, { cwd, model }: State) {
  const { at, usage } = line;
  const rest = { request: '', speed: 'standard', region: '', webSearches: 0, isFinal: true } as const;
  return { kind: 'response', at, cwd, model, tokens: tokensOf(usage), ...rest } satisfies Omit<
    ResponseFact,
    keyof UsageOwner | 'key' | 'claim'
  >;
}

/** A thread that is its session's own is the main agent. */
function ownerOf({ session, thread }: { readonly session: string; readonly thread: string }): UsageOwner {
  return { session: session || thread, subagent: session === '' || session === thread ? '' : thread };
}

/**
 * A fork begins with a copy of its parent's history, whose turns are older than the thread; ids of both tell their time. Before turns
 * had ids, the copy is what was written at once.
 */
function isCopied(at: number, { turn, thread, history, begun }: State): boolean {
  if (isTimed(turn) && isTimed(thread)) return turn.slice(0, 13) < thread.slice(0, 13);
  return history !== thread && at - begun < 1000;
}

/** The same in the copy as where it comes from, so that both are counted once, as the parent's where that is known. */
function keyOfTotal(total: string, isCopy: boolean, { turn, thread, history, processes }: State): string {
  return turn === '' ? `${isCopy ? history : thread} ${processes} ${total}` : `${turn} ${total}`;
}

/** UUIDs of version 7 begin with their time. */
function isTimed(id: string): boolean {
  return id[14] === '7';
}
