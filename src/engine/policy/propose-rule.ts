import type { Action } from '../decision.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { CommandAnalysis } from '../shell/analysis.ts';
import { analyzeCommand } from '../shell/analyze.ts';
import type { ToolCall } from '../tool-call.ts';
import { exactPattern, literal, shortPattern, subcommandOf } from './call-patterns.ts';
import { allCommandsMatch } from './command-pattern.ts';
import { compileCommandPatterns } from './command-syntax.ts';
import type { RuleSource } from './schema.ts';

/** The call that a rule is wanted for. Paths are absolute, symbolic links resolved. */
export type ProposalSubject = Pick<ToolCall, 'tool' | 'nativeTool' | 'mcpServer' | 'command' | 'shell' | 'paths' | 'domains'> &
  Partial<Pick<ToolCall, 'arguments'>>;

export type ProposedAction = Exclude<Action, 'abstain'>;

/** A rule that matches the call, and in a few words which others it matches. The words may hold an agent's text. */
export interface ProposedRule {
  readonly covers: string;
  readonly rule: RuleSource;
}

/** The narrowest first. `why` says why there is none. */
export type Proposals = readonly ProposedRule[] | { readonly why: string };

export function proposeRules(subject: ProposalSubject, action: ProposedAction): Proposals {
  if (subject.shell === 'powershell') return { why: byHand };
  const found = dropHidden(candidates(subject, action).map(({ covers, fields, name }) => ({ covers, rule: ruleOf(action, name, fields) })));
  if (found.length > 0) return found;
  return { why: subject.command === undefined ? hidden : action === 'allow' ? uncertain : unreadable };
}

const byHand = 'Rules about PowerShell commands have to be written by hand';
const hidden = 'What a rule would have to name was removed before the call was recorded';
const unreadable = 'No program of this command is known before it runs, so no rule can name it';
const uncertain =
  'A rule that allows only speaks where everything is certain, and this command writes files, changes its environment or has parts that are only known when it runs';

interface Candidate {
  readonly covers: string;
  /** What the rule is called after. */
  readonly name: string;
  readonly fields: Omit<RuleSource, 'name' | 'action'>;
}

function candidates(subject: ProposalSubject, action: ProposedAction): readonly Candidate[] {
  const { tool, nativeTool, mcpServer, command, paths, domains } = subject;
  if (mcpServer !== undefined) return ofServer(mcpServer, tool, subject.arguments ?? {});
  if (command !== undefined) return action === 'allow' ? allowing(analyzeCommand(command)) : tightening(analyzeCommand(command));
  const ownName = tool === 'other' ? nativeTool : tool;
  const named = [...paths.write, ...paths.read];
  if (named.length > 0) return ofPaths(ownName, { read: unique(paths.read), write: unique(paths.write) });
  if (domains.length > 0) {
    const hosts = unique(domains).map(literal);
    return [
      {
        covers: `${ownName} on ${domains.join(', ')}`,
        name: `${ownName}-${domains[0] ?? ''}`,
        fields: { tools: [literal(ownName)], domains: hosts },
      },
    ];
  }
  return [{ covers: `every use of ${ownName}`, name: ownName, fields: { tools: [literal(ownName)] } }];
}

function ofServer(server: string, tool: string, args: JsonObject): readonly Candidate[] {
  const tools = [`${literal(server)}/${literal(tool)}`];
  return [
    ...telling(args).map(([name, value]) => ({
      covers: `${server}/${tool} with ${name} = ${JSON.stringify(value)}`,
      name: `${server}-${tool}-${String(value)}`,
      fields: { tools, conditions: [{ cel: `has(request.arguments.${name}) && request.arguments.${name} == ${celLiteral(value)}` }] },
    })),
    { covers: `${server}/${tool}`, name: `${server}-${tool}`, fields: { tools } },
    { covers: `every tool of ${server}`, name: server, fields: { tools: [`${literal(server)}/*`] } },
  ];
}

type Telling = string | number | boolean;

/** So many arguments of a call are offered: a person has to choose one. */
const mostArguments = 4;

