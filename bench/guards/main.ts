import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Part } from '../../test/corpus/case.ts';
import { askAll, type Answers } from './ask.ts';
import { prepareGuard, readGuards } from './guard.ts';
import { heading, row, themeRows } from './table.ts';
import { World } from './world.ts';

const { values } = parseArgs({
  options: {
    guards: { type: 'string', default: join(import.meta.dirname, 'guards.json') },
    only: { type: 'string' },
    part: { type: 'string', multiple: true },
    every: { type: 'string', default: '1' },
    themes: { type: 'boolean', default: false },
  },
});

const parts = (['development', 'held-out'] as const).filter((part) => values.part?.includes(part) ?? true);
// An interrupted run must not leave its home directories behind.
process.once('SIGINT', () => process.exit(130));
const scratch = mkdtempSync(join(tmpdir(), 'countersign-guards-'));
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
const world = new World();
process.once('exit', () => world.remove());
const described = readGuards(values.guards).filter(({ name }) => values.only === undefined || name.includes(values.only));
const prepared = described.map((one) => prepareGuard(one, scratch));
for (const part of parts) await compare(part);
for (const one of prepared) if ('why' in one) console.log(`\nNot measured: ${one.name}: ${one.why}`);

async function compare(part: Part): Promise<void> {
  const questions = world.questions(part).filter((_, index) => index % Number(values.every) === 0);
  console.log(`\n${part} part, ${questions.length} calls, share stopped (denied, or put before a person)\n\n${heading('guard')}`);
  const measured: (readonly [string, Answers])[] = [];
  for (const guard of prepared) {
    if ('why' in guard) continue;
    const answers = await askAll(guard, questions, world.home);
    console.log(row(guard.name, questions, answers));
    measured.push([guard.name, answers]);
  }
  if (!values.themes) return;
  console.log(
    `\n| theme | ${measured.map(([name]) => `${name}: dangerous | harmless`).join(' | ')} |\n|${'---|'.repeat(1 + 2 * measured.length)}`,
  );
  for (const line of themeRows(
    questions,
    measured.map(([, answers]) => answers),
  ))
    console.log(line);
}
