import { Subject } from '../policy/subject.ts';
import type { Request } from '../request.ts';
import { namedByArguments } from '../tool-arguments.ts';
import type { AuditEntry } from './entry.ts';

/** The paths that an entry's call names or whose files its command touches, absolute as far as that can be known. */
export function entryPaths(entry: AuditEntry): readonly string[] {
  const { arguments: input = {} } = entry;
  const command = entry.tool === 'shell' && typeof input['command'] === 'string' ? input['command'] : undefined;
  const { touched } = new Subject(requestOf(entry, command));
  return [...touched.read, ...touched.write].map(({ path }) => path);
}

/** The call as far as the log has kept it: enough to read its command again. */
function requestOf(entry: AuditEntry, command: string | undefined): Request {
  const { cwd = '/', arguments: input = {} } = entry;
  const found = command === undefined ? namedByArguments(input).paths : { read: [], write: [] };
  const paths = { read: found.read.map((path) => from(cwd, path)), write: [] };
  return {
    call: {
      id: '',
      agent: { vendor: '', name: entry.agent ?? '' },
      session: { id: '' },
      tool: entry.tool ?? 'other',
      nativeTool: entry.nativeTool ?? '',
      ...(entry.mcpServer === undefined ? {} : { mcpServer: entry.mcpServer }),
      arguments: input,
      cwd,
      ...(command === undefined ? {} : { command }),
      ...(entry.nativeTool === 'PowerShell' ? { shell: 'powershell' as const } : {}),
      paths,
      domains: [],
    },
    paths,
    domains: [],
    session: { startedAt: new Date(0), calls: 0, tokens: 0, costUsd: 0, interactive: false },
    workspace: { root: cwd, branch: '', remote: '', trusted: false },
    // Whose home it was is not in the log: paths in it stay as they were written.
    user: { name: '', email: '', roles: [], home: '~' },
    time: new Date(entry.time),
  };
}

function from(cwd: string, path: string): string {
  return /^([\\/~]|[A-Za-z]:)/.test(path) ? path : `${cwd}/${path}`;
}
