import { digestOf } from '../engine/audit/canonical.ts';
import type { Decision } from '../engine/decision.ts';
import { redact, redactText } from '../engine/guardrail/redact.ts';
import type { JsonObject, JsonValue } from '../engine/json.ts';
import type { Request } from '../engine/request.ts';
import type { Consulted, Gathered } from './enrich.ts';
import { keyOf } from './sessions.ts';

/** Longer scripts are named by their digest only; and all the texts of one call may be so long together. */
const longestText = 32 * 1024;
const mostText = 64 * 1024;
const mostLinks = 100;
/** What an entry refers to must not be much older than itself: logs are emptied from their old end. */
const refreshMs = 12 * 60 * 60_000;
/** More sessions or scripts than that at once are not coming back. */
const mostRemembered = 500;

interface Standing {
  readonly seq: number;
  readonly at: number;
}

type News = ((standing: Standing) => void)[];

export interface KeptFacts {
  /** As `Facts` has them. */
  readonly facts: JsonObject;
  /** They stand in the log now, as the entry of that number: later ones may refer to it. */
  readonly stand: (seq: number) => void;
}

/**
 * What is kept of the circumstances of each call that is judged (see `Facts`). Most of it is the same for all calls of a session: it is
 * written once, and referred to by its entry's number. The same goes for scripts.
 */
export class FactRecord {
  readonly #circumstances = new Map<string, Standing & { readonly text: string }>();
  readonly #scripts = new Map<string, Standing>();

  /** `byPolicies`: what they said by themselves. `mayKeep`: whether a script's text may be stored. */
  of(
    { request, consulted }: Gathered,
    decision: Decision,
    byPolicies: Decision,
    mayKeep: (text: string) => boolean = () => true,
  ): KeptFacts {
    const news: News = [];
    const at = request.time.getTime();
    const budgeted = decision.action !== byPolicies.action || decision.mode !== byPolicies.mode;
    const facts = {
      v: 1,
      time: at,
      calls: request.session.calls,
      ...this.#circumstancesOf(request, news),
      ...this.#consulted(consulted, { at, isHidden: decision.redact.length > 0, mayKeep }, news),
      ...(budgeted ? { policies: { action: byPolicies.action, mode: byPolicies.mode } } : {}),
      ...(decision.autoApprove ? { autoApprove: true } : {}),
    };
    return { facts, stand: (seq) => news.forEach((told) => told({ seq, at })) };
  }

  #circumstancesOf(request: Request, news: News): JsonObject {
    const circumstances = circumstancesOf(request);
    const text = JSON.stringify(circumstances);
    const session = sessionOf(request);
    const known = this.#circumstances.get(session);
    if (known?.text === text && isFresh(known, request.time.getTime())) return { like: known.seq };
    news.push((standing) => remember(this.#circumstances, session, { ...standing, text }));
    return { circumstances: redact(circumstances, []) };
  }

  /** Where a policy hides arguments, nothing is kept that may come from them. */
  #consulted(
    { links, scripts, git }: Consulted,
    { at, isHidden, mayKeep }: { readonly at: number; readonly isHidden: boolean; readonly mayKeep: (text: string) => boolean },
    news: News,
  ): JsonObject {
    if (links.size + scripts.size + git.size === 0) return {};
    if (isHidden) return { partial: true };
    return {
      ...(links.size === 0 ? {} : { links: redact(Object.fromEntries([...links].slice(0, mostLinks)), []) }),
      ...(links.size > mostLinks ? { partial: true } : {}),
      ...(scripts.size === 0 ? {} : { scripts: this.#scriptsOf(scripts, { at, mayKeep }, news) }),
      ...(git.size === 0 ? {} : { git: redact(Object.fromEntries([...git].map(([path, { value }]) => [path, value])), []) }),
    };
  }

  #scriptsOf(
    scripts: Consulted['scripts'],
    { at, mayKeep }: { readonly at: number; readonly mayKeep: (text: string) => boolean },
    news: News,
  ): JsonObject {
    let left = mostText;
    const entries = [...scripts].map(([path, { value }]): readonly [string, JsonValue] => {
      if (value === undefined) return [redactText(path), null];
      const digest = digestOf(value);
      const known = this.#scripts.get(digest);
      if (known !== undefined && isFresh(known, at)) return [redactText(path), { digest, in: known.seq }];
      if (value.length > Math.min(longestText, left) || !mayKeep(value)) return [redactText(path), { digest }];
      left -= value.length;
      news.push((standing) => remember(this.#scripts, digest, standing));
      return [redactText(path), { digest, text: redactText(value) }];
    });
    return Object.fromEntries(entries);
  }
}

function isFresh({ at }: Standing, now: number): boolean {
  return at > now - refreshMs;
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  if (map.size >= mostRemembered) map.clear();
  map.set(key, value);
}

function circumstancesOf({ call, session, workspace, user, countersignHome, governor }: Request): JsonObject {
  const { vendor, version, type } = call.agent;
  const { root, branch, remote, trusted, foldsCase } = workspace;
  const { name, email, roles, home } = user;
  return {
    agent: { vendor, ...given({ version, type }) },
    ...given({ subagentType: call.subagent?.type, mode: call.session.mode, countersignHome }),
    interactive: session.interactive,
    startedAt: session.startedAt.getTime(),
    workspace: { root, branch, remote, trusted, ...(foldsCase === undefined ? {} : { foldsCase }) },
    user: { name, email, roles, home },
    ...(governor === undefined ? {} : { governor: { ...given({ pid: governor.pid, port: governor.port }), programs: governor.programs } }),
  };
}

function given(values: Readonly<Record<string, string | number | undefined>>): JsonObject {
  const members: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(values)) if (value !== undefined) members[name] = value;
  return members;
}

function sessionOf({ call }: Request): string {
  return keyOf(call.agent.name, call.session.id, call.subagent?.id ?? '');
}
