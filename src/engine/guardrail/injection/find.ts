import type { Looked, TextFinding } from '../finding.ts';
import { hiddenCharacters, mostHidden } from './hidden.ts';
import { spokenIn, type Spoken } from './phrases.ts';

/** Text that wants to command a model, and text that is there but not to be seen. */
export function findInjection(text: string): Looked {
  const phrases = spokenIn(text);
  const unseen = phrases.length === 0 ? [] : hiddenMarkup(text);
  const hidden = hiddenCharacters(text);
  const findings = [...hidden.map((one) => ({ detector: 'prompt-injection' as const, ...one })), ...weighed(phrases, unseen)];
  // Of a kind that is there too often, all behind the last that was found is unknown.
  const cut = hidden.filter(({ kind }, at) => hidden[at - mostHidden + 1]?.kind === kind).map(({ end }) => end);
  return { findings, until: Math.min(text.length, ...cut) };
}

/** A phrase in plain sight may be about prompt injection. One that was hidden is one. Both lists are walked along once. */
function weighed(phrases: readonly Spoken[], unseen: readonly Unseen[]): readonly TextFinding[] {
  let next = 0;
  return phrases
    .toSorted((a, b) => a.start - b.start)
    .map((phrase) => {
      while ((unseen[next]?.end ?? Infinity) < phrase.start) next += 1;
      const around = unseen[next];
      const hidden = around !== undefined && phrase.start >= around.start && phrase.end <= around.end;
      return {
        detector: 'prompt-injection',
        ...phrase,
        ...(hidden ? { kind: around.kind, confidence: 'sure' } : { confidence: 'likely' }),
      };
    });
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
