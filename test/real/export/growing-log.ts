import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { startLiveExport, type LiveExport } from '../../../src/hosts/serve/live-export.ts';
import { AuditDatabase } from '../../../src/storage/audit-log.ts';
import { openHome, type Home } from '../../../src/storage/home.ts';
import { temporaryFolder } from '../../storage/folder.ts';
import { entryOf } from '../../storage/samples.ts';

/** How many entries have to arrive; `npm run soak:export` asks for more. */
export const total = Number(process.env['COUNTERSIGN_EXPORT_COUNT'] ?? 2000);

/** As the governor does it, only that it waits less: what is waited for is a receiver on this machine. */
const pace = {
  now: () => performance.now(),
  after: (ms: number, run: () => void) => {
    const timer = setTimeout(run, Math.min(ms, 20));
    return () => clearTimeout(timer);
  },
  random: Math.random,
};

/** A log in a home of its own that is exported while it grows. */
export class GrowingLog {
  readonly home: Home;
  readonly #audit: AuditDatabase;
  #live: LiveExport;
  #written = 0;

  constructor(target: unknown) {
    this.home = openHome({ COUNTERSIGN_HOME: join(temporaryFolder(), 'home') });
    writeFileSync(this.home.config, JSON.stringify({ audit: { export: [target] } }));
    this.#audit = new AuditDatabase(this.home.audit);
    this.#live = startLiveExport(this.home, () => undefined, pace);
    this.#audit.onAppended(() => this.#live.wake());
    onTestFinished(async () => {
      await this.#live.close();
      this.#audit.close();
    });
  }

  get hashes(): readonly string[] {
    return this.#audit.list({ limit: this.#written }).map(({ hash }) => hash);
  }

  /** Writes a part of all the entries. */
  async grow(part: number): Promise<void> {
    const count = Math.trunc(total * part);
    const write = (i: number) => this.#audit.append(entryOf({ callId: `call ${i}`, arguments: { text: 'ä"\n]\\'.repeat(40) } }), 'written');
    await Promise.all(Array.from({ length: count }, (_, i) => write(this.#written + i)));
    this.#written += count;
  }

  problems(): readonly string[] {
    return this.#live.problems().map(({ message }) => message);
  }

  async restart(): Promise<void> {
    await this.#live.close();
    this.#live = startLiveExport(this.home, () => undefined, pace);
  }
}

/** Waits for something that another process does. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  await vi.waitUntil(holds, { timeout: 120_000, interval: 20 });
}

/** A receiver that can be killed at any moment, and started again where it was. */
export interface Receiver {
  readonly start: () => Promise<void>;
  readonly kill: () => Promise<void>;
  /** The hash of every entry that it has stored, as often as it has stored it. */
  readonly stored: () => readonly string[];
}

/** Everything arrives, although the receiver is killed twice in the middle of it and the sender is started anew once. */
export async function survive(log: GrowingLog, receiver: Receiver): Promise<void> {
  const distinct = (): number => new Set(receiver.stored()).size;
  await receiver.start();
  await log.grow(0.25);
  await until(() => distinct() > 0);
  await receiver.kill();
  await log.grow(0.25);
  await receiver.start();
  await until(() => distinct() > total * 0.25);
  await log.restart();
  await log.grow(0.25);
  await receiver.kill();
  await log.grow(0.25);
  await until(() => log.problems().length > 0);
  await receiver.start();
  await until(() => distinct() >= total);
}
