import { toolArguments } from '../../../agents/claude-code/tool-arguments.ts';
import { nativeTools } from '../../../agents/claude-code/tools.ts';
import type { KnownNames, Named } from '../../../engine/policy/language/known-names.ts';
import type { RuleNames } from '../../../engine/policy/language/rule-names.ts';
import { canonicalTools } from '../../../engine/tool-call.ts';

/** What the log has had to do with. */
export interface SeenNames {
  readonly tools: readonly string[];
  readonly agents: readonly string[];
}

interface Lookups {
  readonly rules: () => readonly RuleNames[];
  readonly packs: () => readonly Named[];
}

/** The names that policies can speak of: ours, the agents', and those in the log. */
export function knownNames(all: SeenNames, { rules, packs }: Lookups): KnownNames {
  const seen = { tools: all.tools.filter(isPlain), agents: all.agents.filter(isPlain) };
  const servers = new Set(seen.tools.flatMap((tool) => (tool.includes('/') ? [tool.slice(0, tool.indexOf('/'))] : [])));
  return {
    tools: unique([...canonical(), ...seen.tools.map(seenInLog), ...native()]),
    servers: [...servers].map(seenInLog),
    argumentsOf: toolArguments,
    agents: unique([...agents, ...seen.agents.map(seenInLog)]),
    get packs() {
      return packs();
    },
    get rules() {
      return unique(rules().flatMap(ruleNamesOf));
    },
  };
}

/** Whoever offers tools chooses their names: what does not read as a name is not put in front of people. */
function isPlain(name: string): boolean {
  return /^[\p{L}\p{N}_.:@/-]{1,200}$/u.test(name);
}

const agents: readonly Named[] = [{ name: 'claude-code', detail: 'Claude Code' }];

function seenInLog(name: string): Named {
  return { name, detail: 'seen in the log' };
}

function canonical(): readonly Named[] {
  return canonicalTools.map((name) => {
    const own = nativeTools().filter(({ tool }) => tool === name);
    return {
      name,
      detail: own.length === 0 || name === 'other' ? 'no other tool' : `Claude Code: ${own.map((one) => one.name).join(', ')}`,
    };
  });
}

function native(): readonly Named[] {
  return nativeTools().map(({ name, tool }) => ({ name, detail: `Claude Code’s name; ${tool} for every agent` }));
}

const does: Readonly<Record<string, string>> = { deny: 'denies', require_approval: 'asks', allow: 'allows', abstain: 'has no opinion' };

function ruleNamesOf({ declared }: RuleNames): readonly Named[] {
  return declared.flatMap(({ policy, rule, action = '', message = '' }) =>
    rule === undefined ? [] : [{ name: `${policy}/${rule}`, detail: [does[action] ?? action, message].filter(Boolean).join(': ') }],
  );
}

/** What is said first of a name counts. */
function unique(names: readonly Named[]): readonly Named[] {
  const seen = new Set<string>();
  return names.filter(({ name }) => !seen.has(name) && seen.add(name));
}
