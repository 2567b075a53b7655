import { expect, test } from 'vitest';
import { recordOf } from '../../../../src/engine/audit/chain.ts';
import type { AuditEntry } from '../../../../src/engine/audit/entry.ts';
import { controls } from '../../../../src/engine/audit/report/controls.ts';
import { Evidence } from '../../../../src/engine/audit/report/evidence.ts';
import { evidencePack, type PackFacts } from '../../../../src/engine/audit/report/evidence-pack.ts';
import { entryOf } from '../../../storage/samples.ts';

const day = 86_400_000;
const facts: PackFacts = {
  origin: { host: 'laptop', user: 'ada', version: '1.2.3', log: 'ab'.repeat(32), writtenAt: day * 20_520 },
  since: day * 20_500,
  until: day * 20_510,
  verification: {
    ok: true,
    count: 9,
    head: 'cd'.repeat(32),
    checkpoints: 2,
    signed: { size: 7, root: 'the root' },
    keys: ['k1', 'k2'],
    pruned: { 6: 3 },
  },
  policyText: (digest) => (digest === 'sha256:aa' ? 'kind: ToolPolicy # <b>' : undefined),
};

const rule = { policy: 'p', rule: 'never', layer: 'user', digest: 'sha256:aa', action: 'deny', mode: 'enforce' } as const;
const policy = (digest: string, path = '/p.yaml'): Partial<AuditEntry> => ({ kind: 'policy', detail: { digest, path, layer: 'user' } });
const question: Partial<AuditEntry> = {
  kind: 'approval-asked',
  approvalId: 'a1',
  action: 'require_approval',
  arguments: { command: 'deploy it' },
};
const answer: Partial<AuditEntry> = {
  kind: 'approval-answered',
  approvalId: 'a1',
  arguments: {},
  reason: 'For the release',
  approver: { user: 'ada', surface: 'inbox', waitedMs: 72_000, reason: 'For the release' },
  detail: { outcome: 'approved' },
};

function evidenceOf(...entries: readonly Partial<AuditEntry>[]): Evidence {
  const evidence = new Evidence();
  entries.forEach((entry, i) => evidence.add(recordOf('00', i + 1, entryOf(entry))));
  return evidence;
}

const packOf = (...entries: readonly Partial<AuditEntry>[]): string => evidencePack(evidenceOf(...entries), facts);

test.each<[string, Partial<AuditEntry>, string]>([
  ['a denial', { action: 'deny', rules: [rule] }, 'denials'],
  ['a start of an MCP server', { tool: 'mcp:start', action: 'allow' }, 'starts'],
  ['an incident', { kind: 'incident', reason: 'It ran.' }, 'incidents'],
  ['a session that was ended', { kind: 'session-killed' }, 'kills'],
  ['an answer of a person', answer, 'approvals'],
  ['a change of configuration', { kind: 'config-change', detail: { file: '/s.json' } }, 'configuration'],
  ['an exemption', { observed: [{ ...rule, exemption: { rule: 'p/never', reason: 'migration', grantedBy: 'o' } }] }, 'exemptions'],
])('%s is listed once, by its number', (_, entry, section) => {
  expect(packOf({}, entry).split(`id="${section}-2"`)).toHaveLength(2);
});

test('what only observes was not denied', () => {
  expect(packOf({ action: 'deny', mode: 'observe' })).not.toContain('id="denials-1"');
  expect(evidenceOf({ action: 'deny', mode: 'observe' }).actions.rows()).toEqual([['deny (observed only)', 1]]);
});

test('an approval says who answered, where, after how long, why, and what exactly they were asked', () => {
  const { arguments: _, ...rest } = answer;
  const row = /<tr id="approvals-2">.*?<\/tr>/s.exec(packOf(question, rest))?.[0] ?? '';
  for (const text of ['approved', 'ada', '(inbox)', '1 min 12 s', 'For the release', 'deploy it']) expect(row).toContain(text);
});

test('a start says what was to run, and the scans that it was decided on', () => {
  const scans = [
    { name: 'osv', at: '2026-05-31T00:00:00Z', found: 2, max: 'low' },
    { name: 'audit', at: '', unavailable: 'no network' },
  ];
  const source = { kind: 'npm', name: '@scope/files', version: '1.2.3' };
  const start: Partial<AuditEntry> = { tool: 'mcp:start', mcpServer: 'files', action: 'deny', arguments: { command: ['npx'], source } };
  const rowOf = (more: Partial<AuditEntry>): string => /<tr id="starts-1">.*?<\/tr>/s.exec(packOf({ ...start, ...more }))?.[0] ?? '';
  for (const text of ['files', 'denied', '@scope/files, version 1.2.3', 'osv: 2 found, the worst low, 2026-05-31', 'audit: not available'])
    expect(rowOf({ detail: { scans } })).toContain(text);
  expect(rowOf({ detail: { scans: [] } })).toContain('none kept');
  expect(rowOf({ detail: { sbom: { components: 107, sha256: 'ab12' } } })).toMatch(/no policy asked.*SBOM of 107 components, sha256 ab12/s);
  expect(rowOf({ arguments: { command: ['npx', 'x'] } })).toMatch(/npx.*no policy asked/s);
});

