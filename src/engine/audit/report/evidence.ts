import { startTool } from '../../artifact/start-call.ts';
import type { AuditEntry, AuditRecord } from '../entry.ts';
import { Checkpoints } from './checkpoint-section.ts';
import { PolicyVersions } from './policy-versions.ts';
import { Tally } from './tally.ts';

/** Entries of one sort: how many there are, and the first of them. The file must stay one that a browser can open. */
export interface Listing {
  readonly total: number;
  readonly records: readonly AuditRecord[];
}

const mostListed = 1000;
/** Where a person stopped agents, or let them go on. */
const haltingKinds: ReadonlySet<string> = new Set(['session-killed', 'session-revived', 'session-paused', 'session-resumed']);

type Sort = 'denials' | 'starts' | 'approvals' | 'exemptions' | 'incidents' | 'kills' | 'configuration' | 'faults';

/** What belongs into which list. An entry can be in several. */
const sorts: Readonly<Record<Sort, (entry: AuditEntry) => boolean>> = {
  denials: ({ kind, action, mode }) => kind === 'decision' && action === 'deny' && mode !== 'observe',
  /** MCP servers that started, or did not. */
  starts: ({ kind, tool }) => kind === 'decision' && tool === startTool,
  approvals: ({ kind }) => kind === 'approval-answered',
  exemptions: ({ kind, observed }) => kind === 'decision' && (observed ?? []).some(({ exemption }) => exemption !== undefined),
  incidents: ({ kind }) => kind === 'incident',
  kills: ({ kind }) => haltingKinds.has(kind),
  configuration: ({ kind }) => kind === 'config-change',
  /** What went wrong with the log itself. */
  faults: ({ kind, detail }) => kind === 'incident' && isOfLog(detail?.['event']),
};

/** Gathers what a period has to show, entry by entry: memory grows with what is listed, not with the log. */
export class Evidence {
  readonly policies = new PolicyVersions();
  readonly checkpoints = new Checkpoints();
  readonly agents = new Tally();
  readonly tools = new Tally();
  readonly actions = new Tally();
  readonly rules = new Tally();
  readonly people = new Tally();
  readonly #sessions = new Set<string>();
  readonly #lists = new Map<Sort, { total: number; records: AuditRecord[] }>();
  /** Questions without an answer yet. */
  readonly #asked = new Map<string, AuditRecord>();
  #entries = 0;
  #decisions = 0;
  #span: { readonly first: AuditRecord; readonly last: AuditRecord } | undefined;

  /** Oldest first. */
  add(record: AuditRecord): void {
    const { entry } = record;
    this.#entries += 1;
    this.#span = { first: this.#span?.first ?? record, last: record };
    if (entry.session !== undefined) this.#sessions.add(entry.session);
    if (entry.kind === 'policy') this.policies.loaded(record);
    if (entry.kind === 'checkpoint') this.checkpoints.add(record);
    if (entry.kind === 'decision') this.#decision(entry);
    if (entry.kind === 'approval-answered' && entry.approver?.user) this.people.add(entry.approver.user);
    if (entry.kind === 'approval-asked' && entry.approvalId !== undefined) this.#asked.set(entry.approvalId, record);
    for (const sort of sortsOf(entry)) this.#list(sort, this.#withQuestion(record));
  }

  get entries(): number {
    return this.#entries;
  }
  get decisions(): number {
    return this.#decisions;
  }
  get sessions(): number {
    return this.#sessions.size;
  }
  get span(): { readonly first: AuditRecord; readonly last: AuditRecord } | undefined {
    return this.#span;
  }

  listing(sort: Sort): Listing {
    return this.#lists.get(sort) ?? { total: 0, records: [] };
  }

  #decision(entry: AuditEntry): void {
    this.#decisions += 1;
    this.agents.add(entry.agent ?? '(none)');
    this.tools.add(entry.mcpServer === undefined ? (entry.nativeTool ?? '(none)') : `${entry.nativeTool} (MCP)`);
    this.actions.add(`${entry.action ?? 'abstain'}${entry.mode === 'observe' ? ' (observed only)' : ''}`);
    for (const rule of entry.rules ?? []) {
      this.rules.add(`${rule.policy}/${rule.rule}`);
      this.policies.spoke(rule);
    }
  }

  /** An answer says what about; what exactly was asked stands in the entry of the question. */
  #withQuestion(record: AuditRecord): AuditRecord {
    const { entry } = record;
    const asked = entry.kind === 'approval-answered' && entry.approvalId !== undefined ? this.#asked.get(entry.approvalId) : undefined;
    if (asked?.entry.arguments === undefined) return record;
    this.#asked.delete(entry.approvalId ?? '');
    return { ...record, entry: { ...entry, arguments: asked.entry.arguments } };
  }

  #list(sort: Sort, record: AuditRecord): void {
    const list = this.#lists.get(sort) ?? { total: 0, records: [] };
    this.#lists.set(sort, list);
    list.total += 1;
    if (list.records.length < mostListed) list.records.push(record);
  }
}

function isOfLog(event: unknown): boolean {
  return typeof event === 'string' && event.startsWith('log-');
}

function sortsOf(entry: AuditEntry): readonly Sort[] {
  const all: readonly Sort[] = ['denials', 'starts', 'approvals', 'exemptions', 'incidents', 'kills', 'configuration', 'faults'];
  return all.filter((sort) => sorts[sort](entry));
}
