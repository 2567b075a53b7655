import type { KnownValues } from '../../engine/guardrail/known-values.ts';

/** A line of a server's without the secrets that it was given; all other bytes are as they came. */
export function withoutKnown(line: Buffer, known: KnownValues): Buffer {
  const text = line.toString('utf8');
  const without = /^\s*[[{]/.test(text) ? known.inJson(text) : known.inText(text);
  return without === text ? line : Buffer.from(without);
}
