import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ensureGovernor } from '../../../src/channel/start.ts';
import { AuditReader } from '../../../src/storage/audit-reader.ts';
import { verifyAuditLog } from '../../../src/storage/audit-verify.ts';
import { openHome, type Home } from '../../../src/storage/home.ts';
import { MachineProcesses } from '../../../src/storage/processes.ts';
import { readOrCreateToken } from '../../../src/storage/token.ts';
import { withSigner } from '../../storage/signed-log.ts';
import { runHook } from '../hook/hook-process.ts';

/** `npm run soak:kills` asks for more. Each round kills a governor and two hooks. */
const rounds = Math.ceil(Number(process.env['COUNTERSIGN_KILLS'] ?? 12) / 3);
const program = join(import.meta.dirname, '../../../src/hosts/serve/main.ts');
const processes = new MachineProcesses();
const policy = `
kind: ToolPolicy
metadata: {name: pushes}
spec:
  rules:
    - {name: never, commands: ["git push --force"], action: deny, message: It rewrites history.}
`;

/** The calls of one run of this test, and the decisions that somebody heard about them. */
class Calls {
  readonly home: Home;
  readonly heard = new Map<string, 'deny' | 'pass'>();
  /** Of these, by hooks. */
  byHooks = 0;
  readonly #root: string;
  #count = 0;
  #killed = 0;
  /** How long a hook takes on this machine, learned from those that died and those that did not. */
  #hookMs = 1000;

  constructor() {
    this.#root = mkdtempSync(join(tmpdir(), 'cs-'));
    onTestFinished(() => rmSync(this.#root, { recursive: true, force: true, maxRetries: 20 }));
    this.home = openHome({ COUNTERSIGN_HOME: join(this.#root, 'state') });
    writeFileSync(join(this.home.policies, 'pushes.yaml'), policy);
  }

  get killed(): number {
    return this.#killed;
  }

  /** A governor gets calls on four lines until it dies. */
  async governorDies(): Promise<void> {
    const { port, pid } = await this.#start();
    const lanes = Array.from({ length: 4 }, async () => this.#lane(port));
    // At its start, or in the middle of its work.
    const enough = this.heard.size + Math.floor(Math.random() * 40);
    await Promise.race([vi.waitUntil(() => this.heard.size >= enough, { timeout: 60_000, interval: 1 }), ...lanes]);
    await pause(Math.random() * 30);
    process.kill(pid, 'SIGKILL');
    this.#killed += 1;
    await Promise.all(lanes);
    await vi.waitUntil(() => processes.identify(pid) === undefined, { timeout: 10_000, interval: 5 });
  }

  /** A hook that judges alone dies, or is done before that. */
  async hookDies(): Promise<void> {
    const { id, message } = this.#next();
    let stop: NodeJS.Timeout | undefined;
    const run = await runHook({
      home: this.#root,
      stdin: JSON.stringify(message),
      env: { COUNTERSIGN_NO_GOVERNOR: '1' },
      onStart: (pid) => (stop = setTimeout(() => process.kill(pid, 'SIGKILL'), Math.random() * 2 * this.#hookMs)),
    });
    clearTimeout(stop);
    this.#hookMs = run.signal === null ? run.ms : this.#hookMs * 1.2;
    if (run.signal === null) this.byHooks += 1;
    if (run.signal === null) this.heard.set(id, run.stdout.includes('"deny"') ? 'deny' : 'pass');
    else this.#killed += 1;
  }

  async #start(): Promise<{ readonly port: number; readonly pid: number }> {
    const { client, status } = await ensureGovernor({
      home: this.home,
      hello: { token: readOrCreateToken(this.home.clientToken), client: 'cli', pid: process.pid, version: 'test' },
      command: process.execPath,
      args: [program],
      env: { ...process.env, COUNTERSIGN_HOME: this.home.root },
      deadlineMs: 30_000,
      processes,
    });
    client.close();
    return status;
  }

  async #lane(port: number): Promise<void> {
    const token = readOrCreateToken(this.home.hookToken);
    for (;;) {
      const { id, message } = this.#next();
      try {
        const response = await fetch(`http://127.0.0.1:${port}/v1/hooks/claude-code`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify(message),
        });
        const heard = (await response.text()).includes('"deny"') ? 'deny' : 'pass';
        this.heard.set(id, heard);
      } catch (error) {
        // The line broke: nobody heard an answer.
        if (error instanceof TypeError) return;
        throw error;
      }
    }
  }

  #next() {
    const id = `toolu_${(this.#count += 1)}`;
    const command = this.#count % 2 === 0 ? 'git push --force' : 'git status';
    const about = { session_id: 's1', cwd: this.#root, tool_name: 'Bash', tool_input: { command }, tool_use_id: id };
    return { id, message: { hook_event_name: 'PreToolUse', ...about } };
  }
}

/** Of the decisions that were heard, the first ones that the log does not have. */
function missingIn(home: Home, heard: ReadonlyMap<string, string>): readonly string[] {
  using reader = new AuditReader(home.audit);
  const decided = new Map<string, string>();
  for (const page of reader.pages({ kind: 'decision' }))
    for (const { record } of page) decided.set(record.entry.callId ?? '', record.entry.action === 'deny' ? 'deny' : 'pass');
  return [...heard].filter(([id, what]) => decided.get(id) !== what).map(([id]) => id);
}

test(
  `the governor and hooks killed in ${rounds} rounds: every answer that was heard is in the log, which holds`,
  { timeout: 60_000 + rounds * 15_000 },
  async () => {
    const calls = new Calls();
    for (let i = 0; i < rounds; i += 1) await Promise.all([calls.governorDies(), calls.hookDies(), calls.hookDies()]);
    expect(missingIn(calls.home, calls.heard).slice(0, 10)).toEqual([]);
    await withSigner({ path: calls.home.audit, keyFile: calls.home.auditKey }, async (_, signer) => void (await signer.sign()));
    const verdict = verifyAuditLog(calls.home.audit);
    expect(verdict).toMatchObject({ ok: true, signed: { size: expect.any(Number) } });
    expect(calls.heard.size).toBeGreaterThan(rounds);
    expect(calls.killed).toBeGreaterThan(rounds);
    if (verdict.ok) {
      console.log(
        `${calls.killed} kills: ${calls.heard.size} of ${calls.heard.size} answers that were heard are in the log (${calls.byHooks} of hooks alone), ` +
          `${verdict.count} entries in all.`,
      );
    }
  },
);
