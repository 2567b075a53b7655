import { readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { recordedCall } from '../../agents/recorded-call.ts';
import type { AuditEntry } from '../../engine/audit/entry.ts';
import { decide } from '../../engine/policy/decide.ts';
import { parsePolicyFile } from '../../engine/policy/parse-file.ts';
import type { PolicyFile, PolicySet } from '../../engine/policy/policy-set.ts';
import type { TestCall } from '../../engine/policy/schema.ts';
import { policyText } from '../../engine/policy/suggest/policy-text.ts';
import { SeenCalls, type SeenCall } from '../../engine/policy/suggest/seen-calls.ts';
import { suggestPolicy, type Suggestion } from '../../engine/policy/suggest/suggest.ts';
import { testRequest } from '../../engine/policy/test-request.ts';
import { AuditReader } from '../../storage/audit-reader.ts';
import { homeOf } from '../../storage/home.ts';
import { packsFolder, policyParser, shippedPolicies } from '../../storage/shipped-policies.ts';
import { MachineSurroundings } from '../../storage/surroundings.ts';
import { filterOf, filterOptions } from './audit-filter.ts';
import { type ExitCode, parse, type Terminal, WrongUsage } from './command.ts';

const text = { type: 'string' } as const;
const defaults = { ask: 'require_approval', deny: 'deny' } as const;

/** The least policy that allows what was done. It is printed or written to a new file, never put in force. */
export function suggest(args: readonly string[], terminal: Terminal): ExitCode {
  const { values } = parse(args, {
    ...filterOptions,
    cwd: text,
    all: { type: 'boolean' },
    default: text,
    name: text,
    out: text,
    json: { type: 'boolean' },
  });
  const standard = values.default ?? 'ask';
  if (standard !== 'ask' && standard !== 'deny') throw new WrongUsage('--default is ask or deny');
  const { tool: _tool, action: _action, ...filter } = filterOf(values);
  const calls = callsOf(filter, values.all === true ? undefined : resolve(values.cwd ?? '.'));
  const suggestion = suggestPolicy(calls.all, needsCare());
  if (suggestion.rules.length === 0) throw new Error(nothingFound(values.all === true));
  const source = policyText(suggestion, {
    name: values.name ?? 'suggested',
    defaultAction: defaults[standard],
    span: spanOf(filter.since, filter.until),
  });
  assertReadable(source);
  if (values.out !== undefined) writeFileSync(values.out, source, { flag: 'wx', mode: 0o600 });
  if (values.json) terminal.out(JSON.stringify(summaryOf(suggestion, calls.unknown, source)));
  else if (values.out === undefined) terminal.out(source.trimEnd());
  else terminal.out(`${values.out}: ${suggestion.rules.length} rules. Read them, then put the file into .countersign or your policies.`);
  return 0;
}

type Filter = Omit<ReturnType<typeof filterOf>, 'tool' | 'action'>;

function callsOf(filter: Filter, folder: string | undefined): SeenCalls {
  const surroundings = new MachineSurroundings({ countersignHome: homeOf().root });
  const roots = new Map<string, string>();
  const rootOf = (cwd: string): string => roots.get(cwd) ?? remembered(roots, cwd, surroundings.workspace(cwd).root);
  const wanted = folder === undefined ? undefined : rootOf(realPath(folder));
  const calls = new SeenCalls((entry) => testCallOf(entry, rootOf));
  using reader = new AuditReader(homeOf().audit);
  for (const page of reader.pages(filter))
    for (const { record } of page) if (wanted === undefined || rootOf(record.entry.cwd ?? '/') === wanted) calls.add(record.entry);
  return calls;
}

function remembered(roots: Map<string, string>, cwd: string, root: string): string {
  roots.set(cwd, root);
  return root;
}

function testCallOf(entry: AuditEntry, rootOf: (cwd: string) => string): TestCall | undefined {
  try {
    const call = recordedCall(entry);
    if (call === undefined) return undefined;
    const { tool, nativeTool, mcpServer, command, domains } = call;
    const cwd = entry.cwd ?? '/';
    const root = rootOf(cwd);
    const paths = { read: call.paths.read.map(realPath), write: call.paths.write.map(realPath) };
    return {
      tool,
      nativeTool,
      ...(mcpServer === undefined ? {} : { mcpServer }),
      ...(command === undefined ? {} : { command, arguments: { command }, ...(cwd === root ? {} : { cwd }) }),
      ...(paths.read.length + paths.write.length === 0 ? {} : { paths }),
      ...(domains.length === 0 ? {} : { domains: [...domains] }),
      workspace: { root },
      user: { home: homedir() },
    };
  } catch {
    // Its arguments were emptied or redacted: counted as unknown.
    return undefined;
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Whatever any of the packs would ask about is not allowed with any arguments. */
function needsCare(): (command: string) => boolean {
  const set: PolicySet = { files: shippedFiles() };
  return (command) => decide(set, testRequest(command), { count: () => 0 }).action !== 'abstain';
}

function shippedFiles(): readonly PolicyFile[] {
  const shipped = shippedPolicies();
  const parsed = policyParser(shipped);
  return [shipped, packsFolder(shipped)].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => join(folder, name))
      .map((path) => parsed({ path, layer: 'built-in', source: readFileSync(path, 'utf8'), trusted: false })),
  );
}

function assertReadable(source: string): void {
  const [problem] = parsePolicyFile({ path: 'suggested.yaml', layer: 'user', source, trusted: false }).problems;
  if (problem !== undefined) throw new Error(`the suggested policy cannot be read: ${problem.message}. Please report this`);
}

function summaryOf({ rules, left, refused }: Suggestion, unknown: number, source: string) {
  return {
    policy: source,
    rules: rules.map(({ rule, evidence }) => ({ id: rule.name, action: rule.action, calls: sum(evidence) })),
    left: left.map(({ call, ran }) => ({ call, calls: ran })),
    refused: refused.length,
    unknown,
  };
}

function sum(seen: readonly SeenCall[]): number {
  return seen.reduce((total, { ran, refused }) => total + (ran > 0 ? ran : refused), 0);
}

function nothingFound(all: boolean): string {
  return `No recorded call that ran can be named by a rule. ${all ? 'Choose a longer span with --since' : 'Use --all for every folder, or --cwd DIR for another one'}.`;
}

function spanOf(since: number | undefined, until: number | undefined): string {
  const day = (time: number): string => new Date(time).toISOString().slice(0, 10);
  return `${since === undefined ? 'from its beginning' : day(since)} to ${day(until ?? Date.now())}`;
}
