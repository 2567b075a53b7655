import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ensurePrivateFolder, type Home } from '../home.ts';
import { readOrCreateToken } from '../token.ts';
import type { Keeper } from './keeper.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where there is no other: sealed with a key that lies in another folder, so that a backup or a commit of one is worth nothing. */
export function fileKeeper({ root }: Home, environment: Environment): Keeper {
  const key = (): Buffer => {
    const folder = keyFolder(environment);
    ensurePrivateFolder(folder);
    return Buffer.from(readOrCreateToken(join(folder, createHash('sha256').update(root).digest('hex').slice(0, 16))), 'hex');
  };
  return {
    name: 'file',
    title: 'an encrypted file',
    put: (id, value) => Promise.resolve(seal(key(), id, value)),
    get: async (id, remembered) => (remembered === '' ? undefined : unseal(key(), id, remembered)),
    remove: () => Promise.resolve(),
  };
}

function keyFolder(environment: Environment): string {
  const data = process.platform === 'win32' ? environment['LOCALAPPDATA'] : environment['XDG_DATA_HOME'];
  return join(data || join(environment['HOME'] || homedir(), '.local', 'share'), 'countersign-keys');
}

const cipher = 'aes-256-gcm';

/** The name is sealed in, so that no value can be put in another's place. */
function seal(key: Buffer, id: string, value: string): string {
  const nonce = randomBytes(12);
  const sealing = createCipheriv(cipher, key, nonce).setAAD(Buffer.from(id));
  const text = Buffer.concat([sealing.update(value, 'utf8'), sealing.final()]);
  return Buffer.concat([nonce, sealing.getAuthTag(), text]).toString('base64');
}

function unseal(key: Buffer, id: string, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64');
  const opening = createDecipheriv(cipher, key, bytes.subarray(0, 12), { authTagLength: 16 })
    .setAAD(Buffer.from(id))
    .setAuthTag(bytes.subarray(12, 28));
  try {
    return Buffer.concat([opening.update(bytes.subarray(28)), opening.final()]).toString('utf8');
  } catch (cause) {
    throw new Error(`${id} does not open: its file was changed, or its key is another by now. Set it again.`, { cause });
  }
}
