import { createHash } from 'node:crypto';

/** One text of another project's tests, and whether that project's rule recognises it. */
export interface Sample {
  /** The rule, file or folder that it belongs to. */
  readonly rule: string;
  readonly text: string;
  readonly positive: boolean;
}

export type Half = 'tuning' | 'held-out';

/** Which half a text is in, by its own digest: only the first was looked at while the detectors were written. */
export function halfOf(text: string): Half {
  return Number.parseInt(digestOf(text).slice(0, 1), 16) % 2 === 0 ? 'tuning' : 'held-out';
}

/** What a text is called in `disputed.json`: the texts themselves are none of ours. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** Each text once. What is a positive somewhere is no negative elsewhere. */
export function withoutDoubles(samples: readonly Sample[]): readonly Sample[] {
  const positive = new Set(samples.filter((one) => one.positive).map(({ text }) => text));
  const byText = new Map(samples.filter((one) => one.positive || !positive.has(one.text)).map((one) => [one.text, one]));
  return [...byText.values()];
}

/**
 * Whether a text holds what people type where a secret would stand: the alphabet or the digits in their order, one character over and
 * over, or a word that says so. A machine draws none of them, so a set of such texts says little about secrets.
 */
export function isMadeUp(text: string): boolean {
  return counts(text) || /([^\s=*/#-])\1{6}|1a2b3c|a1b2c3|qwerty|example|fake|:(?:password|pass|secret)@|(?:my|user:)pass/i.test(text);
}

/** Whether six letters or digits stand in their order somewhere. */
function counts(text: string): boolean {
  let run = 1;
  for (let at = 1; at < text.length; at += 1) {
    const [before, here] = [text.charCodeAt(at - 1), text.charCodeAt(at)];
    run = here === before + 1 && /[A-Za-z0-9]/.test(text[at] ?? '') ? run + 1 : 1;
    if (run >= 6) return true;
  }
  return false;
}
