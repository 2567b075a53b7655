import type { Approval, ApprovalAnswer, Approver } from '../engine/approval/approval.ts';
import type { RuleRef } from '../engine/decision.ts';
import { redactText } from '../engine/guardrail/redact.ts';
import { answeredEntry, askedEntry } from './approval-entries.ts';
import { keepStart } from './artifact/keep-start.ts';
import { keepChange } from './gateway/keep-change.ts';
import { applyRaises, isSettledByRaises } from './budget/raise.ts';
import { Refused } from './fault.ts';
import { grantFrom, sameRules } from './grants.ts';
import type { Ledger } from './ledger.ts';
import type { Ports } from './ports.ts';
import { approvalOf, type Question } from './question.ts';

export interface GivenAnswer {
  readonly outcome: 'approved' | 'denied';
  readonly scope: 'once' | 'session';
  readonly reason: string;
}

export interface Settled {
  readonly approval: Approval;
  readonly answer: ApprovalAnswer;
}

/** A question that is open: with whoever waits for its answer, if anyone still does. */
interface Open {
  approval: Approval;
  /** An answer is being written down; a second one comes too late. */
  closing: boolean;
  stopTimer: () => void;
  settle?: (settled: Settled) => void;
  fail?: (error: unknown) => void;
}

/** Timers of the platform cannot wait longer than this. */
const longestTimerMs = 2 ** 31 - 1;
const remembered = 100;
const noLonger = 'The agent no longer waits for an answer.';
const released = 'Answered with another call that waited for the same.';

/** Questions to a person: asked, shown, answered, timed out, cancelled, and picked up again after a restart. */
export class Approvals {
  readonly #ports: Ports;
  readonly #ledger: Ledger;
  readonly #changed: () => void;
  readonly #open = new Map<string, Open>();
  #answered: readonly Approval[] = [];

  constructor(ports: Ports, ledger: Ledger, changed: () => void) {
    this.#ports = ports;
    this.#ledger = ledger;
    this.#changed = changed;
  }

