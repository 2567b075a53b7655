import { statSync, unwatchFile, watchFile } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import manifest from '../../../package.json' with { type: 'json' };
import { otlpSender } from '../../channel/export/otlp-sender.ts';
import { type Pace, Pump, type Trouble } from '../../channel/export/pump.ts';
import type { Sender } from '../../channel/export/sender.ts';
import { syslogSender } from '../../channel/export/syslog-sender.ts';
import type { Problem } from '../../channel/messages.ts';
import type { Home } from '../../storage/home.ts';
import { Outbox } from '../../storage/outbox.ts';
import { type ExportTarget, readExportTargets, targetName } from '../../storage/outbox-config.ts';

/** The log on its way to the places that `config.json` names. */
export interface LiveExport {
  /** There are new entries. */
  readonly wake: () => void;
  /** What keeps entries from arriving, for a person to see. */
  readonly problems: () => readonly Problem[];
  /** Breaks off what is under way: it is sent again after the next start. */
  readonly close: () => Promise<void>;
}

/**
 * Sends nothing anywhere unless that is configured, and follows the configuration as it changes. Never throws: what does not work here is
 * shown, and stops no call.
 */
export function startLiveExport(home: Home, changed: () => void, pace: Pace = realPace): LiveExport {
  return new Following(home, changed, pace);
}

/** How often the configuration is looked at while nothing is written. */
const lookMs = 2000;

class Following implements LiveExport {
  readonly #home: Home;
  readonly #changed: () => void;
  readonly #pace: Pace;
  #running: Running | undefined;
  #seen = '';
  #targets = '[]';
  #problem: Problem | undefined;
  #changing: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(home: Home, changed: () => void, pace: Pace) {
    this.#home = home;
    this.#changed = changed;
    this.#pace = pace;
    const targets = this.#newTargets();
    if (targets !== undefined) this.#start(targets);
    watchFile(home.config, { interval: lookMs, persistent: false }, this.#look);
  }

  readonly wake = (): void => {
    this.#look();
    this.#running?.wake();
  };

  readonly problems = (): readonly Problem[] => [
    ...(this.#problem === undefined ? [] : [this.#problem]),
    ...(this.#running?.problems() ?? []),
  ];

  readonly close = async (): Promise<void> => {
    this.#isClosed = true;
    unwatchFile(this.#home.config, this.#look);
    await this.#changing;
    await this.#running?.close();
  };

  /** What is under way to the old places ends before anything goes to the new ones. */
  readonly #look = (): void => {
    const before = this.#problem;
    const targets = this.#isClosed ? undefined : this.#newTargets();
    if (targets !== undefined) this.#changing = this.#changing.then(async () => this.#replace(targets));
    else if (this.#problem !== before) this.#changed();
  };

  async #replace(targets: readonly ExportTarget[]): Promise<void> {
    const old = this.#running;
    this.#running = undefined;
    await old?.close();
    if (!this.#isClosed) this.#start(targets);
    this.#changed();
  }

  #start(targets: readonly ExportTarget[]): void {
    try {
      this.#running = targets.length === 0 ? undefined : new Running(this.#home, targets, this.#changed, this.#pace);
    } catch (error) {
      this.#problem = this.#problemOf(error);
    }
  }

  /** Where the configuration names other places than before. One that is not understood changes nothing but the problem. */
  #newTargets(): readonly ExportTarget[] | undefined {
    const seen = stampOf(this.#home.config);
    if (seen === this.#seen) return undefined;
    this.#seen = seen;
    try {
      const targets = readExportTargets(this.#home);
      const text = JSON.stringify(targets);
      this.#problem = undefined;
      if (text === this.#targets) return undefined;
      this.#targets = text;
      return targets;
    } catch (error) {
      this.#problem = this.#problemOf(error);
      return undefined;
    }
  }

  #problemOf(error: unknown): Problem {
    const what = this.#running === undefined ? 'The log is not exported' : 'The log is sent to where it was sent before';
    return { id: 'export', message: `${what}: ${error instanceof Error ? error.message : String(error)}`, file: this.#home.config };
  }
}

/** Other than before when the file was changed or replaced. */
function stampOf(path: string): string {
  const { mtimeMs, size, ino } = statSync(path, { throwIfNoEntry: false }) ?? {};
  return `${mtimeMs} ${size} ${ino}`;
}

const realPace: Pace = {
  now: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms).unref();
    return () => clearTimeout(timer);
  },
  random: Math.random,
};

class Running implements LiveExport {
  readonly #outbox: Outbox;
  readonly #pumps: readonly Pump[];
  readonly #problems = new Map<string, Problem>();
  readonly #changed: () => void;

  constructor(home: Home, targets: readonly ExportTarget[], changed: () => void, pace: Pace) {
    this.#changed = changed;
    this.#outbox = new Outbox(join(home.root, 'outbox.db'), home.audit);
    this.#pumps = targets.map((target) => this.#pump(target, pace));
    this.wake();
  }

  readonly wake = (): void => this.#pumps.forEach((pump) => pump.wake());

  readonly problems = (): readonly Problem[] => [...this.#problems.values()];

  readonly close = async (): Promise<void> => {
    await Promise.all(this.#pumps.map(async (pump) => pump.stop()));
    this.#outbox.close();
  };

  #pump(target: ExportTarget, pace: Pace): Pump {
    const name = targetName(target);
    const outbox = this.#outbox;
    const source = {
      origin: () => ({ log: outbox.log(), host: hostname(), version: manifest.version }),
      after: outbox.after.bind(outbox),
      waiting: outbox.waiting.bind(outbox),
      progress: () => outbox.progress(name),
      confirm: (last: { readonly seq: number; readonly hash: string }, settled: number) => outbox.confirm(name, last, settled),
    };
    return new Pump(source, senderFor(target), pace, (trouble) => this.#tell(name, trouble));
  }

  #tell(name: string, trouble: Trouble | undefined): void {
    const id = `export:${name}`;
    if (trouble === undefined) this.#problems.delete(id);
    else this.#problems.set(id, { id, message: sentence(name, trouble) });
    this.#changed();
  }
}

function senderFor(target: ExportTarget): Sender {
  return target.kind === 'otlp' ? otlpSender(target.url, target.headers) : syslogSender(target);
}

function sentence(name: string, { message, waiting }: Trouble): string {
  const entries = waiting === 1 ? '1 entry waits' : `${waiting} entries wait`;
  return `The log cannot be sent to ${name}: ${message}. ${entries}; nothing is lost, and it is tried again.`;
}
