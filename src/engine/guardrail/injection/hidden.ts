import type { TextFinding } from '../finding.ts';

type Hidden = Omit<TextFinding, 'detector'>;

// Each is one class repeated, found from left to right: linear.
const tags = /[\u{E0001}\u{E0020}-\u{E007F}]+/gu;
const selectors = /[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]{3,}/gu;
const zeroWidth = /[\u200B-\u200D\u2060-\u2064\uFEFF\u00AD\u180E\u3164\u115F\u1160]+/gu;
const bidi = /[\u202A-\u202E\u2066-\u2069]+/gu;
// Colours are ordinary. What hides, moves the cursor, erases, links, or sets the clipboard is not.
// eslint-disable-next-line no-control-regex
const escapes = /(?:\u001b\[|\u009b)(?:[\d;]{0,12}\b8m|\d{0,4}[A-HJKSTfhl])|(?:\u001b\]|\u009d)(?:8|52|0|2);|\u001b[PX^_]/gu;

/** No text but a hostile one has more of a kind. */
export const mostHidden = 5_000;

/** Characters that a person does not see, and that a model reads: of each kind the first, up to `mostHidden`. */
export function hiddenCharacters(text: string): readonly Hidden[] {
  // eslint-disable-next-line no-control-regex
  if (/^[\t\n\r\u0020-\u007e]*$/.test(text)) return [];
  return [
    // Flags of regions (England …) are a black flag with tags behind it.
    ...matches(text, tags, 'tag-characters', (run, at) =>
      text.slice(at - 2, at) === '\u{1F3F4}' && run.length <= 14 ? undefined : 'sure',
    ),
    ...matches(text, selectors, 'variation-selectors', () => 'sure'),
    ...matches(text, zeroWidth, 'zero-width', (run, at) => zeroWidthIn(text, run, at)),
    ...matches(text, bidi, 'bidi-control', (run) => (/[\u202D\u202E]/.test(run) ? 'sure' : 'likely')),
    ...matches(text, escapes, 'terminal-escape', (run) => (/\]52;|8m$/.test(run) ? 'sure' : 'likely')),
  ];
}

function matches(
  text: string,
  form: RegExp,
  kind: string,
  weigh: (run: string, at: number) => TextFinding['confidence'] | undefined,
): readonly Hidden[] {
  const found: Hidden[] = [];
  for (const match of text.matchAll(form)) {
    const confidence = weigh(match[0], match.index);
    if (confidence !== undefined) found.push({ kind, start: match.index, end: match.index + match[0].length, confidence });
    if (found.length === mostHidden) break;
  }
  return found;
}

/** Joiners belong to emoji and to some scripts, a mark to the beginning of a file. Between Latin letters, or many, they do not. */
function zeroWidthIn(text: string, run: string, at: number): TextFinding['confidence'] | undefined {
  if (at === 0 && run === '\uFEFF') return undefined;
  if (run.length >= 4) return 'sure';
  const latin = /[A-Za-z0-9]/;
  return latin.test(text[at - 1] ?? '') && latin.test(text[at + run.length] ?? '') && run !== '\u00AD' ? 'likely' : undefined;
}
