import { keyOf, type LogOrigin, type StoredEntry } from './origin.ts';
import { type Severity, severityOf } from './severity.ts';

/** One entry as a message of RFC 5424. Its text is the one that was hashed, the fields that prove it stand in the structured data. */
export function syslogMessage(origin: LogOrigin, { record, text }: StoredEntry): string {
  const { seq, entry, previous, hash } = record;
  const priority = auditFacility * 8 + levels[severityOf(entry)];
  const time = new Date(entry.time).toISOString();
  const data = structured({
    key: keyOf(origin, seq, hash),
    log: origin.log,
    seq: String(seq),
    hash,
    previous,
    kind: entry.kind,
    action: entry.action,
    agent: entry.agent,
    session: entry.session,
    tool: entry.nativeTool,
    call: entry.callId,
  });
  return `<${priority}>1 ${time} ${hostName(origin.host)} countersign - ${entry.kind} ${data} ${text}`;
}

/** A message as it travels over TCP and TLS: its length in bytes, a space, the message (RFC 6587, RFC 5425). */
export function octetCounted(message: string): string {
  const text = message.toWellFormed();
  return `${Buffer.byteLength(text)} ${text}`;
}

/** "log audit" */
const auditFacility = 13;
const levels: Readonly<Record<Severity, number>> = { routine: 6, refused: 4, alarming: 3 };

/** The number that RFC 5612 reserves for examples: Countersign has none of its own. */
const dataId = 'countersign@32473';

function structured(fields: Readonly<Record<string, string | undefined>>): string {
  const parameters = Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [` ${name}="${escaped(value)}"`]));
  return `[${dataId}${parameters.join('')}]`;
}

/** Line ends too, although the RFC lets them stand: many receivers would see two messages. */
function escaped(value: string): string {
  return value.replaceAll(/["\\\]]/g, String.raw`\$&`).replaceAll(/\p{Cc}/gu, ' ');
}

function hostName(host: string): string {
  return host.replaceAll(/[^!-~]/g, '').slice(0, 255) || '-';
}
