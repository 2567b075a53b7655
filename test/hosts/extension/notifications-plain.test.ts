import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withoutLinks } from '../../../src/hosts/extension/complaints.ts';

const source = join(import.meta.dirname, '..', '..', '..', 'src', 'hosts', 'extension');

/** What makes a text safe to show, or makes one that nobody else has written a part of. */
const plain = /^(withoutLinks|couldNot|answerFailed|nothingWaits|noFolder|notificationText|newsText|summaryText)\(/;
/** Numbers, names that we gave, and texts of ours. */
const ours = new Set(['count', 'seq', 'session.agent', 'caution', 'id']);
/** Made of plain names and nothing else. */
const texts = new Set(['text']);

test('what a notification says goes through what takes links out, unless it is our own text', () => {
  const found = globSync('**/*.ts', { cwd: source }).flatMap((file) => callsIn(file));
  expect(found.length).toBeGreaterThan(30);
  expect(found.filter(({ message }) => !isPlain(message))).toEqual([]);
});

test.each([
  ['[press here](https://evil.example/x)', '[press here] (https://evil.example/x)'],
  ['[x](command:workbench.action.quit)', '[x] (command:workbench.action.quit)'],
  ['a\u202Eb', 'a‹U+202E›b'],
  ['Nothing to change.', 'Nothing to change.'],
])('%j is shown as %j', (text, shown) => {
  expect(withoutLinks(text)).toBe(shown);
});

function callsIn(file: string): readonly { readonly file: string; readonly message: string }[] {
  const text = readFileSync(join(source, file), 'utf8');
  const calls = [...text.matchAll(/\bshow(?:Information|Warning|Error)Message\(\s*/g)];
  return calls.map((call) => ({ file, message: firstArgument(text.slice(call.index + call[0].length)) }));
}

/** As far as the comma or bracket that ends it; those inside of brackets and texts do not. */
function firstArgument(text: string): string {
  let depth = 0;
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (/['"`]/.test(character)) quote = character;
    else if (/[([{]/.test(character)) depth += 1;
    else if (depth === 0 && /[,)]/.test(character)) return text.slice(0, at);
    else if (/[)\]}]/.test(character)) depth -= 1;
  }
  return text;
}

function isPlain(message: string): boolean {
  if (/^'[^']*'$/.test(message) || plain.test(message) || texts.has(message)) return true;
  const parts = [...message.matchAll(/\$\{([^}]*)\}/g)].map(([, part]) => part ?? '');
  return message.startsWith('`') && parts.every((part) => plain.test(part) || ours.has(part));
}
