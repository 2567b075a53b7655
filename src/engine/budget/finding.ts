import type { Action } from '../decision.ts';
import type { Finding } from '../policy/judge.ts';
import { modeOf } from '../policy/policy-set.ts';
import type { HeldBreaker, HeldLimit } from './held.ts';

/** What an approval does to a budget. Plain data: it is stored with the question. */
export interface Raise {
  /** What is remembered under `key` becomes at least `to`: the same raise again changes nothing. */
  readonly key: string;
  readonly to: number;
  readonly policy: string;
  readonly rule: string;
  /** Of the file that the budget stands in. */
  readonly digest: string;
  /** What it does, in words that follow a name. */
  readonly text: string;
}

/** Something that people are told once. */
export interface Told {
  /** What was told under the same key is not told again. */
  readonly key: string;
  readonly event: 'alert' | 'reached' | 'unpriced' | 'uncounted' | 'tripped';
  readonly text: string;
}

/** What one limit or breaker says about a call. */
export interface Said {
  readonly held: HeldLimit | HeldBreaker;
  /** Left out where it has nothing against the call. */
  readonly finding?: Finding;
  /** With a finding that asks. */
  readonly raise?: Raise;
  readonly kills: boolean;
  readonly told: readonly Told[];
}

export function findingOf(held: HeldLimit | HeldBreaker, action: Action, reason: string): Finding {
  const { file, document, exemption } = held;
  return {
    ref: {
      policy: document.name,
      rule: nameOf(held),
      layer: file.layer,
      digest: file.digest,
      action,
      mode: modeOf(file, document),
      ...(exemption === undefined ? {} : { exemption }),
    },
    reason,
    terms: {},
    autoApprove: false,
    redact: [],
  };
}

export function nameOf(held: HeldLimit | HeldBreaker): string {
  return 'limit' in held ? held.limit.name : held.breaker.name;
}
