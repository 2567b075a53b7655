import type { ApprovalView, Snapshot, Status } from '../../src/channel/messages.ts';
import type { AuditEntry, AuditRecord } from '../../src/engine/audit/entry.ts';
import type { RuleRef } from '../../src/engine/decision.ts';

export const now = Date.UTC(2026, 10, 20, 11, 0, 0);

export const rule: RuleRef = {
  policy: 'my-policy',
  rule: 'pushes-need-me',
  layer: 'user',
  digest: `sha256:${'3f'.repeat(32)}`,
  action: 'require_approval',
  mode: 'enforce',
  message: 'Pushing publishes; look at what is pushed first.',
};

export function approval(id: string, over: Partial<ApprovalView> = {}): ApprovalView {
  return {
    id,
    callId: `toolu_${id}`,
    session: '0d9f6c1e-7b1a-4a3e-9a55-0b8f5a2f1c11',
    agent: 'claude-code',
    tool: 'shell',
    nativeTool: 'Bash',
    arguments: { command: 'git push origin main', description: 'Push' },
    argumentsDigest: 'ab'.repeat(32),
    cwd: '/home/ada/shop',
    reason: 'Pushing publishes; look at what is pushed first.',
    rules: [rule],
    terms: { timeoutMs: 300_000, onTimeout: 'deny', approvers: [], reason: 'optional' },
    askedAt: now,
    deadline: now + 300_000,
    waiting: true,
    mine: true,
    ...over,
  };
}

export function record(seq: number, over: Partial<AuditEntry> = {}): AuditRecord {
  const entry: AuditEntry = {
    kind: 'decision',
    time: now + seq * 1000,
    session: 's1',
    agent: 'claude-code',
    callId: `toolu_${seq}`,
    tool: 'shell',
    nativeTool: 'Bash',
    cwd: '/home/ada/shop',
    arguments: { command: `npm run step-${seq}` },
    argumentsDigest: 'cd'.repeat(32),
    action: 'deny',
    reason: 'It rewrites history that others have.',
    rules: [{ ...rule, action: 'deny' }],
    mode: 'enforce',
    ...over,
  };
  return { version: 1, seq, entry, previous: '0'.repeat(64), hash: 'ef'.repeat(32) };
}

export const status: Status = {
  version: '0.1.0',
  pid: 7,
  startedAt: now,
  port: 4711,
  home: '/home/ada/.countersign',
  pending: 0,
  sessions: 0,
  problems: [],
};

export function snapshot(over: Partial<Snapshot> = {}): Snapshot {
  return { status, approvals: [], sessions: [], activity: [], ...over };
}
