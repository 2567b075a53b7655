import type { ToolCall } from '../tool-call.ts';
import { BadGlob, compileGlob, type Glob } from './glob.ts';
import type { Position } from './position.ts';
import type { YamlDocument } from './yaml-source.ts';

interface Problem {
  readonly position: Position;
  readonly message: string;
}

/** What `spec.agent` of a document says: whose calls it is about. What is wrong with it goes to `problems`. */
export function concernedAgents(
  source: string | readonly string[] | undefined,
  yaml: YamlDocument,
  problems: Problem[],
): (who: Pick<ToolCall, 'agent' | 'subagent'>) => boolean {
  if (source === undefined) return () => true;
  const patterns = typeof source === 'string' ? [source] : source;
  const globs = patterns.flatMap((pattern, index) =>
    globOf(pattern, (message) =>
      problems.push({ position: yaml.where(typeof source === 'string' ? ['spec', 'agent'] : ['spec', 'agent', index]), message }),
    ),
  );
  return (who) => namesOfAgent(who).some((name) => globs.some((glob) => glob(name)));
}

/** What the `agent` of a document is compared with: `claude-code`, `anthropic/claude-code`, and the types of both. */
export function namesOfAgent({ agent, subagent }: Pick<ToolCall, 'agent' | 'subagent'>): readonly string[] {
  return [agent.name, `${agent.vendor}/${agent.name}`, agent.type, subagent?.type].filter((name) => name !== undefined);
}

function globOf(pattern: string, complain: (message: string) => void): readonly Glob[] {
  try {
    return [compileGlob(pattern)];
  } catch (cause) {
    if (!(cause instanceof BadGlob)) throw cause;
    complain(`Bad pattern: ${cause.message}`);
    return [];
  }
}
