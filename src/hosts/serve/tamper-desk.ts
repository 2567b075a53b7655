import type { Problem } from '../../channel/messages.ts';
import type { AuditEntry, AuditRecord } from '../../engine/audit/entry.ts';
import { redactText } from '../../engine/guardrail/redact.ts';
import type { Examined, HookLevel, TamperFinding, TamperPlaces } from '../../storage/install/claude-tamper.ts';
import type { AgentTamper } from '../../storage/install/agent-tamper.ts';
import { TamperWatch } from '../../storage/install/tamper-watch.ts';

interface Options {
  readonly places: () => TamperPlaces;
  readonly others?: AgentTamper;
  /** Entries about settings, newest first. */
  readonly earlier: () => readonly AuditRecord[];
  readonly record: (reason: string, detail: NonNullable<AuditEntry['detail']>) => Promise<unknown>;
  readonly changed: () => void;
  readonly onFault: (error: unknown) => void;
}

/** Tells people and the log what stands in the way of the hooks: each thing once, until it changes. */
export class TamperDesk {
  readonly #options: Options;
  readonly #told: Set<string>;
  readonly #watch: TamperWatch;
  #examined: Examined = { level: 'none', findings: [] };

  constructor(options: Options) {
    this.#options = options;
    this.#told = stillOpen(options.earlier());
    this.#watch = new TamperWatch({
      places: options.places,
      ...(options.others && { others: options.others }),
      found: (examined) => this.#take(examined),
      onFault: options.onFault,
    });
  }

  get level(): HookLevel {
    return this.#examined.level;
  }

  /** Other people's hooks and the like are in the log, and for `doctor`: nothing to put right. */
  problems(): readonly Problem[] {
    return this.#examined.findings.filter(({ severity }) => severity !== 'notice').map(problemOf);
  }

  /** What keeps sessions of that folder from being governed, in a sentence. */
  obstacle(cwd: string): string | undefined {
    const found = this.#examined.findings.find(
      (finding) => finding.severity === 'weak' && (finding.folder === undefined || finding.folder === cwd),
    );
    return found === undefined ? undefined : placed(found);
  }

  look(): void {
    this.#watch.look();
  }

  stop(): void {
    this.#watch.stop();
  }

  #take(examined: Examined): void {
    const before = JSON.stringify(this.#examined);
    this.#examined = examined;
    const now = new Map(examined.findings.map((finding) => [keyOf(finding), finding]));
    for (const [key, finding] of now) if (!this.#told.has(key)) this.#tell(key, finding);
    for (const key of this.#told) if (!now.has(key)) this.#settled(key);
    if (JSON.stringify(examined) !== before) this.#options.changed();
  }

  #tell(key: string, finding: TamperFinding): void {
    const { severity, file = '', line = 0 } = finding;
    this.#told.add(key);
    this.#record(placed(finding), { finding: key, state: 'found', severity, file: redactText(file), line });
  }

  #settled(key: string): void {
    this.#told.delete(key);
    this.#record('What stood in the way of the hooks is gone.', { finding: key, state: 'gone' });
  }

  #record(reason: string, detail: NonNullable<AuditEntry['detail']>): void {
    this.#options.record(redactText(reason), detail).catch(this.#options.onFault);
  }
}

/** What an earlier governor told and did not see go away. */
function stillOpen(newestFirst: readonly AuditRecord[]): Set<string> {
  const open = new Set<string>();
  for (const {
    entry: { detail },
  } of newestFirst.toReversed()) {
    const key = detail?.['finding'];
    if (typeof key !== 'string') continue;
    if (detail?.['state'] === 'found') open.add(key);
    else open.delete(key);
  }
  return open;
}

/** Another line is no other finding; another sentence is. */
function keyOf({ id, message }: TamperFinding): string {
  return redactText(`${id}: ${message}`);
}

function problemOf({ id, severity, message, file, line, fix }: TamperFinding): Problem {
  const place = file === undefined ? {} : { file, ...(line === undefined ? {} : { line }) };
  return {
    id: `tamper:${id}`,
    message: fix === undefined ? message : `${message} ${fix.say}`,
    ...(severity === 'weak' ? { severity: 'bad' } : {}),
    ...place,
    ...(fix === undefined ? {} : { fix }),
  };
}

function placed({ file, line, message }: TamperFinding): string {
  return file === undefined ? message : `${file}${line === undefined ? '' : `:${line}`}: ${message}`;
}
