import { Document, isMap, isScalar, isSeq, Scalar, type YAMLMap } from 'yaml';
import type { RuleSource, TestCall } from '../schema.ts';
import { Trial } from './draft.ts';
import type { SeenCall } from './seen-calls.ts';
import type { SuggestedRule, Suggestion } from './suggest.ts';

export interface TextOptions {
  readonly name: string;
  readonly defaultAction: 'deny' | 'require_approval';
  /** Of which calls it was made, in words: `2026-11-01 to 2026-11-28`. */
  readonly span: string;
}

/** Examples that a rule is tested with. */
const mostTests = 3;
/** Examples of what is not allowed. */
const mostLeft = 5;

/** The policy file: the rules, how often each pattern was needed, and tests. */
export function policyText(suggestion: Suggestion, options: TextOptions): string {
  const document = new Document(
    {
      apiVersion: 'countersign.dev/v1',
      kind: 'ToolPolicy',
      metadata: { name: options.name },
      spec: { defaultAction: options.defaultAction, rules: suggestion.rules.map((one) => withTests(one, suggestion)) },
    },
    { schema: 'core' },
  );
  document.commentBefore = headOf(suggestion, options);
  const rules = document.getIn(['spec', 'rules'], true);
  if (isSeq(rules)) rules.items.forEach((item, at) => isMap(item) && annotate(item, suggestion.rules[at]));
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function headOf({ rules, left, refused }: Suggestion, { span, defaultAction }: TextOptions): string {
  const allowed = new Set(rules.filter(({ rule }) => rule.action === 'allow').flatMap(({ evidence }) => evidence));
  const rest = defaultAction === 'deny' ? 'denied' : 'asked about';
  return comment([
    `Made from the log, ${span}: the least that allows what ran. Read it before you use it.`,
    `Allowed: ${calls([...allowed])}. Not allowed, so ${rest}: ${calls(left)} that no rule can name for certain,`,
    `${calls(refused, 'refused')} that were refused, and everything that never happened.`,
    ...[...left]
      .sort((a, b) => b.ran - a.ran)
      .slice(0, mostLeft)
      .map((one) => `  ${rest}: ${shortly(one.call)} (${times(one.ran)})`),
  ]);
}

function annotate(item: YAMLMap, suggested: SuggestedRule | undefined): void {
  if (suggested === undefined) return;
  const { evidence, uses, rule } = suggested;
  const counted = rule.action === 'allow' ? calls(evidence) : calls(evidence, 'refused');
  const sessions = Math.max(...evidence.map((one) => one.sessions));
  item.commentBefore = ` ${counted}${sessions > 1 ? `, in up to ${sessions} sessions` : ''}`;
  for (const field of [['commands'], ['tools'], ['domains'], ['paths', 'read'], ['paths', 'write']]) {
    const list = item.getIn(field, true);
    if (isSeq(list)) for (const entry of list.items) count(entry, uses);
  }
}

function count(entry: unknown, uses: ReadonlyMap<string, number>): void {
  const used = isScalar(entry) ? uses.get(String(entry.value)) : undefined;
  if (entry instanceof Scalar && used !== undefined) entry.comment = ` ${times(used)}`;
}

function withTests({ rule, evidence }: SuggestedRule, { refused }: Suggestion): RuleSource {
  const trial = new Trial([rule]);
  const wanted = evidence.map(({ call }) => portable(call)).filter((call) => trial.decide(call).action === rule.action);
  const others = [...counterexamples(rule), ...refused.filter(({ call }) => isAlike(rule, call)).map(({ call }) => portable(call))];
  const [yes, no] = [distinct(wanted), distinct(others.filter((call) => trial.decide(call).action === 'abstain'))];
  const tests = { ...(yes.length === 0 ? {} : { [rule.action]: yes }), ...(no.length === 0 ? {} : { pass: no }) };
  const { name, tools, commands, paths, domains, ...rest } = rule;
  const read = {
    name,
    ...(tools && { tools }),
    ...(commands && { commands }),
    ...(paths && { paths }),
    ...(domains && { domains }),
    ...rest,
  };
  return Object.keys(tests).length === 0 ? read : { ...read, tests };
}

/** What was refused says most about a rule for the same kind of call. */
function isAlike(rule: RuleSource, call: TestCall): boolean {
  if (rule.commands !== undefined) return call.command !== undefined;
  return call.command === undefined && (rule.paths === undefined) === (call.paths === undefined);
}

/** What a rule that allows must not reach, whatever was seen. */
function counterexamples(rule: RuleSource): readonly (string | TestCall)[] {
  if (rule.action !== 'allow') return [];
  const [first] = rule.commands ?? [];
  if (first !== undefined) return [`sudo ${first}`];
  const [tool] = rule.tools ?? [];
  if (rule.paths !== undefined) return [{ tool: tool ?? 'read', paths: { write: ['/etc/hosts'] } }];
  if (rule.domains !== undefined) return [{ tool: tool ?? 'fetch', domains: ['elsewhere.invalid'] }];
  return [{ tool: 'other', nativeTool: 'SomethingElse' }];
}

/** The call in the words of a test, without this machine's folders. Shell lines that need theirs keep them. */
function portable(call: TestCall): string | TestCall {
  const root = call.workspace?.root ?? '/';
  const home = call.user?.home ?? '/';
  const shown = (path: string): string => replaced(replaced(path, root, '${workspace}'), home, '~');
  if (call.command !== undefined) return call.command.includes(home) || (call.cwd ?? root) !== root ? call : call.command;
  const { tool, nativeTool, mcpServer, domains, paths } = call;
  const [read = [], write = []] = [paths?.read?.map(shown), paths?.write?.map(shown)];
  return {
    ...(tool === undefined ? {} : { tool }),
    ...(tool !== 'other' || nativeTool === undefined ? {} : { nativeTool }),
    ...(mcpServer === undefined ? {} : { mcpServer }),
    ...(domains === undefined || domains.length === 0 ? {} : { domains }),
    ...(read.length + write.length === 0 ? {} : { paths: { ...(read.length > 0 && { read }), ...(write.length > 0 && { write }) } }),
  };
}

function replaced(path: string, folder: string, name: string): string {
  return path === folder || path.startsWith(`${folder}/`) ? name + path.slice(folder.length) : path;
}

function distinct(tests: readonly (string | TestCall)[]): (string | TestCall)[] {
  const known = new Map(tests.map((one) => [JSON.stringify(one), one]));
  return [...known.values()].slice(0, mostTests);
}

function calls(seen: readonly SeenCall[], which: 'ran' | 'refused' = 'ran'): string {
  const number = seen.reduce((sum, one) => sum + one[which], 0);
  return number === 1 ? '1 call' : `${number} calls`;
}

function times(number: number): string {
  return number === 1 ? 'once' : `${number} times`;
}

/** One line, whatever the agent wrote. */
function shortly({ command, nativeTool, tool, paths, domains }: TestCall): string {
  const what = command ?? `${nativeTool ?? tool ?? ''} ${[...(paths?.read ?? []), ...(paths?.write ?? []), ...(domains ?? [])].join(' ')}`;
  return what.length > 100 ? `${what.slice(0, 99)}…` : what;
}

/** Visible marks for what could end a comment or turn it around. */
function comment(lines: readonly string[]): string {
  return lines.map((line) => ` ${line.replaceAll(/[\p{C}\u2028\u2029]/gu, ' ')}`).join('\n');
}
