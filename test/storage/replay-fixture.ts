import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { claudeCode } from '../../src/agents/claude-code/agent.ts';
import { Governor } from '../../src/governor/governor.ts';
import { openHome, type Home } from '../../src/storage/home.ts';
import { openMachine, type OpenMachine } from '../../src/storage/machine.ts';

export const builtIn = join(import.meta.dirname, '..', '..', 'policies');

/** A person's policies that depend on everything a policy can depend on. */
const policies = String.raw`
kind: ToolPolicy
metadata: {name: everything}
spec:
  rules:
    - {name: few-builds, commands: ["npm run build"], action: allow, rateLimit: {calls: 5, per: 1s}}
    - {name: few-fetches, tools: [fetch], action: abstain, rateLimit: {calls: 3, per: 2s}, onLimit: require_approval}
    - {name: every-seventh, tools: [grep], action: deny, conditions: [{cel: 'request.session.calls % 7 == 0'}]}
    - {name: odd-milliseconds, tools: [glob], action: deny, conditions: [{cel: 'request.time.getMilliseconds() % 2 == 1'}]}
    - {name: committed-only, commands: [rm], action: deny, conditions: [{cel: 'request.command.deletes.exists(f, f.git != "clean")'}]}
    - {name: nothing-linked, paths: {any: ["${'$'}{workspace}/real/**"]}, action: deny}
    - {name: no-deploy, commands: [deploy], action: deny}
    - {name: on-main, tools: [notebook_edit], action: deny, conditions: [{cel: 'request.workspace.branch == "main"'}]}
    - {name: no-secrets, tools: [write], action: deny, conditions: [{cel: 'hasSecret(request.content)'}]}
    - {name: no-planning, tools: [edit], action: deny, conditions: [{cel: 'request.session.mode == "plan"'}]}
    - {name: no-mail, domains: ["*.example.org"], action: deny}
    - {name: ask-about-notes, tools: ["notes/*"], action: require_approval, redact: ["$.text"]}
---
kind: ToolPolicy
metadata: {name: watching}
spec:
  mode: observe
  rules:
    - {name: lists, commands: [ls], action: deny}
---
kind: GuardrailPolicy
metadata: {name: telling}
spec:
  detect:
    - {type: keyword, words: [word1], action: alert}
    - {type: keyword, name: planned, words: ["topic-5"], action: deny}
---
kind: GuardrailPolicy
metadata: {name: looking}
spec: {mode: observe, detect: [{type: keyword, words: [word2, b.ts], action: deny}]}
---
kind: GuardrailPolicy
metadata: {name: known}
spec: {allow: [{text: topic-5, reason: It is the first that was let through.}]}
`;

export interface RecordedWork extends Disposable {
  readonly home: Home;
  readonly machine: OpenMachine;
  readonly project: string;
}

/** A governor of its own, and a project with a repository, links and scripts, which change while it is worked on. */
export async function recordWork(count: number): Promise<RecordedWork> {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'replay-')));
  const home = openHome({ ...process.env, COUNTERSIGN_HOME: join(dir, 'home') });
  writeFileSync(join(home.policies, 'everything.yaml'), policies);
  const project = join(dir, 'project');
  makeProject(project);
  const machine = openMachine(home, builtIn);
  const governor = new Governor(machine.ports, new Map([[claudeCode.name, claudeCode]]), { weakens: () => undefined });
  for (let n = 0; n < count; n += 1) {
    if (n % phase === 0) change(project, n / phase);
    await decided(governor, messageOf(project, n), n);
  }
  await governor.dispose();
  const close = (): void => {
    machine.close();
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  };
  return { home, machine, project, [Symbol.dispose]: close };
}

function makeProject(project: string): void {
  for (const folder of ['src', 'real', 'other', 'dist']) mkdirSync(join(project, folder), { recursive: true });
  for (const name of ['a.ts', 'b.ts', 'c.ts']) writeFileSync(join(project, 'src', name), name);
  const git = (...args: readonly string[]): unknown =>
    execFileSync('git', ['-C', project, '-c', 'user.name=ada', '-c', 'user.email=ada@example.com', ...args], { stdio: 'ignore' });
  git('init', '-b', 'main');
  git('add', '-A');
  git('commit', '-m', 'first');
}

