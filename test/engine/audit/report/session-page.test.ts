import { expect, test } from 'vitest';
import { recordOf } from '../../../../src/engine/audit/chain.ts';
import type { AuditEntry } from '../../../../src/engine/audit/entry.ts';
import { Session } from '../../../../src/engine/audit/report/session.ts';
import { sessionPage } from '../../../../src/engine/audit/report/session-page.ts';
import { durationText } from '../../../../src/engine/audit/report/words.ts';
import { entryOf } from '../../../storage/samples.ts';

function pageOf(...entries: readonly Partial<AuditEntry>[]): string {
  const session = new Session();
  entries.forEach((entry, i) => session.add(recordOf('00', i + 1, entryOf(entry))));
  return sessionPage(session, {
    origin: { host: 'laptop', user: 'ada', version: '1.2.3', log: 'ab'.repeat(32), writtenAt: 0 },
    session: 's1',
    verification: { ok: true, count: 1, head: 'cd'.repeat(32), checkpoints: 0, signed: { size: 0, root: '' }, keys: [], pruned: {} },
  });
}

/** The cells of an entry's row behind its number and time, as text. */
function lanesOf(page: string, seq: number): readonly string[] {
  const row = new RegExp(`<tr id="entry-${seq}".*?</tr>`, 's').exec(page)?.[0] ?? '';
  return [...row.matchAll(/<td class="lane">(.*?)<\/td>/gs)].map(([, cell]) =>
    (cell ?? '')
      .replaceAll(/<[^>]+>/g, '')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  );
}

const outcome = (over: Partial<AuditEntry> = {}): Partial<AuditEntry> => ({
  kind: 'outcome',
  detail: { status: 'ran', durationMs: 120 },
  ...over,
});

test.each<[string, Partial<AuditEntry>, RegExp]>([
  ['an allowed call', {}, /^allowed Bash ls -la/],
  ['a denied call', { action: 'deny', reason: 'No.' }, /^denied Bash ls -la No\.$/],
  ['a call that nothing was said about', { action: 'abstain' }, /^left to the agent Bash/],
  ['a question', { kind: 'approval-asked' }, /^asked Bash ls -la/],
  [
    'an answer',
    { kind: 'approval-answered', approver: { user: 'ada', surface: 'inbox', waitedMs: 5000, reason: '' }, detail: { outcome: 'denied' } },
    /^denied by ada \(inbox\) after 5 s: Bash/,
  ],
  ['a prompt', { kind: 'prompt', detail: { length: 1234, digest: 'ef'.repeat(32) } }, /^Prompt 1,234 characters sha256:efefefefefefefef…$/],
  ['an incident', { kind: 'incident', reason: 'It ran.' }, /^incident It ran\.$/],
  [
    'its end',
    { kind: 'session-killed', reason: 'It loops', approver: { user: 'ada', surface: '', waitedMs: 0, reason: '' } },
    /^Session ended by a person It loops by ada$/,
  ],
  ['a result without a decision', outcome(), /ran, 120 ms \(its decision is not in this log\)/],
])('%s is told', (_, entry, told) => {
  expect(lanesOf(pageOf(entry), 1)[0]).toMatch(told);
});

test('what became of a call stands with the call', () => {
  const page = pageOf({}, {}, outcome(), outcome({ callId: 'other' }));
  expect(lanesOf(page, 2)[0]).toMatch(/ran, 120 ms$/);
  expect(page).not.toContain('id="entry-3"');
  expect(page).toContain('id="entry-4"');
});

test('subagents have lanes of their own', () => {
  const page = pageOf({ callId: '1' }, { callId: '2', subagent: 'sub-1' }, { callId: '3', subagent: 'sub-2' });
  expect([1, 2, 3].map((seq) => lanesOf(page, seq).findIndex((text) => text !== ''))).toEqual([0, 1, 2]);
});

test('the last of many subagents share a lane', () => {
  const page = pageOf(...Array.from({ length: 20 }, (_, i) => ({ callId: `${i}`, subagent: `sub-${i}` })));
  expect(lanesOf(page, 20)).toHaveLength(7);
  expect(lanesOf(page, 20)[6]).toMatch(/^allowed/);
});

test('a session that is too long for a browser shows its beginning and says so', () => {
  const page = pageOf(...Array.from({ length: 5100 }, (_, i) => ({ callId: `${i}` })));
  expect(page).toContain('The first 5,000 moments; 100 more');
});

test('what an agent wrote cannot become a part of the page', () => {
  const evil = '</td><script>alert(1)</script>';
  expect(
    pageOf(
      { subagent: evil, reason: evil, arguments: { command: evil }, cwd: evil },
      outcome({ detail: { status: 'failed', error: evil } }),
    ),
  ).not.toContain('<script');
});

test.each([
  [850, '850 ms'],
  [12_400, '12 s'],
  [245_000, '4 min 5 s'],
  [7_830_000, '2 h 10 min'],
])('%i ms are %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});
