import type { AuditEntry } from '../engine/audit/entry.ts';
import { normalizePath } from '../engine/policy/path-pattern.ts';
import type { ProposalSubject } from '../engine/policy/propose-rule.ts';
import { namedByArguments } from '../engine/tool-arguments.ts';
import { agents } from './registry.ts';

/**
 * The call of an entry in our words, with absolute paths; links are not followed. `undefined` where the entry is not about a call, or was
 * emptied. Throws `UnreadableMessage` where an argument that decides is not there any more.
 */
export function recordedCall(entry: AuditEntry): ProposalSubject | undefined {
  const { tool, nativeTool, mcpServer, arguments: args, cwd = '/', agent } = entry;
  if (tool === undefined || args === undefined) return undefined;
  const named = { tool, nativeTool: nativeTool ?? tool, ...(mcpServer === undefined ? {} : { mcpServer }) };
  // Only that agent's tools are described; of another one's the arguments tell.
  const described = agents.get(agent ?? '')?.describe?.({ ...named, arguments: args, cwd }) ?? {};
  const { paths, domains, ...rest } = { ...namedByArguments(args), ...described };
  const absolute = (path: string): string => normalizePath(/^([\\/]|[A-Za-z]:)/.test(path) ? path : `${cwd}/${path}`);
  return { ...rest, ...named, arguments: args, domains, paths: { read: paths.read.map(absolute), write: paths.write.map(absolute) } };
}