/** Arguments that say what the call is about: short and on one line, and of a name that a condition can write. */
function telling(args: JsonObject): readonly (readonly [string, Telling])[] {
  return Object.entries(args)
    .flatMap(([name, value]) => (/^[A-Za-z_]\w*$/.test(name) && isTelling(value) ? [[name, value] as const] : []))
    .slice(0, mostArguments);
}

function isTelling(value: JsonValue): value is Telling {
  if (typeof value === 'string') return value !== '' && value.length <= 80 && !value.includes('[redacted') && !/\p{C}/u.test(value);
  return typeof value === 'boolean' || Number.isSafeInteger(value);
}

/** Numbers of arguments are those of JSON, which CEL does not take for whole ones. */
function celLiteral(value: Telling): string {
  return typeof value === 'number' ? `${value}.0` : JSON.stringify(value);
}

type Named = { readonly read: readonly string[]; readonly write: readonly string[] };

function ofPaths(tool: string, paths: Named): readonly Candidate[] {
  const [first = ''] = [...paths.write, ...paths.read];
  const base = first.slice(first.lastIndexOf('/') + 1);
  const folder = first.slice(0, first.lastIndexOf('/'));
  const fields = (patternsOf: (path: string) => string): Candidate['fields'] => ({
    tools: [literal(tool)],
    paths: {
      ...(paths.read.length === 0 ? {} : { read: unique(paths.read.map(patternsOf)) }),
      ...(paths.write.length === 0 ? {} : { write: unique(paths.write.map(patternsOf)) }),
    },
  });
  const exact = { covers: `${tool} of ${first}`, name: `${tool}-${base}`, fields: fields(literal) };
  if (folder === '') return [exact];
  return [
    exact,
    {
      covers: `${tool} of everything in ${folder}`,
      name: `${tool}-in-${folder.slice(folder.lastIndexOf('/') + 1)}`,
      fields: fields((path) => `${literal(path.slice(0, path.lastIndexOf('/')))}/**`),
    },
  ];
}

/** One command is enough to deny or to ask: which of them is the person's choice. */
function tightening({ invocations }: CommandAnalysis): readonly Candidate[] {
  const known = invocations.filter(({ program, isWrapper }) => program !== undefined && !isWrapper);
  const patterns = unique(known.flatMap((one) => [exactPattern(one), shortPattern(one)].filter((text) => text !== undefined)));
  return patterns.map((pattern) => ({ covers: `${pattern} …`, name: pattern, fields: { commands: [pattern] } }));
}

/**
 * Every command must be allowed: as it is written, or with any arguments behind its subcommand. Never a whole program, and nothing of a
 * command that is not wholly known: that would allow more than anyone has seen.
 */
function allowing(analysis: CommandAnalysis): readonly Candidate[] {
  const known = analysis.invocations.filter(({ isWrapper }) => !isWrapper);
  const exact = known.map(exactPattern);
  if (exact.includes(undefined)) return [];
  const short = known.map((one) => (subcommandOf(one) === undefined ? undefined : shortPattern(one)));
  const lists = [exact, short.includes(undefined) ? [] : short].map(unique).filter((commands) => commands.length > 0);
  const distinct = lists.filter((commands, at) => at === 0 || commands.join('\n') !== lists[0]?.join('\n'));
  return distinct
    .filter((commands) => allCommandsMatch(commands.flatMap(compileCommandPatterns), analysis, false))
    .map((commands) => ({ covers: `${commands.join(', ')} …`, name: commands[0] ?? '', fields: { commands } }));
}

/** Where a secret stood there is a mark now, which no later call will hold. */
function dropHidden(proposals: readonly ProposedRule[]): readonly ProposedRule[] {
  return proposals.filter(({ rule }) => !/\\\[redacted/.test(JSON.stringify(rule)));
}

function ruleOf(action: ProposedAction, about: string, fields: Candidate['fields']): RuleSource {
  const words = about
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  const verb = action === 'require_approval' ? 'ask' : action;
  return { name: words === '' ? verb : `${verb}-${words}`, ...fields, action };
}

function unique(texts: readonly (string | undefined)[]): string[] {
  return [...new Set(texts.filter((text) => text !== undefined))];
}
