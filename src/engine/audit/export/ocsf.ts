import type { AuditRecord } from '../entry.ts';
import { classOf } from './ocsf-class.ts';
import { keyOf, type LogOrigin, previousKeyOf, type StoredEntry } from './origin.ts';
import { type Severity, severityOf } from './severity.ts';
import type { Sparse, SparseObject } from './sparse.ts';

/** The version of the Open Cybersecurity Schema Framework that events are written in. */
const ocsfVersion = '1.9.0';

/** One entry as one OCSF event, on one line. */
export function ocsfLine(origin: LogOrigin, { record, text }: StoredEntry): string {
  return `${JSON.stringify(ocsfEvent(origin, record, text))}\n`;
}

function ocsfEvent(origin: LogOrigin, record: AuditRecord, text: string): SparseObject {
  const { entry } = record;
  const { category, classUid, activity, activityName, fields } = classOf(origin, entry);
  return {
    category_uid: category,
    class_uid: classUid,
    activity_id: activity,
    activity_name: activityName,
    type_uid: classUid * 100 + activity,
    time: Math.trunc(entry.time),
    severity_id: severities[severityOf(entry)],
    message: entry.reason?.toWellFormed(),
    metadata: metadataOf(origin, record),
    ...statusOf(record),
    ...controlOf(record),
    ...fields,
    ai_agent: agentOf(record),
    attestation_list: [attestationOf(origin, record)],
    raw_data: text,
  };
}

const severities: Readonly<Record<Severity, number>> = { routine: 1, refused: 3, alarming: 4 };

function metadataOf(origin: LogOrigin, { seq, hash, entry }: AuditRecord): SparseObject {
  return {
    version: ocsfVersion,
    uid: keyOf(origin, seq, hash),
    sequence: seq,
    event_code: entry.kind,
    correlation_uid: entry.callId,
    log_name: 'audit',
    original_time: new Date(entry.time).toISOString(),
    product: { name: 'Countersign', vendor_name: 'Countersign', version: origin.version },
    profiles: ['ai_operation', 'host', 'record_integrity', 'security_control'],
  };
}

/** What became of a call that was let through. A decision says nothing about success. */
function statusOf({ entry }: AuditRecord): SparseObject {
  if (entry.kind !== 'outcome') return {};
  const failed = entry.detail?.['status'] === 'failed';
  const { durationMs, error } = entry.detail ?? {};
  return { status_id: failed ? 2 : 1, duration: durationMs, status_detail: error };
}

/** What the control did about it: the profile `security_control`. */
function controlOf({ entry }: AuditRecord): SparseObject {
  const [action, disposition] = dispositionOf(entry.action, entry.mode === 'observe');
  const [rule] = entry.rules ?? [];
  return {
    action_id: action,
    disposition_id: disposition,
    is_alert: entry.kind === 'incident',
    ...(rule === undefined
      ? {}
      : { policy: { name: `${rule.policy}/${rule.rule}`, version: rule.digest, is_applied: rule.mode === 'enforce' } }),
  };
}

/** Denied and Blocked; Observed and Logged; Allowed and Delayed (a person is asked); Allowed and Allowed or No Action. */
function dispositionOf(action: AuditRecord['entry']['action'], observed: boolean): readonly [action: number, disposition: number] {
  if (action === undefined || observed) return [3, 17];
  if (action === 'deny') return [2, 2];
  if (action === 'require_approval') return [3, 14];
  return [1, action === 'allow' ? 1 : 16];
}

function agentOf({ entry }: AuditRecord): Sparse {
  if (entry.agent === undefined) return undefined;
  return { name: entry.agent, uid: entry.subagent ?? entry.agent, instance_uid: entry.session, type_id: 99, type: 'Coding agent' };
}

/** Our chain in the words of the profile `record_integrity`. */
function attestationOf(origin: LogOrigin, record: AuditRecord): SparseObject {
  const previous = previousKeyOf(origin, record);
  return {
    uid: keyOf(origin, record.seq, record.hash),
    chain_uid: origin.log,
    fingerprint: fingerprint(record.hash),
    ...(previous === undefined ? {} : { prev_event: { uid: previous, fingerprint: fingerprint(record.previous) } }),
  };
}

function fingerprint(value: string): SparseObject {
  return {
    algorithm_id: 3,
    algorithm: 'SHA-256',
    encoding_id: 1,
    value,
    serialization_id: 99,
    serialization: 'the 32 bytes of the previous fingerprint, then raw_data (RFC 8785)',
  };
}
