import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { SpendAsker } from '../../../src/governor/ports.ts';
import { Spend } from '../../../src/hosts/serve/spend.ts';
import { openHome } from '../../../src/storage/home.ts';
import { temporaryFolder } from '../../storage/folder.ts';
import { Transcript } from '../../storage/spend/transcript.ts';

interface Counting {
  readonly spend: Spend;
  readonly claude: string;
  readonly root: string;
  readonly faults: unknown[];
}

/** A real thread, which sees only this folder. */
function counting(): Counting {
  const root = temporaryFolder();
  const home = openHome({ COUNTERSIGN_HOME: join(root, 'home') });
  const claude = join(root, 'claude');
  mkdirSync(join(claude, 'projects'), { recursive: true });
  vi.stubEnv('CLAUDE_CONFIG_DIR', claude);
  vi.stubEnv('CODEX_HOME', join(root, 'none'));
  const faults: unknown[] = [];
  const spend = new Spend(
    () => ({ home: home.root, claudeFolders: [] }),
    (error) => faults.push(error),
  );
  onTestFinished(async () => {
    await spend.close();
    vi.unstubAllEnvs();
  });
  return { spend, claude, root, faults };
}

function asking(transcript: Transcript): SpendAsker {
  return { agent: 'claude-code', session: transcript.session, cwd: '/work', transcript: transcript.path };
}

const time = '2026-11-28T10:00:00.000Z';
const answer = (n: number, model = 'claude-opus-5-5') => ({ id: `msg_0000000${n}`, time, model });

test('every scope that is asked for has what the records hold at that moment, subagents included', async () => {
  const { spend, claude } = counting();
  const transcript = new Transcript(claude, 's1').answer(answer(1));
  new Transcript(claude, 's2').answer(answer(2)).answer(answer(3));
  const scopes = [
    { session: 's1' },
    { agent: 'claude-code' },
    { workspace: '/nowhere' },
    { agent: 'claude-code', since: Date.parse(time) + 3_600_000 },
  ];
  const responses = async () => (await spend.sums(scopes, asking(transcript))).map((sum) => sum.responses);
  expect(await responses()).toEqual([1, 3, 0, 0]);
  transcript.answer(answer(4));
  new Transcript(claude, 's1', 'a1').answer(answer(5));
  expect(await responses()).toEqual([3, 5, 0, 0]);
});

test.each<[string, RegExp, (place: Counting, transcript: Transcript) => void]>([
  ['the record is gone', /ENOENT/, (_, { path }) => rmSync(path)],
  [
    'a price that was set cannot be understood',
    /price of m cannot be understood/,
    ({ root }) => writeFileSync(join(root, 'home', 'config.json'), '{"prices": {"m": {"input": "much"}}}'),
  ],
  ['the sums cannot be stored', /the counting ended/, ({ root }) => mkdirSync(join(root, 'home', 'spend.db'))],
])('no sum is given when %s', async (_, why, breakIt) => {
  const place = counting();
  const transcript = new Transcript(place.claude, 's1').answer(answer(1));
  breakIt(place, transcript);
  await expect(place.spend.sums([{ session: 's1' }], asking(transcript))).rejects.toThrow(why);
});

test('a thread that died is replaced', async () => {
  const { spend, claude, root, faults } = counting();
  const transcript = new Transcript(claude, 's1').answer(answer(1));
  const database = join(root, 'home', 'spend.db');
  mkdirSync(database);
  await expect(spend.sums([{ session: 's1' }], asking(transcript))).rejects.toThrow(/the counting ended/);
  rmSync(database, { recursive: true });
  await new Promise<void>((resolve) => spend.onChange(resolve));
  expect((await spend.sums([{ session: 's1' }], asking(transcript)))[0]?.responses).toBe(1);
  expect(faults).not.toEqual([]);
});

test('who watches a session is told what it costs, soon after it is written down', async () => {
  const { spend, claude } = counting();
  const transcript = new Transcript(claude, 's1').answer(answer(1));
  const told = (): Promise<void> => new Promise((resolve) => spend.onChange(resolve));
  const first = told();
  spend.heard(asking(transcript));
  await first;
  expect(spend.session('claude-code', 's1')).toMatchObject({ tokens: 30, unpricedTokens: 0 });
  const second = told();
  transcript.answer(answer(2));
  await second;
  expect(spend.session('claude-code', 's1')).toMatchObject({ tokens: 60 });
});

test('a report has everything that is there, with what it is split by', async () => {
  const { spend, claude } = counting();
  new Transcript(claude, 's1').answer(answer(1)).answer(answer(2, 'acme-9'));
  const report = await spend.report({ since: 0, until: Date.parse('2026-12-01T00:00:00Z'), by: 'model', step: 'day', timeZone: 'UTC' });
  expect(report.rows.map(({ key, sum }) => [key, sum.responses])).toEqual([
    ['claude-opus-5-5', 1],
    ['acme-9', 1],
  ]);
  expect(report.unpriced).toEqual([{ model: 'acme-9', tokens: 30 }]);
});
