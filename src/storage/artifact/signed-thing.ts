import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Source } from '../../engine/artifact/start.ts';

/** What a signature has to be about. */
export interface SignedThing {
  /** What an SSH signature signs. */
  readonly message: Buffer;
  /** Of a file, what a signature of the file itself signs. */
  readonly content?: Buffer;
  readonly digest: readonly ['sha256' | 'sha512', string];
}

/** The words that stand for a server where its bytes are not one file, as SSH signs them. */
export function signedText(source: Source): string | undefined {
  switch (source.kind) {
    case 'npm':
      return `npm ${source.name}@${source.version} ${source.integrity}\n`;
    case 'image':
      return source.digest === undefined ? undefined : `image ${source.digest}\n`;
    default:
      return undefined;
  }
}

/** `undefined`: there is nothing of it here. Throws where a file is no longer what was measured. */
export function signedThing(source: Source): SignedThing | undefined {
  if (source.kind === 'file') {
    const content = readFileSync(source.path);
    // It was measured a moment ago; another file is not what starts.
    if (hash('sha256', content) !== source.sha256) throw new Error(`${source.path} was changed while it was looked at.`);
    return { message: content, content, digest: ['sha256', source.sha256] };
  }
  const message = Buffer.from(signedText(source) ?? '');
  if (source.kind === 'npm')
    return { message, digest: ['sha512', Buffer.from(source.integrity.replace('sha512-', ''), 'base64').toString('hex')] };
  return source.kind === 'image' && source.digest !== undefined
    ? { message, digest: ['sha256', source.digest.replace('sha256:', '')] }
    : undefined;
}
