import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureGovernor, type Reached } from '../../src/channel/start.ts';
import { openHome, type Home } from '../../src/storage/home.ts';
import { MachineProcesses } from '../../src/storage/processes.ts';
import { readOrCreateToken } from '../../src/storage/token.ts';

const root = join(import.meta.dirname, '..', '..');

/** A state folder of its own with policies in force, as a governor finds it. */
export interface ScratchHome extends Disposable {
  readonly home: Home;
  readonly project: string;
  readonly hookToken: string;
}

export function scratchHome(policy: 'hundred' | 'ordinary' = 'hundred'): ScratchHome {
  const dir = mkdtempSync(join(tmpdir(), 'bench-'));
  const home = openHome({ ...process.env, COUNTERSIGN_HOME: join(dir, 'home') });
  const project = join(dir, 'project');
  mkdirSync(project);
  writeFileSync(join(home.policies, `${policy}.yaml`), policy === 'hundred' ? hundredRules() : ordinaryRules);
  return {
    home,
    project,
    hookToken: readOrCreateToken(home.hookToken),
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** What a person might write on the first day; self-protection is in force beside it, as always. */
const ordinaryRules = `kind: ToolPolicy
metadata: {name: ordinary}
spec:
  rules:
    - {name: no-force-push, commands: ["git push --force", "git push -f"], action: deny, message: It rewrites history that others have.}
    - {name: deployments-need-a-person, commands: ["terraform apply", "kubectl apply"], action: require_approval}
    - {name: secrets-stay-unread, paths: {read: ["**/.env", "~/.ssh/**"]}, action: deny}
    - {name: merges-need-a-person, tools: [github/merge_pull_request], action: require_approval}
    - {name: looking-around, commands: [ls, cat, "git status", "git diff"], action: allow}
`;

/** Rules of every sort, none of which matches: so all of them are looked at. */
function hundredRules(): string {
  const sorts: readonly ((n: number) => string)[] = [
    (n) => `{name: r${n}, commands: ["deploy-${n} --force", "kubectl ** -n prod${n}*"], action: deny}`,
    (n) => `{name: r${n}, paths: {any: ["~/.secret${n}/**", "**/*.key${n}"]}, action: deny}`,
    (n) =>
      `{name: r${n}, tools: [shell], conditions: [{cel: 'request.command.invocations.exists(i, i.program == "tool${n}" && i.args.exists(a, a.startsWith("--x")))'}], action: require_approval}`,
    (n) => `{name: r${n}, tools: [server${n}/*], action: allow}`,
    (n) =>
      `{name: r${n}, domains: ["*.example${n}.org"], conditions: [{cel: 'request.content.matches("^(secret|token)${n}$")'}], action: deny}`,
  ];
  const rules = Array.from({ length: 100 }, (_, n) => `    - ${sorts[n % sorts.length]?.(n) ?? ''}`);
  return `kind: ToolPolicy\nmetadata: {name: hundred}\nspec:\n  rules:\n${rules.join('\n')}\n`;
}

/** The built governor, in a process of its own. */
export function startBuiltGovernor(home: Home): Promise<Reached> {
  return ensureGovernor({
    home,
    hello: { token: readOrCreateToken(home.clientToken), client: 'cli', pid: process.pid, version: 'bench' },
    command: process.execPath,
    args: [join(root, 'dist', 'serve.mjs')],
    env: { ...process.env, COUNTERSIGN_HOME: home.root },
    deadlineMs: 10_000,
    processes: new MachineProcesses(),
  });
}

/** Ends it, and waits until the line is closed. */
export async function stopGovernor({ client }: Reached): Promise<void> {
  await client.call('shutdown', { reason: 'measured' });
  await client.closed;
}

/** A hook message as the real client sends it. */
export function bashMessage(project: string, n: number): Readonly<Record<string, unknown>> {
  return {
    session_id: '848b6ca3-163c-4ac7-b5d0-b7274ad665c1',
    transcript_path: `${project}/x.jsonl`,
    cwd: project,
    prompt_id: '7edb9641-993c-48d8-8cb8-c1cd0c8ec04d',
    permission_mode: 'acceptEdits',
    hook_event_name: 'PreToolUse',
    tool_name: 'Bash',
    tool_input: { command: `git status --short && npm run build -- --target ${n} | tee build.log`, description: 'Build' },
    tool_use_id: `toolu_bench_${n}`,
  };
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
