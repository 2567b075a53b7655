import type { PolicyFile } from '../../engine/policy/policy-set.ts';
import type { AuditRecord } from '../../engine/audit/entry.ts';
import type { Ports } from '../../governor/ports.ts';
import type { Problem } from '../../channel/messages.ts';

/** The ports of this machine with what belongs to their life. */
export interface Machine {
  readonly ports: Ports;
  readonly keepPolicy?: (file: PolicyFile) => void;
  readonly watchLog?: (listener: (records: readonly AuditRecord[]) => void) => void;
  /** What a person must see: policy files with errors. */
  readonly problems: () => readonly Problem[];
  /** Calls `listener` when `problems` may have changed. */
  readonly onProblems?: (listener: () => void) => void;
  readonly close: () => void;
}
