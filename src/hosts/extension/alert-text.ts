import * as z from 'zod/mini';
import type { AuditRecord } from '../../engine/audit/entry.ts';
import { isInFolder } from '../../engine/policy/observing.ts';
import { plainName } from './notification-text.ts';

/** Something that a guardrail was to tell about, and not to stop. */
export interface Alert {
  /** The entry that tells of it. */
  readonly seq: number;
  readonly time: number;
  readonly session: string;
  readonly agent: string;
  /** `policy/name of the detection`. */
  readonly rule: string;
  readonly kind: string;
}

const findings = z.array(z.object({ rule: z.string(), kind: z.string(), action: z.string() }));

/** What entries tell of alerts, as far as they are this window's business: of its folders, or of none while it is in front. */
export function alertsIn(
  records: readonly AuditRecord[],
  { folders, focused }: { readonly folders: readonly string[]; readonly focused: boolean },
): readonly Alert[] {
  return records.flatMap(({ seq, entry: { time, session = '', agent = '', cwd = '', detail } }) => {
    const found = findings.safeParse(detail?.['findings']).data ?? [];
    if (found.length === 0 || !(focused || folders.some((folder) => isInFolder(cwd, folder)))) return [];
    return found.filter(({ action }) => action === 'alert').map(({ rule, kind }): Alert => ({ seq, time, session, agent, rule, kind }));
  });
}

/** By what a session's alerts are told apart: the same again says nothing new. */
export function alertKey({ session, rule, kind }: Alert): string {
  return JSON.stringify([session, rule, kind]);
}

/** One notice for all of a session. Names come from policies and agents: no more than letters and digits of them are shown. */
export function alertText(alerts: readonly Alert[]): string {
  const [first] = alerts;
  if (first === undefined) return '';
  const policies = unique(alerts.map(({ rule }) => plainName(rule.split('/')[0] ?? '')));
  const kinds = unique(alerts.map(({ kind }) => plainName(kind.replace('/', ' '))));
  const more = kinds.length > 3 ? ` and ${kinds.length - 3} more` : '';
  const who = `${policies.length === 1 ? 'Guardrail' : 'Guardrails'} ${policies.slice(0, 3).join(', ')}`;
  return `${who} found something in a session of ${plainName(first.agent)}: ${kinds.slice(0, 3).join(', ')}${more}. It was only recorded. [${plainName(first.session).slice(0, 8)}]`;
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
