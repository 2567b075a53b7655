import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { differences, joinPrices } from './prices/join.ts';
import { readGenaiPrices } from './prices/read-genai-prices.ts';
import { readPiAi } from './prices/read-pi-ai.ts';
import { excerpt, type Excerpt } from './prices/row.ts';

// Writes src/engine/spend/prices.json from the excerpts in prices/sources and the table prices/hand.ts. `--update` first renews the
// excerpts from npm; `--check` writes nothing, and fails where the file is not up to date or two sources differ.
const sources = join(import.meta.dirname, 'prices', 'sources');
const target = join(import.meta.dirname, '..', 'src', 'engine', 'spend', 'prices.json');

if (process.argv.includes('--update')) await update();
const [current, history] = [read('pi-ai'), read('genai-prices')];
const text = `${JSON.stringify(joinPrices(current, history), undefined, 1)}\n`;
const doubts = differences(current, history);
for (const doubt of doubts) console.error(`Two sources differ; settle it in scripts/prices/hand.ts. ${doubt}`);
if (doubts.length > 0) process.exitCode = 1;
if (!process.argv.includes('--check')) writeFileSync(target, text);
else if (readFileSync(target, 'utf8') !== text) {
  console.error('src/engine/spend/prices.json is not what its sources say. Run: node scripts/prices.ts');
  process.exitCode = 1;
}

function read(name: string): Excerpt {
  return z.parse(excerpt, JSON.parse(readFileSync(join(sources, `${name}.json`), 'utf8')));
}

async function update(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-prices-'));
  try {
    save('pi-ai', readPiAi(unpack(folder, '@earendil-works/pi-ai')));
    const name = '@pydantic/genai-prices';
    save('genai-prices', await readGenaiPrices(unpack(folder, name), releasedOn(name)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Without what it depends on: only its data is wanted, and the first of them brings the clients of every vendor along. */
function unpack(folder: string, name: string): string {
  const into = mkdtempSync(join(folder, 'package-'));
  const file = npm(['pack', name, '--silent', '--pack-destination', into]).trim();
  execFileSync('tar', ['xzf', join(into, file), '-C', into]);
  return join(into, 'package');
}

function releasedOn(name: string): string {
  const [version, times] = [npm(['view', name, 'version']).trim(), JSON.parse(npm(['view', name, 'time', '--json']))];
  return z.parse(z.record(z.string(), z.string()), times)[version]?.slice(0, 10) ?? '';
}

function npm(words: readonly string[]): string {
  return execFileSync('npm', words, { encoding: 'utf8', shell: process.platform === 'win32' });
}

function save(name: string, found: Excerpt): void {
  const rows = found.rows.map((row) => `    ${JSON.stringify(row)}`).join(',\n');
  const head = JSON.stringify({ ...found, rows: [] }, undefined, 2).replace('"rows": []', `"rows": [\n${rows}\n  ]`);
  writeFileSync(join(sources, `${name}.json`), `${head}\n`);
}
