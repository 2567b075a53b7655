import type { Looked, TextFinding } from '../finding.ts';
import { hiddenCharacters, mostHidden } from './hidden.ts';
import { spokenIn, type Spoken } from './phrases.ts';

/** Text that wants to command a model, and text that is there but not to be seen. */
export function findInjection(text: string): Looked {
  const phrases = spokenIn(text);
  const unseen = phrases.length === 0 ? [] : hiddenMarkup(text);
  const hidden = hiddenCharacters(text);
  const findings = [
    ...hidden.map((one) => ({ detector: 'prompt-injection' as const, ...one })),
    ...phrases.map((phrase) => finding(phrase, unseen)),
  ];
  // Of a kind that is there too often, all behind the last that was found is unknown.
  const cut = hidden.filter(({ kind }, at) => hidden[at - mostHidden + 1]?.kind === kind).map(({ end }) => end);
  return { findings, until: Math.min(text.length, ...cut) };
}

/** A phrase in plain sight may be about prompt injection. One that was hidden is one. */
function finding(phrase: Spoken, unseen: readonly Unseen[]): TextFinding {
  const hidden = unseen.find(({ start, end }) => phrase.start >= start && phrase.end <= end);
  return hidden === undefined
    ? { detector: 'prompt-injection', ...phrase, confidence: 'likely' }
    : { detector: 'prompt-injection', kind: hidden.kind, start: phrase.start, end: phrase.end, confidence: 'sure' };
}

interface Unseen {
  readonly kind: 'hidden-comment' | 'hidden-style';
  readonly start: number;
  readonly end: number;
}

const opened =
  /<!--|\[\/\/\]: #|\[comment\]: #|<[a-z]{1,12}\s[^<>]{0,300}?(?:display\s?:\s?none|visibility\s?:\s?hidden|font-size\s?:\s?[01](?:px|pt|em|%)?\s?[;"']|opacity\s?:\s?0\s?[;"']|color\s?:\s?(?:white|#fff(?:fff)?|transparent)\b|\shidden[\s>]|left\s?:\s?-\d{3,5}px)[^<>]{0,300}>/gi;

/** Comments and elements that a browser does not show. */
function hiddenMarkup(text: string): readonly Unseen[] {
  const parts: Unseen[] = [];
  let end = 0;
  for (const match of text.matchAll(opened)) {
    if (match.index < end) continue;
    const start = match.index + match[0].length;
    const comment = match[0].startsWith('<!--');
    const close = comment ? '-->' : match[0].startsWith('<') ? '</' : '\n';
    const found = text.indexOf(close, start);
    end = found === -1 ? text.length : found;
    parts.push({ kind: match[0].startsWith('<') && !comment ? 'hidden-style' : 'hidden-comment', start, end });
  }
  return parts;
}
