import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Figure } from '../bench.ts';
import type { AuditEntry } from '../../src/engine/audit/entry.ts';
import { AuditDatabase } from '../../src/storage/audit-log.ts';
import { LogSigner } from '../../src/storage/audit-signer.ts';
import { verifyAuditLog, verifyChainOnly } from '../../src/storage/audit-verify.ts';

const count = 100_000;
/** As many calls as wait for their entry at once: those of one turn share a transaction. */
const atOnce = 20;

/** How fast the log takes entries while it is signed, and how fast it is proven. Told as milliseconds for 1,000 entries. */
export async function measureAudit(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  try {
    const path = join(folder, 'audit.db');
    const appended = await fill(path, join(folder, 'audit-key'));
    return [
      figure('1,000 entries into the log, group commit, signed every 100 (5,000/s)', appended, 200),
      figure(
        '1,000 entries verified, chain only (100,000/s)',
        verified(() => verifyChainOnly(path)),
        10,
      ),
      figure(
        '1,000 entries verified, with tree, signatures, texts and indexes (30,000/s)',
        verified(() => verifyAuditLog(path)),
        1000 / 30,
      ),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function figure(what: string, ms: number, limit: number): Figure {
  return { what, value: ms, unit: 'ms', limit };
}

async function fill(path: string, keyFile: string): Promise<number> {
  const log = new AuditDatabase(path);
  const signer = new LogSigner({ path, keyFile, append: log.append, now: Date.now });
  const before = performance.now();
  for (let n = 0; n < count; n += atOnce) {
    await Promise.all(Array.from({ length: atOnce }, (_, i) => log.append(entry(n + i), 'written')));
    if (n % 100 === 0) await signer.sign();
  }
  await signer.sign();
  const ms = performance.now() - before;
  await signer.close();
  log.close();
  return (ms / count) * 1000;
}

function verified(verify: () => { readonly ok: boolean }): number {
  const before = performance.now();
  if (!verify().ok) throw new Error('The log of the bench does not hold');
  return ((performance.now() - before) / count) * 1000;
}

/** About 700 bytes, as a command's decision is. */
function entry(n: number): AuditEntry {
  const rule = {
    policy: 'baseline-git',
    rule: 'no-force-push',
    layer: 'built-in',
    digest: `sha256:${'ab'.repeat(32)}`,
    mode: 'enforce',
  } as const;
  return {
    kind: 'decision',
    time: 1_767_225_600_000 + n,
    session: '4f1c9d3e-2b7a-4c55-9d0e-8a6b1f2c3d4e',
    agent: 'claude-code',
    callId: `toolu_${n}`,
    tool: 'shell',
    nativeTool: 'Bash',
    cwd: '/home/ada/project',
    arguments: { command: `npm run step-${n} -- --reporter=verbose`, description: 'Runs one step' },
    argumentsDigest: 'ab'.repeat(32),
    action: 'deny',
    reason: 'It rewrites history that others have.',
    rules: [{ ...rule, action: 'deny' }],
    mode: 'enforce',
  };
}
