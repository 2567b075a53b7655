import { resolve } from 'node:path';
import { describeTool } from '../../agents/claude-code/tools.ts';
import type { AuditEntry } from '../../engine/audit/entry.ts';
import type { ProposalSubject } from '../../engine/policy/propose-rule.ts';
import { namedByArguments } from '../../engine/tool-arguments.ts';

/** The call of an entry, as a rule would have to name it. `undefined` where the entry is not about a call, or was emptied. */
export function subjectOf(entry: AuditEntry, real: (path: string) => string): ProposalSubject | undefined {
  const { tool, nativeTool, mcpServer, arguments: args, cwd = '/', agent } = entry;
  if (tool === undefined || args === undefined) return undefined;
  const named = { tool, nativeTool: nativeTool ?? tool, ...(mcpServer === undefined ? {} : { mcpServer }) };
  // Only that agent's tools are described; of another one's the arguments tell.
  const described =
    agent === 'claude-code' ? describeTool(named.nativeTool, args, { cwd, ...(mcpServer === undefined ? {} : { mcpServer }) }) : {};
  const { paths, domains, ...rest } = { ...namedByArguments(args), ...described };
  const absolute = (path: string): string => real(resolve(cwd, path));
  return { ...rest, ...named, domains, paths: { read: paths.read.map(absolute), write: paths.write.map(absolute) } };
}
