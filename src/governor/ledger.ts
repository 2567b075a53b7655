import { redactText } from '../engine/guardrail/redact.ts';
import type { AuditEntry, AuditRecord } from '../engine/audit/entry.ts';
import type { Origin } from '../agents/agent.ts';
import { messageOf } from './fault.ts';
import type { Ports } from './ports.ts';

/** An append that takes longer counts as one that failed: the call behind it is refused. */
const slowestMs = 10_000;

/** The governor's hand on the audit log. */
export class Ledger {
  readonly #ports: Pick<Ports, 'clock' | 'audit'>;
  readonly #written: (record: AuditRecord) => void;
  readonly #onFault: (error: unknown) => void;

  constructor(ports: Pick<Ports, 'clock' | 'audit'>, written: (record: AuditRecord) => void, onFault: (error: unknown) => void) {
    this.#ports = ports;
    this.#written = written;
    this.#onFault = onFault;
  }

  /** Rejects when the entry could not be written in time. */
  async write(entry: Omit<AuditEntry, 'time'>, durability: 'written' | 'synced'): Promise<AuditRecord> {
    const { clock, audit } = this.#ports;
    const masked = entry.reason === undefined ? entry : { ...entry, reason: redactText(entry.reason) };
    const record = await before(slowestMs, clock, audit.append({ ...masked, time: clock.now() }, durability));
    this.#written(record);
    return record;
  }

  /** Notes that something went wrong, as far as that is still possible: what failed may be the log itself. */
  async incident(what: string, about?: Origin, error?: unknown): Promise<void> {
    if (error !== undefined) this.#onFault(error);
    const reason = error === undefined ? what : `${what}: ${messageOf(error)}`;
    try {
      await this.write({ kind: 'incident', reason, ...(about === undefined ? {} : originFields(about)) }, 'written');
    } catch (fault) {
      this.#onFault(fault);
    }
  }
}

/** Where a message came from, as entries say it. */
export function originFields(origin: Origin): Pick<AuditEntry, 'agent' | 'session' | 'subagent' | 'cwd'> {
  return {
    agent: origin.agent.name,
    session: origin.session.id,
    ...(origin.subagent === undefined ? {} : { subagent: origin.subagent.id }),
    cwd: origin.cwd,
  };
}

function before<T>(ms: number, clock: Ports['clock'], promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => reject(new Error('The audit log did not answer in time')));
    promise.then(resolve, reject).finally(cancel);
  });
}
