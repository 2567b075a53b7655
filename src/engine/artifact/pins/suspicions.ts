import { findIn } from '../../guardrail/detect.ts';
import type { JsonValue } from '../../json.ts';
import type { Shown, Suspicion } from './known.ts';

const most = 6;
const unseen = /[\p{DI}\p{Cf}\p{Cc}\p{Co}\p{Zl}\p{Zp}]/u;

/** What is odd about a definition that a model would read. `shown`: all that the server shows; `elsewhere`: tools of other servers. */
export function suspicionsOf(one: Shown, shown: readonly Shown[], elsewhere: ReadonlySet<string>): readonly Suspicion[] {
  const texts = textsIn(one.definition);
  const found = [...nameSuspicions(one, shown, elsewhere), ...orders(texts), ...references(one, texts, elsewhere)];
  return [...new Map(found.map((suspicion) => [suspicion.say, suspicion])).values()].slice(0, most);
}

function nameSuspicions({ kind, name }: Shown, shown: readonly Shown[], elsewhere: ReadonlySet<string>): readonly Suspicion[] {
  const twice = shown.filter((other) => other.kind === kind && other.name === name).length > 1;
  const bare = skeleton(name);
  const alike = kind === 'tool' && name !== '' ? [...elsewhere].find((other) => other !== name && skeleton(other) === bare) : undefined;
  return [
    ...(twice ? [{ risk: 'high', say: 'The server shows two of this name.' } as const] : []),
    ...(name !== name.normalize('NFC') || unseen.test(name)
      ? [{ risk: 'high', say: 'Its name has characters that are not seen as what they are.' } as const]
      : []),
    ...(alike === undefined ? [] : [{ risk: 'high', say: `Its name looks like "${alike}", a tool of another server.` } as const]),
  ];
}

/** What a description should not do. `likely`, or only addressed to a model, is what honest ones do as well. */
const grave: ReadonlySet<string> = new Set(['instruction-override', 'secrecy', 'prompt-leak', 'order-to-send', 'fake-turn']);
const unseenKinds: ReadonlySet<string> = new Set([
  'tag-characters',
  'variation-selectors',
  'zero-width',
  'bidi-control',
  'terminal-escape',
]);

function orders(texts: readonly string[]): readonly Suspicion[] {
  return texts.flatMap((text) => [
    ...findIn(text, ['prompt-injection']).findings.map(({ kind, start, confidence }): Suspicion => {
      if (unseenKinds.has(kind))
        return { risk: confidence === 'sure' ? 'high' : 'medium', say: 'It has characters that nobody sees, and that a model reads.' };
      const risk = grave.has(kind) || confidence === 'sure' ? 'high' : 'medium';
      return { risk, say: `It gives the model orders: ${excerpt(text, start)}` };
    }),
    ...wantsFiles(text),
  ]);
}

const first = /\b(?:before|prior to|when|whenever|after)\s+(?:you\s+)?(?:us(?:e|ing)|call(?:ing)?|invok(?:e|ing)|execut(?:e|ing))\b/i;
const credentials =
  /~\/\.[a-z]|\.ssh\b|\bid_(?:rsa|ed25519)\b|\.aws\b|\bmcp\.json\b|\.env\b|\bcredentials?\b|\b(?:api|access|private) ?keys?\b/i;
const fetches = /\b(?:read|cat|open|fetch|collect|include|provide|pass|send|attach)\b/i;

/** The usual form of a poisoned description: do this first, with what lies there. */
function wantsFiles(text: string): readonly Suspicion[] {
  const at = text.search(first);
  return at !== -1 && credentials.test(text) && fetches.test(text)
    ? [{ risk: 'high', say: `It wants something done around its use, with what is secret: ${excerpt(text, at)}` }]
    : [];
}

/** Names of other servers' tools have no place in a description. Short ones are words of everyday. */
function references({ kind, name }: Shown, texts: readonly string[], elsewhere: ReadonlySet<string>): readonly Suspicion[] {
  if (kind !== 'tool') return [];
  const words = new Set(texts.flatMap((text) => text.match(/[A-Za-z][\w-]{5,80}/g) ?? []));
  const named = [...words].find((word) => word !== name && /[_-]|[a-z][A-Z]/.test(word) && elsewhere.has(word));
  return named === undefined ? [] : [{ risk: 'medium', say: `It speaks of "${named}", a tool of another server.` }];
}

const homoglyphs: Readonly<Record<string, string>> = {
  а: 'a',
  е: 'e',
  о: 'o',
  р: 'p',
  с: 'c',
  у: 'y',
  х: 'x',
  і: 'i',
  ј: 'j',
  ѕ: 's',
  ԁ: 'd',
  ο: 'o',
  α: 'a',
  '0': 'o',
  '1': 'l',
  I: 'l',
};

/** Equal for names that look alike. */
function skeleton(name: string): string {
  return Array.from(name.normalize('NFKD'))
    .filter((character) => !unseen.test(character) && !/\p{M}/u.test(character))
    .map((character) => homoglyphs[character] ?? character)
    .join('')
    .toLowerCase()
    .replaceAll(/[_\-.\s]/g, '')
    .replaceAll('rn', 'm');
}

const mostTexts = 2_000;

/** All texts in it, names of members included: all of them reach a model. */
function textsIn(value: JsonValue): readonly string[] {
  const texts: string[] = [];
  const waiting: JsonValue[] = [value];
  for (let next = waiting.pop(); next !== undefined && texts.length < mostTexts; next = waiting.pop()) {
    if (typeof next === 'string') texts.push(next);
    else if (typeof next === 'object' && next !== null)
      for (const [name, member] of Object.entries(next)) {
        if (!Array.isArray(next)) texts.push(name);
        waiting.push(member);
      }
  }
  return texts;
}

function excerpt(text: string, at: number): string {
  const from = Math.max(0, at - 20);
  return `“${from > 0 ? '…' : ''}${text.slice(from, from + 160)}${text.length > from + 160 ? '…' : ''}”`;
}
