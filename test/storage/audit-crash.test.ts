import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { verifyAuditLog } from '../../src/storage/audit-verify.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { temporaryFolder } from './folder.ts';
import { fill, withSigner } from './signed-log.ts';

/** `npm run soak:kills` asks for more. */
const kills = Number(process.env['COUNTERSIGN_KILLS'] ?? 40);
const program = join(import.meta.dirname, 'programs', 'crash-writer.ts');

/** A program that writes to the log until it is killed, and what it said was written. */
class Writer {
  readonly role: string;
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  #said = '';

  constructor(folder: string, role: string) {
    this.role = role;
    this.#child = spawn(process.execPath, [program, folder, role], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#said += text));
    this.#closed = once(this.#child, 'close');
  }

  /** Resolves when it has written, or ended. */
  async isWriting(): Promise<void> {
    if (this.#said === '' && this.#child.stdout !== null) await Promise.race([once(this.#child.stdout, 'data'), this.#closed]);
  }

  /** Resolves with what it said when all of that was heard. It must have run until now: a program that ends by itself tests nothing. */
  async kill(): Promise<readonly string[]> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) throw new Error(`the ${this.role} ended by itself`);
    this.#child.kill('SIGKILL');
    await this.#closed;
    return this.#said.split('\n').filter((line) => line !== '');
  }
}

/** The first of them. */
function missingIn(path: string, acknowledged: readonly string[]): readonly string[] {
  const database = openDatabase(path, { readonly: true });
  try {
    const find = database.prepare('SELECT hash FROM entries WHERE seq = ?').pluck();
    const missing = acknowledged.filter((line) => {
      const [seq, hash] = line.split(' ');
      return find.get(Number(seq)) !== hash;
    });
    return missing.slice(0, 10);
  } finally {
    database.close();
  }
}

test(
  `governors and hooks killed at ${kills} random points while they write: nothing confirmed is lost, nothing breaks`,
  { timeout: 60_000 + kills * 2_000 },
  async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'audit.db');
    const crew = ['governor', 'hook', 'hook'].map((role) => new Writer(folder, role));
    onTestFinished(async () => void (await Promise.all(crew.map((writer) => writer.kill()))));
    const acknowledged: string[] = [];
    let silent = 0;
    for (let i = 0; i < kills; i += 1) {
      const at = Math.floor(Math.random() * crew.length);
      const victim = crew[at];
      if (victim === undefined) throw new Error('nobody is there');
      // Most while they write; some at a point of their start.
      if (Math.random() < 0.85) await victim.isWriting();
      await pause(Math.random() * 60);
      const said = await victim.kill();
      crew[at] = new Writer(folder, victim.role);
      acknowledged.push(...said);
      silent += said.length === 0 ? 1 : 0;
    }
    acknowledged.push(...(await Promise.all(crew.splice(0).map((writer) => writer.kill()))).flat());
    expect(missingIn(path, acknowledged)).toEqual([]);
    // Whoever comes next goes on, and what was anchored meanwhile still fits.
    await withSigner({ path, keyFile: join(folder, 'audit-key') }, async (log, signer) => {
      await fill(log, 1);
      await signer.sign();
    });
    const anchors = [{ name: 'the anchor', text: readFileSync(join(folder, 'anchor'), 'utf8') }];
    const verdict = verifyAuditLog(path, { anchors });
    expect(verdict).toMatchObject({ ok: true, keys: [expect.any(String)] });
    expect(acknowledged.length).toBeGreaterThan(kills);
    expect(silent).toBeLessThan(kills / 2);
    if (verdict.ok)
      console.log(
        `${kills} kills (${silent} before the first entry): ${acknowledged.length} of ${acknowledged.length} confirmed entries are there, ` +
          `${verdict.count} in all, ${verdict.checkpoints} checkpoints hold, ${Object.keys(verdict.pruned).length} times contents were removed.`,
      );
  },
);
