import { genesis, linkOf } from '../../../../src/engine/audit/chain.ts';
import type { AuditEntry } from '../../../../src/engine/audit/entry.ts';
import type { LogOrigin, StoredEntry } from '../../../../src/engine/audit/export/origin.ts';
import { entryOf } from '../../../storage/samples.ts';

export const origin: LogOrigin = { log: 'ab'.repeat(32), host: 'laptop', version: '1.2.3' };

/** An entry as number `seq` of a log. */
export function stored(over: Partial<AuditEntry> = {}, seq = 1, previous = genesis): StoredEntry {
  return linkOf(previous, seq, entryOf(over));
}