test('every version of a policy is there, with its text and the decisions that rest on it', () => {
  const pack = packOf(policy('sha256:aa'), policy('sha256:bb'), { action: 'deny', rules: [rule] });
  expect(pack).toContain('kind: ToolPolicy # &lt;b&gt;');
  expect(pack).toContain('The text was not kept.');
  const evidence = evidenceOf(policy('sha256:aa'), policy('sha256:bb'), { action: 'deny', rules: [rule] });
  expect(evidence.policies.all().map(({ digest, decisions }) => [digest, decisions])).toEqual([
    ['sha256:aa', 1],
    ['sha256:bb', 0],
  ]);
});

test('of the versions before the period only the last one of each file was in force in it', () => {
  const evidence = new Evidence();
  for (const [i, entry] of [policy('sha256:old'), policy('sha256:aa'), policy('sha256:cc', '/q.yaml')].entries())
    evidence.policies.loadedBefore(recordOf('00', i + 1, entryOf(entry)));
  evidence.add(recordOf('00', 4, entryOf(policy('sha256:aa'))));
  evidence.add(recordOf('00', 5, entryOf(policy('sha256:bb'))));
  expect(evidence.policies.all().map(({ digest, beforePeriod }) => [digest, beforePeriod])).toEqual([
    ['sha256:aa', true],
    ['sha256:cc', true],
    ['sha256:bb', false],
  ]);
});

test('the frameworks that ask are there, each with its count and a link that leads somewhere', () => {
  const pack = packOf({ action: 'deny' }, answer, { kind: 'incident' });
  for (const name of ['SOC 2', 'ISO/IEC 27001:2022', 'HIPAA', 'GDPR', 'EU AI Act', 'NIST AI RMF 1.0'])
    expect(pack).toContain(`<td>${name}</td>`);
  const targets = [...pack.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
  expect(targets.length).toBeGreaterThan(controls.length);
  expect(targets.filter((id) => !pack.includes(`id="${id}"`))).toEqual([]);
});

test('it claims nothing', () => {
  expect(packOf({})).not.toMatch(/complian|conform|certif|fulfil/i);
});

test('what an agent wrote cannot become a part of the page', () => {
  const evil = '</td><script>alert(1)</script><img src=x onerror=alert(1)>';
  const pack = packOf(
    { action: 'deny', reason: evil, arguments: { command: evil }, session: evil, agent: evil, nativeTool: evil, subagent: evil },
    { kind: 'incident', reason: evil },
    { ...answer, reason: evil, approver: { user: evil, surface: evil, waitedMs: 1, reason: evil } },
    policy(evil, evil),
  );
  expect(pack).not.toMatch(/<script|<img/);
});

test('it loads nothing and runs nothing', () => {
  const pack = packOf({});
  expect(pack).toContain('default-src &#39;none&#39;');
  expect(pack).not.toMatch(/<(script|link|iframe|img|object)|\sstyle="|\son\w+="|url\(|https?:/);
});

test('a log that does not hold is said to, with the entry', () => {
  const pack = evidencePack(evidenceOf({}), { ...facts, verification: { ok: false, seq: 7, why: 'record 7 was changed' } });
  expect(pack).toContain('From entry 7 on it does not');
  expect(pack).not.toContain('It holds');
});

test('a log that holds is said to, with what was signed and what was removed', () => {
  const pack = packOf({});
  for (const text of ['It holds', 'the last one of size 7', 'k1, then k2', '3 entries, removed under the rule in entry 6'])
    expect(pack).toContain(text);
});

test('of the checkpoints of a period each day’s last one is there', () => {
  const checkpoint = (time: number, size: number): Partial<AuditEntry> => ({
    kind: 'checkpoint',
    time,
    detail: { size, root: `root${size}`, key: 'k1' },
  });
  const pack = packOf(checkpoint(1, 1234), checkpoint(2, 5678), checkpoint(day, 6000));
  expect(pack).toContain('signed 3 times in this period');
  for (const text of ['5,678', 'root5678', 'root6000']) expect(pack).toContain(text);
  expect(pack).not.toContain('root1234');
  expect(packOf({})).toContain('was not signed in this period');
});

test('what went wrong with the log itself stands where it says whether it holds', () => {
  const pack = packOf(
    { kind: 'incident', reason: 'It was cut off.', detail: { event: 'log-lost-entries' } },
    { kind: 'incident', reason: 'It ran.' },
  );
  expect(pack).toContain('id="faults-1"');
  expect(pack).not.toContain('id="faults-2"');
});

test('a list that is too long for a file shows its beginning and says so', () => {
  const evidence = new Evidence();
  for (let i = 1; i <= 1500; i += 1) evidence.add(recordOf('00', i, entryOf({ action: 'deny' })));
  const pack = evidencePack(evidence, facts);
  expect(pack).toContain('The first 1,000 of 1,500');
  expect(pack.split('id="denials-').length - 1).toBe(1000);
});
