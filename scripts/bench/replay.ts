import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Figure } from '../bench.ts';
import { claudeCode } from '../../src/agents/claude-code/agent.ts';
import { digestOf } from '../../src/engine/audit/canonical.ts';
import type { AuditEntry } from '../../src/engine/audit/entry.ts';
import type { JsonObject } from '../../src/engine/json.ts';
import { Replay } from '../../src/engine/policy/replay/replay.ts';
import { ReplayTotals } from '../../src/engine/policy/replay/summary.ts';
import { openMachine } from '../../src/storage/machine.ts';
import { ReplayLog } from '../../src/storage/replay-log.ts';
import { runReplay } from '../../src/storage/replay-run.ts';
import { replayWorld } from '../../src/storage/replay-world.ts';
import { bulkLog } from './bulk-log.ts';
import { scratchHome } from './scratch-home.ts';

const count = 100_000;

/** All of 100,000 recorded calls judged again by the shipped policies and an ordinary person's: as a person does it, and on one core. */
export async function measureReplay(): Promise<readonly Figure[]> {
  using scratch = scratchHome('ordinary');
  mkdirSync(join(scratch.project, '.git'));
  bulkLog(scratch.home.audit, count, (n) => entryOf(n, scratch.project));
  using machine = openMachine(scratch.home, join(import.meta.dirname, '..', '..', 'policies'));
  using log = new ReplayLog(scratch.home.audit);
  const { surroundings, policies } = machine.ports;
  const world = replayWorld(new Map([[claudeCode.name, claudeCode]]), surroundings, (seq) => log.facts(seq));
  const set = policies.inForce(scratch.project);
  const totals = new ReplayTotals(100);
  const [before, cpu] = [performance.now(), process.cpuUsage()];
  await runReplay(log, { span: {}, warmUpMs: 0, replays: [new Replay(world, () => set)], told: (one) => totals.add(one) });
  const seconds = (performance.now() - before) / 1000;
  if (totals.summary.calls !== count) throw new Error(`Only ${totals.summary.calls} calls were judged`);
  const processor = process.cpuUsage(cpu).user / 1e6;
  return [
    { what: '100,000 recorded calls judged again, in the terminal', value: inTerminal(scratch.home.root), unit: 's', limit: 10 },
    { what: 'the same in one thread', value: seconds, unit: 's' },
    { what: 'the same: processor time of that', value: processor, unit: 's' },
  ];
}

/** Its start and reading the policies included. */
function inTerminal(home: string): number {
  const before = performance.now();
  const program = join(import.meta.dirname, '..', '..', 'dist', 'cli.mjs');
  const { stdout, status } = spawnSync(process.execPath, [program, 'policy', 'replay', '--limit', '0'], {
    encoding: 'utf8',
    env: { ...process.env, COUNTERSIGN_HOME: home },
  });
  if (status !== 0 || !stdout.includes(`${count} calls`)) throw new Error(`The replay ended with ${status}: ${stdout}`);
  return (performance.now() - before) / 1000;
}

type Tool = readonly [nativeTool: string, tool: string, args: JsonObject];

/** In the shares that agents use them: half of it reads and edits, a third are commands, of which some come again and again. */
const tools: readonly ((n: number, project: string) => Tool)[] = [
  (n, project) => ['Read', 'read', { file_path: `${project}/src/part-${n % 900}/file-${n % 37}.ts` }],
  (n, project) => ['Read', 'read', { file_path: `${project}/src/part-${n % 500}/index.ts`, offset: n % 400, limit: 200 }],
  (n, project) => [
    'Edit',
    'edit',
    { file_path: `${project}/src/part-${n % 300}/index.ts`, old_string: `const a = ${n};`, new_string: `const a = ${n + 1};` },
  ],
  (n) => ['Bash', 'shell', { command: `grep -rn "word${n}" src --include=*.ts | head -20`, description: 'Looks for a word' }],
  (n) => [
    'Bash',
    'shell',
    { command: ['git status --short', 'npm test', 'git diff --stat', 'npm run build 2>&1 | tail -5', 'ls -la'][n % 5] ?? '' },
  ],
  (n) => ['Grep', 'grep', { pattern: `export (const|function) name${n}`, glob: '*.ts' }],
  (n) => ['Bash', 'shell', { command: `cd src/part-${n % 300} && npx vitest run index-${n}.test.ts`, description: 'Runs one test' }],
  (n, project) => [
    'Write',
    'write',
    { file_path: `${project}/notes/note-${n}.md`, content: `# Note ${n}\n\n${'A line of text that says something. '.repeat(20)}` },
  ],
  (n) => ['Bash', 'shell', { command: `git add -A && git commit -q -m "Step ${n}"`, description: 'Commits' }],
  (n) => ['TodoWrite', 'task', { todos: [{ content: `Step ${n}`, status: 'pending', activeForm: `Doing step ${n}` }] }],
];

const perSession = 200;

function entryOf(n: number, project: string): AuditEntry {
  const [nativeTool, tool, args] = tools[n % tools.length]?.(n, project) ?? ['Bash', 'shell', {}];
  const time = 1_767_225_600_000 + n * 1000;
  const first = n - (n % perSession);
  const circumstances = {
    agent: { vendor: 'anthropic' },
    mode: 'default',
    interactive: true,
    startedAt: first,
    workspace: { root: project, branch: 'main', remote: 'git@example.com:ada/project.git', trusted: false },
    user: { name: 'ada', email: 'ada@example.com', roles: [], home: '/home/ada' },
  };
  return {
    kind: 'decision',
    time,
    session: `4f1c9d3e-2b7a-4c55-9d0e-8a6b${String(first).padStart(8, '0')}`,
    agent: 'claude-code',
    callId: `toolu_${n}`,
    tool,
    nativeTool,
    cwd: project,
    arguments: args,
    argumentsDigest: digestOf(args),
    action: 'abstain',
    reason: '',
    mode: 'enforce',
    facts: { v: 1, time, calls: n % perSession, ...(n === first ? { circumstances } : { like: first + 1 }) },
  };
}
