import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Figure } from '../bench.ts';
import type { AuditEntry } from '../../src/engine/audit/entry.ts';
import { AuditDatabase } from '../../src/storage/audit-log.ts';
import { LogSigner } from '../../src/storage/audit-signer.ts';
import { readsPerSecond } from '../../src/storage/audit-verify.ts';

const count = 100_000;
const inFlight = 50;

/** How fast the log takes entries, and how fast it can be proven. Rates are shown as the time for 1,000: `limit` is a most. */
export async function measureAudit(): Promise<readonly Figure[]> {
  return [];
}
