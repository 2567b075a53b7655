import * as z from 'zod/mini';
import type { Approval } from '../engine/approval/approval.ts';
import type { AnsweredCall, Grant, Observation, Pause, SessionRecord } from '../governor/ports.ts';
import { jsonObject, optionalText, ruleRef } from './decision-schema.ts';

/** `json` is the whole; the other columns only serve to find it. */
export const stateSchema = `
CREATE TABLE sessions (agent TEXT, id TEXT, seen REAL NOT NULL, json TEXT NOT NULL, PRIMARY KEY (agent, id)) STRICT;
CREATE TABLE approvals (id TEXT PRIMARY KEY, asked REAL NOT NULL, open INTEGER NOT NULL, json TEXT NOT NULL) STRICT;
CREATE INDEX approvals_open ON approvals (open, asked);
CREATE TABLE answered (
  agent TEXT, session TEXT, call TEXT, at REAL NOT NULL, json TEXT NOT NULL, PRIMARY KEY (agent, session, call)
) STRICT;
CREATE INDEX answered_at ON answered (at);
CREATE TABLE grants (id TEXT PRIMARY KEY, session TEXT NOT NULL, expires REAL NOT NULL, json TEXT NOT NULL) STRICT;
CREATE INDEX grants_session ON grants (session);
CREATE TABLE rates (key TEXT NOT NULL, at REAL NOT NULL) STRICT;
CREATE INDEX rates_key ON rates (key, at);
CREATE INDEX rates_at ON rates (at);
CREATE TABLE log_head (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
CREATE TABLE followed (path TEXT PRIMARY KEY, offset INTEGER NOT NULL, at REAL NOT NULL) STRICT;
CREATE TABLE agent_folders (path TEXT PRIMARY KEY) STRICT;
CREATE TABLE follow_since (one INTEGER PRIMARY KEY CHECK (one = 1), at REAL NOT NULL) STRICT;
CREATE TABLE budget_calls (counter TEXT, quarter INTEGER, calls INTEGER NOT NULL, PRIMARY KEY (counter, quarter)) STRICT, WITHOUT ROWID;
CREATE TABLE budget_recent (
  session TEXT NOT NULL, digest TEXT NOT NULL, call TEXT NOT NULL, tool TEXT NOT NULL, at REAL NOT NULL, ended REAL, failed INTEGER
) STRICT;
CREATE INDEX budget_recent_session ON budget_recent (session, at);
CREATE INDEX budget_recent_digest ON budget_recent (session, digest, at);
CREATE INDEX budget_recent_ended ON budget_recent (session, ended);
CREATE TABLE budget_notes (key TEXT PRIMARY KEY, value REAL NOT NULL, text TEXT NOT NULL, at REAL NOT NULL) STRICT;
CREATE TABLE pause_of_all (one INTEGER PRIMARY KEY CHECK (one = 1), json TEXT NOT NULL) STRICT;
CREATE TABLE last_policies (path TEXT PRIMARY KEY, digest TEXT NOT NULL) STRICT;
CREATE TABLE observing (folder TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;
CREATE TABLE trust (path TEXT, digest TEXT, at REAL NOT NULL, PRIMARY KEY (path, digest)) STRICT;`
  .replaceAll('CREATE TABLE', 'CREATE TABLE IF NOT EXISTS')
  .replaceAll('CREATE INDEX', 'CREATE INDEX IF NOT EXISTS');

const pause = z.looseObject({ at: z.number(), by: z.string(), reason: z.string() });

const observation = z.looseObject({
  folder: optionalText,
  at: z.number(),
  by: z.string(),
  until: z.exactOptional(z.number()),
});

const session = z.looseObject({
  agent: z.string(),
  id: z.string(),
  cwd: z.string(),
  mode: z.string(),
  interactive: z.boolean(),
  startedAt: z.number(),
  lastSeenAt: z.number(),
  calls: z.number(),
  denials: z.number(),
  lastCallAt: z.exactOptional(z.number()),
  pid: z.exactOptional(z.number()),
  processStart: optionalText,
  endedAt: z.exactOptional(z.number()),
  killed: z.exactOptional(z.looseObject({ at: z.number(), by: z.string(), reason: z.string() })),
  paused: z.exactOptional(pause),
});

const scope = z.enum(['once', 'session']);

const approval = z.looseObject({
  id: z.string(),
  callId: z.string(),
  session: z.string(),
  agent: z.string(),
  subagent: optionalText,
  tool: z.string(),
  nativeTool: z.string(),
  mcpServer: optionalText,
  arguments: jsonObject,
  argumentsDigest: z.string(),
  cwd: z.string(),
  reason: z.string(),
  rules: z.array(ruleRef),
  terms: z.looseObject({
    timeoutMs: z.number(),
    onTimeout: z.enum(['deny', 'abstain']),
    approvers: z.array(z.string()),
    reason: z.enum(['required', 'optional']),
  }),
  raises: z.exactOptional(
    z.array(z.looseObject({ key: z.string(), to: z.number(), policy: z.string(), rule: z.string(), digest: z.string(), text: z.string() })),
  ),
  requested: optionalText,
  askedAt: z.number(),
  deadline: z.number(),
  waiting: z.boolean(),
  answer: z.exactOptional(
    z.looseObject({
      outcome: z.enum(['approved', 'denied', 'timed-out', 'cancelled']),
      scope,
      reason: z.string(),
      by: z.looseObject({ user: z.string(), surface: z.string() }),
      at: z.number(),
    }),
  ),
});

const answered = z.looseObject({
  agent: z.string(),
  session: z.string(),
  callId: z.string(),
  argumentsDigest: z.string(),
  ranDigest: optionalText,
  answer: z.looseObject({ kind: z.enum(['pass', 'approve', 'refuse']), reason: z.string(), stop: z.boolean() }),
  at: z.number(),
});

const grant = z.looseObject({
  id: z.string(),
  session: z.string(),
  scope,
  nativeTool: z.string(),
  argumentsDigest: z.string(),
  rules: z.array(z.string()),
  approvalId: z.string(),
  by: z.string(),
  expiresAt: z.number(),
});

export const pauseText = (json: unknown): Pause => z.parse(pause, parsed(json));
export const observationText = (json: unknown): Observation => z.parse(observation, parsed(json));
export const sessionText = (json: unknown): SessionRecord => z.parse(session, parsed(json));
export const approvalText = (json: unknown): Approval => z.parse(approval, parsed(json));
export const answeredText = (json: unknown): AnsweredCall => z.parse(answered, parsed(json));
export const grantText = (json: unknown): Grant => z.parse(grant, parsed(json));

const text = z.string();

function parsed(json: unknown): unknown {
  return JSON.parse(z.parse(text, json));
}
