import { findingOf, type Raise, type Said, type Told } from './finding.ts';
import { isEnforced, type HeldBreaker } from './held.ts';

/** A call of the session that is remembered for its breakers. */
export interface RecentCall {
  readonly callId: string;
  readonly nativeTool: string;
  readonly at: number;
  /** Left out while it runs, or where it was refused. */
  readonly failed?: boolean;
}

/** Why a breaker is open. Remembered until a person resets it. */
export interface Trip {
  readonly at: number;
  readonly why: string;
  readonly calls: readonly string[];
}

/**
 * Whether the calls before this one trip a breaker. `recent` are those that it is about, newest first: the same calls (`loop`), those
 * that ended (`failures`), all (`rate`), as far back as it looks and since it was reset.
 */
export function tripOf({ breaker }: HeldBreaker, recent: readonly RecentCall[], now: number): Trip | undefined {
  const calls = recent.slice(0, breaker.times);
  if (calls.length < breaker.times) return undefined;
  if (breaker.name === 'failures' && !calls.every(({ failed }) => failed === true)) return undefined;
  return { at: now, why: whyOf(breaker, calls), calls: calls.toReversed().map(({ callId }) => callId) };
}

export const resetKey = (key: string): string => `reset ${key}`;

/** What an open breaker says about every call of its session. */
export function judgeBreaker(held: HeldBreaker, trip: Trip, key: string): Said {
  const { breaker, document, file, subject } = held;
  const what = `Circuit breaker "${breaker.name}" of budget "${document.name}": ${trip.why}${listOf(trip.calls)}.`;
  const told: readonly Told[] = [{ key: `tripped ${trip.at} ${key}`, event: 'tripped', text: what }];
  const kills = breaker.onLimit === 'kill' && isEnforced(held);
  const text = 'resets the circuit breaker';
  const raise: Raise = { key: resetKey(key), to: trip.at, policy: document.name, rule: breaker.name, digest: file.digest, text };
  switch (breaker.onLimit) {
    case 'alert':
      return { held, kills, told };
    case 'require_approval':
      return { held, kills, told, raise, finding: findingOf(held, 'require_approval', `${what} Approving ${raise.text}.`) };
    case 'deny':
      return { held, kills, told, finding: findingOf(held, 'deny', `${what} ${untilReset(subject)}`) };
    case 'kill':
      return { held, kills, told, finding: findingOf(held, 'deny', `${what} That ends the session.`) };
  }
}

function whyOf({ name, within, times }: HeldBreaker['breaker'], calls: readonly RecentCall[]): string {
  const tools = [...new Set(calls.map(({ nativeTool }) => nativeTool))].join(', ');
  switch (name) {
    case 'loop':
      return `${tools} was called ${times} times with the same arguments within ${within ?? 'a day'}`;
    case 'failures':
      return `the last ${times} calls failed (${tools})`;
    case 'rate':
      return `${times} calls were made within ${within ?? 'a day'}`;
  }
}

const mostNamed = 8;

function listOf(calls: readonly string[]): string {
  const named = calls.filter((call) => call !== '').slice(-mostNamed);
  return named.length === 0 ? '' : `: ${calls.length > named.length ? '… ' : ''}${named.join(', ')}`;
}

function untilReset(session: string): string {
  return `No call of this session runs until a person resets it: countersign budget reset ${session}`;
}
