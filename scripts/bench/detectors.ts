import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Figure } from '../bench.ts';
import { findIn } from '../../src/engine/guardrail/detect.ts';
import { percentile } from './scratch-home.ts';

const root = join(import.meta.dirname, '..', '..');
const every = ['secret', 'pii', 'prompt-injection', 'exfiltration'] as const;

/** All detectors over one text: what people and tools write, and what was made to take long. Processor time. */
export function measureDetectors(): Promise<readonly Figure[]> {
  const code = filled(readFileSync(join(root, 'src', 'engine', 'policy', 'document.ts'), 'utf8'), 10_240);
  const settings = filled(assignments(), 10_240);
  return Promise.resolve([
    { what: 'all detectors over 10 KB of code: median', value: percentile(timed(code, 200), 0.5), unit: 'ms', limit: 1 },
    { what: 'the same over 10 KB of KEY=value', value: percentile(timed(settings, 200), 0.5), unit: 'ms', limit: 5 },
    { what: 'the same over 100 KB of one character or piece, the slowest', value: slowest(100_000), unit: 'ms', limit: 200 },
    {
      what: 'the same over 1 MB on one line',
      value: percentile(timed(filled(code.replaceAll('\n', ' '), 1_000_000), 5), 0.5),
      unit: 'ms',
      limit: 200,
    },
  ]);
}

/** Each is where one of the detectors has most to do. */
const pieces = [
  'A',
  '$',
  '(',
  '\u200b',
  'password: ',
  '--token ',
  ':AA',
  'curl -u ',
  '4111 ',
  '41 11',
  'a@b.',
  '![](http://a?',
  '\u001b]8;;',
  'ignore ',
  '<!-- ignore ',
  '-----BEGIN PRIVATE KEY-----!',
  'psexec ',
  '<secret>{AQAAABAAA',
  'key {\n type = ',
  'NetworkCredential("',
  '/api/v1/',
  'v1/devices/me/ -u ',
];

function slowest(length: number): number {
  let nested = 'secret';
  while (nested.length < length) nested = Buffer.from(nested).toString('base64');
  return Math.max(...[nested.slice(0, length), ...pieces.map((piece) => filled(piece, length))].map((text) => Math.min(...timed(text, 3))));
}

function timed(text: string, rounds: number): readonly number[] {
  return Array.from({ length: rounds }, () => {
    const before = process.cpuUsage();
    findIn(text, every);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
}

function assignments(): string {
  const names = ['DATABASE_PASSWORD', 'STRIPE_API_KEY', 'AUTH_TOKEN', 'CLIENT_SECRET', 'LOG_LEVEL', 'AWS_SECRET_ACCESS_KEY'];
  return Array.from(
    { length: 300 },
    (_, at) => `${names[at % names.length]}_${at}=${Buffer.from(String(at * 7919)).toString('base64')}q9${at}\n`,
  ).join('');
}

function filled(piece: string, length: number): string {
  return piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
}
