import * as z from 'zod/mini';
import type { Approval } from '../engine/approval/approval.ts';
import { type AuditRecord, entryKinds } from '../engine/audit/entry.ts';
import type { ApprovalTerms, Exemption, RuleRef } from '../engine/decision.ts';
import type { JsonObject, JsonValue } from '../engine/json.ts';

// The data of the governor as a panel receives it. The type annotations keep these schemas equal to the contracts.

const json: z.ZodMiniType<JsonValue> = z.json();
const jsonObject: z.ZodMiniType<JsonObject> = z.record(z.string(), json);
const action = z.enum(['allow', 'deny', 'require_approval', 'abstain']);
const mode = z.enum(['enforce', 'observe']);

const exemption: z.ZodMiniType<Exemption> = z.object({
  rule: z.string(),
  reason: z.string(),
  until: z.exactOptional(z.string()),
  grantedBy: z.string(),
});

const rule: z.ZodMiniType<RuleRef> = z.object({
  policy: z.string(),
  rule: z.string(),
  layer: z.enum(['organisation', 'user', 'workspace', 'built-in']),
  digest: z.string(),
  action,
  mode,
  message: z.exactOptional(z.string()),
  exemption: z.exactOptional(exemption),
  parts: z.exactOptional(z.array(z.object({ start: z.number(), end: z.number() }))),
});

const terms: z.ZodMiniType<ApprovalTerms> = z.object({
  timeoutMs: z.number(),
  onTimeout: z.enum(['deny', 'abstain']),
  approvers: z.array(z.string()),
  reason: z.enum(['required', 'optional']),
});

/** What a card shows of an approval: everything but the answer, which an open one does not have. */
export type OpenApproval = Omit<Approval, 'answer'>;

export const openApproval: z.ZodMiniType<OpenApproval> = z.object({
  id: z.string(),
  callId: z.string(),
  session: z.string(),
  agent: z.string(),
  subagent: z.exactOptional(z.string()),
  tool: z.string(),
  nativeTool: z.string(),
  mcpServer: z.exactOptional(z.string()),
  arguments: jsonObject,
  argumentsDigest: z.string(),
  cwd: z.string(),
  reason: z.string(),
  rules: z.array(rule),
  terms,
  requested: z.exactOptional(z.string()),
  askedAt: z.number(),
  deadline: z.number(),
  waiting: z.boolean(),
});

const entryKind = z.enum(entryKinds);

export const auditRecord: z.ZodMiniType<AuditRecord> = z.object({
  version: z.literal(1),
  seq: z.number(),
  entry: z.object({
    kind: entryKind,
    time: z.number(),
    session: z.exactOptional(z.string()),
    agent: z.exactOptional(z.string()),
    subagent: z.exactOptional(z.string()),
    callId: z.exactOptional(z.string()),
    tool: z.exactOptional(z.string()),
    nativeTool: z.exactOptional(z.string()),
    mcpServer: z.exactOptional(z.string()),
    cwd: z.exactOptional(z.string()),
    arguments: z.exactOptional(jsonObject),
    argumentsDigest: z.exactOptional(z.string()),
    action: z.exactOptional(action),
    reason: z.exactOptional(z.string()),
    rules: z.exactOptional(z.array(rule)),
    observed: z.exactOptional(z.array(rule)),
    mode: z.exactOptional(mode),
    approvalId: z.exactOptional(z.string()),
    approver: z.exactOptional(z.object({ user: z.string(), surface: z.string(), waitedMs: z.number(), reason: z.string() })),
    detail: z.exactOptional(jsonObject),
  }),
  previous: z.string(),
  hash: z.string(),
});

/** The window's line to the governor. */
export const linkState = z.discriminatedUnion('state', [
  z.object({ state: z.literal('connecting') }),
  z.object({ state: z.literal('governed') }),
  z.object({ state: z.literal('unreachable'), reason: z.string() }),
]);

export const problem = z.object({
  id: z.string(),
  message: z.string(),
  file: z.exactOptional(z.string()),
  line: z.exactOptional(z.number()),
  incidents: z.exactOptional(z.readonly(z.array(z.number()))),
  severity: z.exactOptional(z.literal('bad')),
  /** What exactly a fix does is the extension's affair: it looks it up by the problem's id. */
  fix: z.exactOptional(z.object({ say: z.string() })),
});
