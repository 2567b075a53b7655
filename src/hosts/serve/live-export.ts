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

/** Sends nothing anywhere unless that is configured. Never throws: what does not work here is shown, and stops no call. */
export function startLiveExport(home: Home, changed: () => void, pace: Pace = realPace): LiveExport {
  try {
    const targets = readExportTargets(home);
    return targets.length === 0 ? nothing : new Running(home, targets, changed, pace);
  } catch (error) {
    const message = `The log is not exported: ${error instanceof Error ? error.message : String(error)}`;
    return { ...nothing, problems: () => [{ id: 'export', message, file: home.config }] };
  }
}

const nothing: LiveExport = { wake: () => undefined, problems: () => [], close: async () => undefined };

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
