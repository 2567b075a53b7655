import type { AuditEntry } from '../entry.ts';
import type { LogOrigin } from './origin.ts';
import type { Sparse, SparseObject } from './sparse.ts';

/** The class of an event with the members that it demands. */
export interface OcsfClass {
  readonly category: number;
  readonly classUid: number;
  readonly activity: number;
  readonly activityName?: string;
  readonly fields: SparseObject;
}

/** A call is what it would do to the machine; everything else is something that happened at Countersign's own interface. */
export function classOf(origin: LogOrigin, entry: AuditEntry): OcsfClass {
  if (entry.kind === 'incident') return finding(origin, entry);
  const isCall = entry.kind === 'decision' || entry.kind === 'outcome';
  if (!isCall || entry.mcpServer !== undefined) return api(origin, entry, isCall);
  if (entry.tool === 'shell') return shell(origin, entry);
  const file = fileActivities[entry.tool ?? ''];
  if (file !== undefined) return fileAccess(origin, entry, file);
  return entry.tool === 'fetch' || entry.tool === 'web_search' ? http(origin, entry) : api(origin, entry, isCall);
}

const other = 99;

/** Process Activity: Launch. */
function shell(origin: LogOrigin, entry: AuditEntry): OcsfClass {
  const process = { uid: entry.callId ?? '', cmd_line: argument(entry, 'command'), working_directory: entry.cwd };
  return { category: 1, classUid: 1007, activity: 1, fields: { ...onDevice(origin, entry), process } };
}

/** File System Activity: Create, Read or Update. */
const fileActivities: Readonly<Record<string, number>> = { write: 1, read: 2, edit: 3, notebook_edit: 3 };

function fileAccess(origin: LogOrigin, entry: AuditEntry, activity: number): OcsfClass {
  const path = argument(entry, 'file_path') ?? argument(entry, 'notebook_path') ?? argument(entry, 'path');
  const file = { name: path?.split(/[\\/]/).at(-1) ?? '', path, type_id: 0 };
  return { category: 1, classUid: 1001, activity, fields: { ...onDevice(origin, entry), file } };
}

/** HTTP Activity: Get. Of a search only the question is known, so it is one of which nothing but its beginning is known. */
function http(origin: LogOrigin, entry: AuditEntry): OcsfClass {
  const url = argument(entry, 'url');
  const hostname = url === undefined ? undefined : (URL.parse(url)?.hostname ?? undefined);
  const fields = {
    ...onDevice(origin, entry),
    http_request: {
      http_method: 'GET',
      args: argument(entry, 'query'),
      ...(url === undefined ? {} : { url: { url_string: url, hostname } }),
    },
    src_endpoint: endpoint(origin),
    ...(hostname === undefined ? {} : { dst_endpoint: { hostname } }),
  };
  return { category: 4, classUid: 4002, activity: 3, fields };
}

/** API Activity: an MCP tool by its server, or something of the agent's or of ours. */
function api(origin: LogOrigin, entry: AuditEntry, isCall: boolean): OcsfClass {
  const operation = isCall ? (entry.nativeTool ?? entry.kind) : entry.kind;
  const service = { name: entry.mcpServer ?? (isCall ? entry.agent : undefined) ?? 'countersign' };
  const fields = {
    ...onDevice(origin, entry),
    api: { operation, service, ...(entry.callId === undefined ? {} : { request: { uid: entry.callId } }) },
    src_endpoint: endpoint(origin),
  };
  return { category: 6, classUid: 6003, activity: other, activityName: operation, fields };
}

/** Detection Finding: Create. */
function finding(origin: LogOrigin, entry: AuditEntry): OcsfClass {
  const title = entry.reason?.toWellFormed() ?? 'Incident';
  const fields = {
    ...onDevice(origin, entry),
    finding_info: { uid: `${origin.log}/${entry.time}`, title, types: ['Ungoverned activity'] },
  };
  return { category: 2, classUid: 2004, activity: 1, fields };
}

function onDevice(origin: LogOrigin, entry: AuditEntry): SparseObject {
  const session = entry.session === undefined ? undefined : { uid: entry.session };
  const user = entry.approver === undefined || entry.approver.user === '' ? undefined : { name: entry.approver.user };
  return { actor: { app_name: entry.agent ?? 'countersign', session, user }, device: { ...endpoint(origin), type_id: 0 } };
}

function endpoint(origin: LogOrigin): { readonly [key: string]: Sparse } {
  return { uid: origin.log, hostname: origin.host };
}

function argument(entry: AuditEntry, name: string): string | undefined {
  const value = entry.arguments?.[name];
  return typeof value === 'string' ? value.toWellFormed() : undefined;
}
