import type { Approval, ApprovalAnswer } from '../../src/engine/approval/approval.ts';
import type { AuditEntry } from '../../src/engine/audit/entry.ts';
import type { AnsweredCall, Grant, SessionRecord } from '../../src/governor/ports.ts';

export function entryOf(over: Partial<AuditEntry> = {}): AuditEntry {
  return {
    kind: 'decision',
    time: 1_767_225_600_000,
    session: 's1',
    agent: 'claude-code',
    callId: 'toolu_1',
    tool: 'shell',
    nativeTool: 'Bash',
    cwd: '/home/ada/project',
    arguments: { command: 'ls -la', description: 'List' },
    action: 'allow',
    reason: 'Reading is fine.',
    mode: 'enforce',
    ...over,
  };
}

export function sessionOf(over: Partial<SessionRecord> = {}): SessionRecord {
  return {
    agent: 'claude-code',
    id: 's1',
    cwd: '/home/ada/project',
    mode: 'default',
    interactive: true,
    startedAt: 1000,
    lastSeenAt: 2000,
    calls: 3,
    denials: 1,
    ...over,
  };
}

export function approvalOf(over: Partial<Approval> = {}): Approval {
  return {
    id: 'a12345678',
    callId: 'toolu_1',
    session: 's1',
    agent: 'claude-code',
    tool: 'shell',
    nativeTool: 'Bash',
    arguments: { command: 'git push --force' },
    argumentsDigest: 'ab'.repeat(32),
    cwd: '/home/ada/project',
    reason: 'It rewrites history that others have.',
    rules: [],
    terms: { timeoutMs: 60_000, onTimeout: 'deny', approvers: [], reason: 'optional' },
    askedAt: 1000,
    deadline: 61_000,
    waiting: true,
    ...over,
  };
}

export const yes: ApprovalAnswer = {
  outcome: 'approved',
  scope: 'once',
  reason: 'ok',
  by: { user: 'ada', surface: 'inbox' },
  at: 5000,
};

export function answeredOf(over: Partial<AnsweredCall> = {}): AnsweredCall {
  return {
    agent: 'claude-code',
    session: 's1',
    callId: 'toolu_1',
    argumentsDigest: 'ab'.repeat(32),
    answer: { kind: 'refuse', reason: 'No.', stop: false },
    at: 5000,
    ...over,
  };
}

export function grantOf(over: Partial<Grant> = {}): Grant {
  return {
    id: 'g1',
    session: 's1',
    scope: 'session',
    nativeTool: 'Bash',
    argumentsDigest: 'ab'.repeat(32),
    rules: ['baseline/no-force-push@sha256:00'],
    approvalId: 'a12345678',
    by: 'ada',
    expiresAt: 9_999_999_999_999,
    ...over,
  };
}