  /** Takes over the questions that an earlier governor left open: nobody waits for them any more. */
  pickUp(): void {
    for (const approval of this.#ports.state.openApprovals()) this.#pickUp(approval);
  }

  /** Oldest first. */
  open(): readonly Approval[] {
    return [...this.#open.values()].map((open) => open.approval).sort((a, b) => a.askedAt - b.askedAt);
  }

  /** Answered since this governor runs, newest first. */
  answered(): readonly Approval[] {
    return this.#answered;
  }

  pendingOf(session: string): number {
    return [...this.#open.values()].filter((open) => open.approval.session === session).length;
  }

  /** Whether a session holds a call open for an answer: then it lives. */
  isHeld(session: string): boolean {
    return this.open().some((approval) => approval.session === session && approval.waiting);
  }

  /**
   * Resolves with the answer, whoever or whatever gives it; with nothing where there is none after `patience` milliseconds: the question
   * stays open then. Rejects when the question or the answer could not be written down.
   */
  async ask(question: Question, gone: AbortSignal, patience?: number): Promise<Settled | undefined> {
    const approval = this.#approvalFor(question);
    this.#ports.state.saveApproval(approval);
    const settled = this.#wait(approval);
    const cancel = (): void => {
      if (this.#open.get(approval.id)?.settle !== undefined) this.#close(approval.id, 'cancelled', noLonger, 'agent');
    };
    // Whatever happens to the question from here on, nobody is left to wait for it without an end.
    settled.catch(() => undefined).finally(() => gone.removeEventListener('abort', cancel));
    try {
      await this.#ledger.write(askedEntry(approval), 'written');
    } catch (error) {
      this.#drop(approval);
      throw error;
    }
    this.#changed();
    if (gone.aborted) cancel();
    else gone.addEventListener('abort', cancel, { once: true });
    return patience === undefined ? settled : this.#within(patience, approval, settled);
  }

  /** The same before the call is made, so that nobody waits: a person's yes leaves a grant for it. Resolves when the question is open. */
  async askAhead(question: Question): Promise<Approval> {
    const approval = { ...approvalOf(question, this.#freshId(), this.#ports.clock.now()), waiting: false };
    this.#ports.state.saveApproval(approval);
    this.#pickUp(approval);
    try {
      await this.#ledger.write(askedEntry(approval), 'written');
    } catch (error) {
      this.#drop(approval);
      throw error;
    }
    this.#changed();
    return approval;
  }

  /** Whoever asked stops waiting before its client does: that would let the call run. */
  async #within(patience: number, { id }: Approval, settled: Promise<Settled>): Promise<Settled | undefined> {
    let stop = (): void => undefined;
    const tired = new Promise<undefined>((resolve) => {
      stop = this.#ports.clock.after(Math.min(patience, longestTimerMs), () => resolve(undefined));
    });
    const first = await Promise.race([settled, tired]).finally(() => stop());
    const open = this.#open.get(id);
    // An answer that is being written down comes in time; it needs no second question.
    if (first !== undefined || open === undefined || open.closing) return first ?? settled;
    this.#leaveOpen(open);
    return undefined;
  }

  #leaveOpen(open: Open): void {
    open.approval = { ...open.approval, waiting: false };
    delete open.settle;
    delete open.fail;
    this.#ports.state.saveApproval(open.approval);
    this.#changed();
  }

  /** A person's answer. Rejects with `Refused` when there is nothing to answer, or the reason is missing. */
  async answer(id: string, given: GivenAnswer, by: Approver): Promise<Approval> {
    const open = this.#open.get(id);
    if (open === undefined) throw this.#noSuch(id);
    if (open.closing) throw new Refused('already-answered', `Approval ${id} is being answered already.`);
    if (open.approval.terms.reason === 'required' && given.reason.trim() === '') {
      throw new Refused('reason-required', `Approval ${id} needs a reason.`);
    }
    return this.#finish(open, { ...given, reason: redactText(given.reason), by, at: this.#ports.clock.now() });
  }

  /** Takes back every open question of a session: it was killed, or is gone. */
  cancelSession(session: string, why: string): void {
    for (const { approval } of this.#open.values()) {
      if (approval.session === session) this.#close(approval.id, 'cancelled', why, 'governor');
    }
  }

  /** Whoever waits for nothing but what a person has raised meanwhile goes on. */
  release(by: Approver): void {
    for (const open of this.#open.values()) {
      if (open.closing || !isSettledByRaises(this.#ports, open.approval)) continue;
      const answer: ApprovalAnswer = { outcome: 'approved', scope: 'once', reason: released, by, at: this.#ports.clock.now() };
      this.#finish(open, answer).catch((error: unknown) =>
        this.#ledger.incident(`Approval ${open.approval.id} could not be closed after its limit was raised`, undefined, error),
      );
    }
  }

  /** Stops every timer. Whoever waits is told no; the questions themselves stay stored. */
  dispose(): void {
    for (const open of this.#open.values()) {
      open.stopTimer();
      open.fail?.(new Error('Countersign is shutting down; nobody can be asked now.'));
    }
    this.#open.clear();
  }

  #approvalFor(question: Question): Approval {
    const { call, argumentsDigest, decision, terms } = question;
    const now = this.#ports.clock.now();
    const earlier = this.#abandoned(call.session.id, argumentsDigest, decision.rules);
    if (earlier !== undefined) return { ...earlier, callId: call.id, waiting: true, deadline: now + terms.timeoutMs };
    return approvalOf(question, this.#freshId(), now);
  }

  /** The same question, still open from before a restart: the retry joins it instead of asking a second time. */
  #abandoned(session: string, argumentsDigest: string, rules: readonly RuleRef[]): Approval | undefined {
    return [...this.#open.values()]
      .filter(({ closing, approval }) => !closing && !approval.waiting)
      .map(({ approval }) => approval)
      .find((a) => a.session === session && a.argumentsDigest === argumentsDigest && sameRules(a.rules, rules));
  }

  #wait(approval: Approval): Promise<Settled> {
    this.#open.get(approval.id)?.stopTimer();
    return new Promise((settle, fail) => {
      const open: Open = { approval, closing: false, stopTimer: () => undefined, settle, fail };
      this.#open.set(approval.id, open);
      this.#arm(open);
    });
  }

  #pickUp(stored: Approval): void {
    const approval = { ...stored, waiting: false };
    if (stored.waiting) this.#ports.state.saveApproval(approval);
    const open: Open = { approval, closing: false, stopTimer: () => undefined };
    this.#open.set(approval.id, open);
    this.#arm(open);
  }

  #arm(open: Open): void {
    const left = open.approval.deadline - this.#ports.clock.now();
    open.stopTimer = this.#ports.clock.after(Math.min(Math.max(left, 0), longestTimerMs), () => {
      if (left > longestTimerMs) this.#arm(open);
      else this.#close(open.approval.id, 'timed-out', 'Nobody answered in time.', 'timeout');
    });
  }

  /** An end that no person chose. When it cannot be written down, whoever waits is told no. */
  #close(id: string, outcome: 'timed-out' | 'cancelled', reason: string, surface: string): void {
    const open = this.#open.get(id);
    if (open === undefined || open.closing) return;
    const answer: ApprovalAnswer = { outcome, scope: 'once', reason, by: { user: '', surface }, at: this.#ports.clock.now() };
    this.#finish(open, answer).catch((error: unknown) => {
      open.stopTimer();
      this.#open.delete(id);
      open.fail?.(error);
      this.#changed();
      return this.#ledger.incident(`Approval ${id} ended (${outcome}), but that could not be recorded`, undefined, error);
    });
  }

  /** Written down first, then told. Until both are written the question stays open. */
  async #finish(open: Open, answer: ApprovalAnswer): Promise<Approval> {
    const { approval } = open;
    open.closing = true;
    try {
      await this.#ledger.write(answeredEntry(approval, answer), 'synced');
      await applyRaises(this.#ports, this.#ledger, approval, answer);
      keepStart(this.#ports, approval, answer);
      keepChange(this.#ports, approval, answer);
      const grant = grantFrom(approval, answer, this.#ports.ids());
      if (grant !== undefined) this.#ports.state.saveGrant(grant);
      this.#ports.state.answerApproval(approval.id, answer);
    } catch (error) {
      open.closing = false;
      open.stopTimer();
      this.#arm(open);
      throw error;
    }
    open.stopTimer();
    this.#open.delete(approval.id);
    const answered = { ...approval, answer };
    this.#answered = [answered, ...this.#answered].slice(0, remembered);
    open.settle?.({ approval: answered, answer });
    if (answer.outcome === 'approved' && approval.raises !== undefined) this.release(answer.by);
    this.#changed();
    return answered;
  }

  /** A question that could not be written down was never asked. */
  #drop(approval: Approval): void {
    this.#open.get(approval.id)?.stopTimer();
    this.#open.delete(approval.id);
    this.#ports.state.answerApproval(approval.id, {
      outcome: 'cancelled',
      scope: 'once',
      reason: 'The question could not be recorded.',
      by: { user: '', surface: 'governor' },
      at: this.#ports.clock.now(),
    });
  }

  #freshId(): string {
    const id = `a${this.#ports
      .ids()
      .replaceAll(/[^A-Za-z0-9]/g, '')
      .slice(-8)
      .toLowerCase()}`;
    return this.#open.has(id) ? this.#freshId() : id;
  }

  #noSuch(id: string): Refused {
    const done = this.#answered.find((approval) => approval.id === id);
    if (done?.answer === undefined) return new Refused('not-found', `There is no open approval ${id}.`);
    return new Refused('already-answered', `Approval ${id} was already answered: ${done.answer.outcome}.`);
  }
}
