// token.ts <time> <file>…: at that time (ms since the epoch), prints the token in each file; the first one to ask makes it.
import { dirname } from 'node:path';
import { ensurePrivateFolder } from '../../../src/storage/home.ts';
import { readOrCreateToken } from '../../../src/storage/token.ts';

const [time = '0', ...paths] = process.argv.slice(2);
while (Date.now() < Number(time));
const tokens = paths.map((path) => {
  ensurePrivateFolder(dirname(path));
  return readOrCreateToken(path);
});
console.log(tokens.join(' '));
