import { genAiAttributes, genAiConventions } from './gen-ai.ts';
import { keyOf, type LogOrigin, type StoredEntry } from './origin.ts';
import { type Severity, severityOf } from './severity.ts';
import type { Sparse, SparseObject } from './sparse.ts';

/** One entry as a LogRecord of OTLP's JSON. Its body is the text that was hashed. */
export function otlpRecord(origin: LogOrigin, { record, text }: StoredEntry): string {
  const { seq, entry, previous, hash } = record;
  const nanoseconds = `${Math.trunc(entry.time)}000000`;
  const [severityNumber, severityText] = severities[severityOf(entry)];
  return JSON.stringify({
    timeUnixNano: nanoseconds,
    observedTimeUnixNano: nanoseconds,
    severityNumber,
    severityText,
    eventName: `countersign.${entry.kind}`,
    body: anyValue(text),
    attributes: keyValues({
      ...genAiAttributes(entry),
      'countersign.key': keyOf(origin, seq, hash),
      'countersign.log': origin.log,
      'countersign.seq': seq,
      'countersign.hash': hash,
      'countersign.previous': previous,
      'countersign.kind': entry.kind,
      'countersign.tool': entry.tool,
      'countersign.mcp_server': entry.mcpServer,
      'countersign.subagent': entry.subagent,
      'countersign.action': entry.action,
      'countersign.reason': entry.reason,
      'countersign.rules': entry.rules?.map(({ policy, rule }) => `${policy}/${rule}`),
      'countersign.approver': entry.approver?.user,
    }),
  });
}

/** An ExportLogsServiceRequest of records that `otlpRecord` made. */
export function otlpRequest(origin: LogOrigin, records: readonly string[]): string {
  const resource = JSON.stringify({
    attributes: keyValues({
      'service.name': 'countersign',
      'service.version': origin.version,
      'service.instance.id': origin.log,
      'host.name': origin.host,
    }),
  });
  const scope = JSON.stringify({
    name: 'countersign.audit',
    version: origin.version,
    attributes: keyValues({ 'gen_ai.conventions.version': genAiConventions }),
  });
  return `{"resourceLogs":[{"resource":${resource},"scopeLogs":[{"scope":${scope},"logRecords":[${records.join(',')}]}]}]}`;
}

const severities: Readonly<Record<Severity, readonly [number: number, text: string]>> = {
  routine: [9, 'INFO'],
  refused: [13, 'WARN'],
  alarming: [17, 'ERROR'],
};

function keyValues(attributes: SparseObject): readonly SparseObject[] {
  return Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ({ key, value: anyValue(value) }));
}

/** OTLP's JSON writes whole numbers as texts. Protocol Buffers know no lone surrogates: receivers would refuse the whole request. */
function anyValue(value: Sparse): SparseObject {
  if (typeof value === 'string') return { stringValue: value.toWellFormed() };
  if (typeof value === 'number') return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (isList(value)) return { arrayValue: { values: value.map(anyValue) } };
  return value === null || value === undefined ? {} : { kvlistValue: { values: keyValues(value) } };
}

function isList(value: Sparse): value is readonly Sparse[] {
  return Array.isArray(value);
}
