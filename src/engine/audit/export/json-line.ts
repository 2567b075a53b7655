import type { StoredEntry } from './origin.ts';

/**
 * One line of JSON. `entry` is byte for byte what was hashed: SHA-256 over the 32 bytes of `previous` and the text of `entry`
 * gives `hash`, so that a reader can check the chain with this file alone.
 */
export function jsonLine({ record: { seq, previous, hash }, text }: StoredEntry): string {
  return `{"seq":${seq},"previous":"${previous}","hash":"${hash}","entry":${text}}\n`;
}
