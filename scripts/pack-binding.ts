import { createHash } from 'node:crypto';
import { brotliCompressSync, constants } from 'node:zlib';

/**
 * The compiled SQLite as a package carries it: a sixth smaller than a ZIP would make it, under a name that says what must come out.
 * `storage/native-binding.ts` unpacks it. `platform` is as in better-sqlite3: `linuxmusl-x64`.
 */
export function packBinding(platform: string, binding: Buffer): { readonly name: string; readonly bytes: Buffer } {
  const digest = createHash('sha256').update(binding).digest('hex');
  return { name: `${platform}.${digest}.node.br`, bytes: packed(binding) };
}

export function packed(binding: Buffer): Buffer {
  return brotliCompressSync(binding, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: binding.length,
    },
  });
}
