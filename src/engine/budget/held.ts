import type { Exemption } from '../decision.ts';
import { exemptionsAt, type GrantedExemption } from '../policy/judge.ts';
import { modeOf, type PolicyFile, type PolicySet } from '../policy/policy-set.ts';
import type { ToolCall } from '../tool-call.ts';
import type { Breaker, BudgetDocument, Limit, Per, Window } from './document.ts';
import type { Span } from './window.ts';

/** A part of a budget that a call is held against, and who said so. */
interface Held {
  readonly file: PolicyFile;
  readonly document: BudgetDocument;
  readonly exemption?: Exemption;
}
export interface HeldLimit extends Held {
  readonly limit: Limit;
  /** Which one: a session's id, an agent's name, a folder, the person's name. */
  readonly subject: string;
  /** Left out where all of the time counts. */
  readonly span?: Span;
}
export interface HeldBreaker extends Held {
  readonly breaker: Breaker;
  readonly subject: string;
}

/** Whom a call counts for. */
export type Subjects = Readonly<Record<Per, string>>;

export interface HeldBudgets {
  readonly limits: readonly HeldLimit[];
  readonly breakers: readonly HeldBreaker[];
}

/** Whether there is anything to count: most people have no budget. */
export function hasBudgets({ files }: PolicySet): boolean {
  return files.some(({ budgets }) => budgets.length > 0);
}

/** Everything that a call is held against. */
export function heldAgainst(
  { files }: PolicySet,
  call: ToolCall,
  subjects: Subjects,
  time: Date,
  spanOf: (window: Exclude<Window, 'total'>) => Span,
): HeldBudgets {
  const exempt = exemptionsAt(files, { time });
  const concerned = files.flatMap((file) =>
    file.budgets.filter((document) => document.concerns(call)).map((document): Held => ({ file, document })),
  );
  return {
    limits: concerned.flatMap((held) =>
      held.document.limits.map((limit) => ({
        ...exempted(held, limit.name, exempt),
        limit,
        subject: subjects[limit.per],
        ...(limit.window === 'total' ? {} : { span: spanOf(limit.window) }),
      })),
    ),
    breakers: concerned.flatMap((held) =>
      held.document.breakers.map((breaker) => ({ ...exempted(held, breaker.name, exempt), breaker, subject: subjects.session })),
    ),
  };
}

/** What is remembered of a limit is remembered under this: another amount is another limit, and so is another window. */
export function limitKey({ file, document, limit, subject, span }: HeldLimit, agent: string): string {
  // Two agents may call their sessions the same.
  const whose = limit.per === 'session' ? [agent, subject] : [subject];
  return JSON.stringify([file.path, document.name, limit.name, limit.amount, ...whose, span?.start ?? 0]);
}

export function breakerKey({ file, document, breaker, subject }: HeldBreaker, agent: string): string {
  return JSON.stringify([file.path, document.name, breaker.name, breaker.times, breaker.withinMs, agent, subject]);
}

/** Whether it has a say: what only watches and what is exempted is recorded, no more. */
export function isEnforced({ file, document, exemption }: Held): boolean {
  return modeOf(file, document) === 'enforce' && exemption === undefined;
}

function exempted(held: Held, name: string, exempt: GrantedExemption): Held {
  const exemption = exempt(held.file, held.document, name);
  return exemption === undefined ? held : { ...held, exemption };
}