/** So many calls later, the project is another one. */
const phase = 1000;

/** What was true of the project before is not any more. */
function change(project: string, n: number): void {
  writeFileSync(join(project, 'src', 'a.ts'), n % 2 === 0 ? 'a.ts' : `changed ${n}`);
  writeFileSync(join(project, 'run.sh'), n % 2 === 0 ? 'echo harmless\n' : `deploy --number ${n}\n`);
  writeFileSync(join(project, 'package.json'), JSON.stringify({ scripts: { go: n % 2 === 0 ? 'deploy now' : 'echo no' } }));
  writeFileSync(join(project, '.git', 'HEAD'), `ref: refs/heads/${n % 2 === 0 ? 'main' : 'topic'}\n`);
  try {
    unlinkSync(join(project, 'way'));
  } catch {
    // The first time there is none.
  }
  symlinkSync(n % 2 === 0 ? 'real' : 'other', join(project, 'way'));
}

/** A person approves every other call that somebody is asked about. */
async function decided(governor: Governor, message: unknown, n: number): Promise<void> {
  const by = { user: 'ada', surface: 'test' };
  const outcome = n % 2 === 0 ? 'approved' : 'denied';
  const done = governor.hook('claude-code', message, { via: 'http' }).then(() => 'done');
  while ((await Promise.race([done, turn()])) !== 'done')
    for (const { id } of governor.approvals()) await governor.answer(id, { outcome, scope: 'once', reason: '' }, by);
}

type Input = Readonly<Record<string, unknown>>;

/** Has the form of one, and no more. */
const secret = `ghp_${createHash('sha256').update('secret').digest('hex').slice(0, 36)}`;

const bash = (command: string): readonly [string, Input] => ['Bash', { command, description: 'Does something' }];

const tools: readonly ((project: string, n: number) => readonly [string, Input])[] = [
  (_, n) => bash(`git status --short && npm test -- --number ${n}`),
  (_, n) => bash(`ls -la src | head -${n % 20}`),
  () => bash('npm run build'),
  () => bash('sh ./run.sh'),
  () => bash('npm run go'),
  (_, n) => bash(`git push --force origin topic-${n}`),
  (project, n) => ['Read', { file_path: `${project}/src/${'abc'[n % 3]}.ts` }],
  (project, n) => ['Read', { file_path: `${project}/way/${n % 9}.txt` }],
  (_, n) => bash(`cat way/${n}.txt > dist/out-${n}.txt`),
  (project, n) => ['Edit', { file_path: `${project}/src/b.ts`, old_string: `${n}`, new_string: `${n + 1}` }],
  (project, n) => ['Write', { file_path: `${project}/dist/${n}.txt`, content: n % 5 === 0 ? secret : `plain ${n}` }],
  (project) => ['NotebookEdit', { notebook_path: `${project}/n.ipynb`, new_source: 'print(1)' }],
  (_, n) => ['Grep', { pattern: `word${n % 4}` }],
  (_, n) => ['Glob', { pattern: `**/*.${n % 3}` }],
  (_, n) => ['WebFetch', { url: `https://${n % 4 === 0 ? 'mail.example.org' : 'docs.example.com'}/${n % 11}`, prompt: 'Read it' }],
  (_, n) => ['mcp__notes__save', { text: `note ${n}`, title: 'a title' }],
  (_, n) => ['ReadMcpResourceTool', { server: 'docs', uri: `https://docs.example.com/${n % 5}` }],
];

function messageOf(project: string, n: number): unknown {
  // Asking git costs far more than all else: some of these are enough.
  const [tool_name, tool_input] =
    n % 211 === 0 ? bash(`rm -rf src/${'abc'[n % 3]}.ts`) : (tools[n % tools.length]?.(project, n) ?? bash('true'));
  return {
    session_id: `session-${n % 6}`,
    transcript_path: '',
    cwd: project,
    permission_mode: n % 400 < 200 ? 'default' : 'plan',
    hook_event_name: 'PreToolUse',
    tool_name,
    tool_input,
    tool_use_id: `toolu_${n}`,
    ...(n % 13 === 0 ? { agent_id: 'helper', agent_type: 'reviewer' } : {}),
  };
}
