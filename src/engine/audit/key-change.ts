import { isSignedBy, readNote, readVerifierKey, signNote, type Note, type SigningKey, type VerifierKey } from './note.ts';

/** The statement by which one key hands over to the next, signed by both. */
export function signKeyChange(from: SigningKey, to: SigningKey): string {
  return signNote(`countersign key change\n${from.verifier.text}\n${to.verifier.text}\n`, [from, to]);
}

/** The key that takes over; `undefined` where the note does not hand over from `from`, or one of both has not signed it. */
export function keyAfter(note: string, from: VerifierKey): VerifierKey | undefined {
  const change = readNote(note);
  const [title, old, next, rest] = change.text.split('\n');
  if (title !== 'countersign key change' || old !== from.text || next === undefined || rest !== '') return undefined;
  const to = readVerifierKey(next);
  return signedByBoth(change, from, to) ? to : undefined;
}

function signedByBoth(change: Note, from: VerifierKey, to: VerifierKey): boolean {
  return isSignedBy(change, from) && isSignedBy(change, to);
}
