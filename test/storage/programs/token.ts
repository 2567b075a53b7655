// token.ts <file>: prints the token in it; the first one to ask makes it.
import { dirname } from 'node:path';
import { ensurePrivateFolder } from '../../../src/storage/home.ts';
import { readOrCreateToken } from '../../../src/storage/token.ts';

const path = process.argv[2] ?? '';
ensurePrivateFolder(dirname(path));
console.log(readOrCreateToken(path));
