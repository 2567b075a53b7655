import { expect, test } from 'vitest';
import { readCheckpoint, signCheckpoint } from '../../../src/engine/audit/checkpoint.ts';
import { keyAfter, signKeyChange } from '../../../src/engine/audit/key-change.ts';
import {
  isSignedBy,
  readNote,
  readNotes,
  readSigningKey,
  readVerifierKey,
  secretText,
  signingKeyOf,
  signNote,
} from '../../../src/engine/audit/note.ts';
import { leafHash } from '../../../src/engine/audit/tree.ts';

/** The example of Go's package `note`, which defined the format. */
const secret = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
const open = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const signed = `${text}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;

const ada = signingKeyOf('log', Buffer.alloc(32, 1));
const bob = signingKeyOf('log', Buffer.alloc(32, 2));

test('signs as the reference does', () => {
  expect(signNote(text, [readSigningKey(secret)])).toBe(signed);
  expect(readSigningKey(secret).verifier.text).toBe(open);
  expect(readVerifierKey(open)).toMatchObject({ name: 'PeterNeumann', id: 'c74f20a3', text: open });
});

test('a key that is written down and read again is the same', () => {
  expect(readSigningKey(secretText(ada, Buffer.alloc(32, 1))).verifier.text).toBe(ada.verifier.text);
});

test.each<[string, string, boolean]>([
  ['as it was signed', signed, true],
  ['another text', signed.replace('answer', 'Answer'), false],
  ['the signature of another key', signNote(text, [signingKeyOf('PeterNeumann', Buffer.alloc(32, 1))]), false],
  ['the signature under another name', signed.replace('— PeterNeumann', '— Peter'), false],
  ['a second signature of the key that does not hold', `${signed}${signed.slice(signed.indexOf('—')).replace('ZJku', 'ZJkv')}`, false],
])('a note: %s', (_, note, holds) => {
  expect(isSignedBy(readNote(note), readVerifierKey(open))).toBe(holds);
});

test.each<[string, () => unknown, RegExp]>([
  ['a text without signatures', () => readNote(text), /no signed note/],
  ['a signature line that is none', () => readNote(`${text}\n- x y\n`), /signature line/],
  ['a key with the id of another', () => readVerifierKey(open.replace('c74f20a3', 'c74f20a4')), /id of the key/],
  ['a key that is none', () => readVerifierKey('PeterNeumann'), /no public key/],
  ['a key that signs in another way', () => readVerifierKey(open.replace('+ARpc', '+Bhpc')), /does not know \(6\)/],
  ['a key that is too short', () => readVerifierKey('n+00000000+AQAA'), /wrong length/],
  ['a public key in place of a private one', () => readSigningKey(open), /no private key/],
  ['a note that is no checkpoint', () => readCheckpoint(signed), /no checkpoint/],
])('%s is refused', (_, read, why) => {
  expect(read).toThrow(why);
});

test('a checkpoint says which log, how long and which root, and reads back', () => {
  const checkpoint = signCheckpoint(7, leafHash('x'), ada);
  expect(checkpoint.note.note).toMatch(/^log\n7\n[A-Za-z0-9+/]{43}=\n\n— log [A-Za-z0-9+/]+=*\n$/);
  expect(readCheckpoint(checkpoint.note.note)).toEqual(checkpoint);
  expect(checkpoint).toMatchObject({ origin: 'log', size: 7, root: leafHash('x').toString('base64') });
});

test('several notes in one file, with and without lines between them', () => {
  const notes = [1, 2, 3].map((size) => signCheckpoint(size, leafHash('x'), ada).note.note);
  expect(readNotes(`${notes[0]}${notes[1]}\n\n${notes[2]?.trimEnd()}`).map(({ note }) => note)).toEqual(notes);
  expect(readNotes(notes.join('').replaceAll('\n', '\r\n')).map(({ note }) => note)).toEqual(notes);
  expect(readNotes('nothing')).toEqual([]);
});

test('a key hands over to the next only with the signatures of both', () => {
  const change = signKeyChange(ada, bob);
  expect(keyAfter(change, ada.verifier)?.text).toBe(bob.verifier.text);
  expect(keyAfter(change, bob.verifier)).toBeUndefined();
  const statement = readNote(change).text;
  expect(keyAfter(signNote(statement, [ada]), ada.verifier)).toBeUndefined();
  expect(keyAfter(signNote(statement, [bob]), ada.verifier)).toBeUndefined();
  expect(keyAfter(signNote(`${statement}more\n`, [ada, bob]), ada.verifier)).toBeUndefined();
});
