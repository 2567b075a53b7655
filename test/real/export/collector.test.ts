import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { decodeOtlp } from '../../engine/audit/export/otlp-schema.ts';
import { temporaryFolder } from '../../storage/folder.ts';
import { GrowingLog, type Receiver, survive, total } from './growing-log.ts';

test('a collector gets everything over OTLP, killed twice on the way', async () => {
  const receiver = new Collector(temporaryFolder());
  await receiver.start();
  await receiver.kill();
  const log = new GrowingLog({ otlp: { url: `http://127.0.0.1:${receiver.port}/v1/logs` } });
  await survive(log, receiver);
  expect(new Set(receiver.stored())).toEqual(new Set(log.hashes));
  expect(log.hashes).toHaveLength(total);
  expect(log.problems()).toEqual([]);
});

/** A process that stores each request before it answers. */
class Collector implements Receiver {
  readonly #output: string;
  #child: ChildProcess | undefined;
  port = 0;
  #read = 0;
  #found: string[] = [];

  constructor(folder: string) {
    this.#output = join(folder, 'received');
    onTestFinished(() => void this.#child?.kill('SIGKILL'));
  }

  readonly start = async (): Promise<void> => {
    const program = join(import.meta.dirname, 'programs', 'collector.ts');
    const child = spawn(process.execPath, [program, this.#output, String(this.port)], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child = child;
    this.port = await new Promise((resolve) => child.stdout.once('data', (text) => resolve(Number(text))));
  };

  readonly kill = async (): Promise<void> => {
    const ended = new Promise((resolve) => this.#child?.once('exit', resolve));
    this.#child?.kill('SIGKILL');
    await ended;
  };

  /** Only whole lines: the last one may have been cut off by the kill, and was not confirmed then. */
  readonly stored = (): readonly string[] => {
    const lines = existsSync(this.#output) ? readFileSync(this.#output, 'utf8').split('\n').slice(0, -1) : [];
    for (const line of lines.slice(this.#read)) this.#found.push(...hashesOf(line));
    this.#read = lines.length;
    return this.#found;
  };
}

function hashesOf(line: string): readonly string[] {
  try {
    JSON.parse(line);
  } catch {
    // Half a line that the kill left, with the next request behind it: neither counts, the first was never confirmed.
    return hashesOf(line.slice(line.lastIndexOf('{"resourceLogs"')));
  }
  return decodeOtlp(line).map(({ attributes }) => String(attributes['countersign.hash']));
}
