import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { AuditEntry } from '../../src/engine/audit/entry.ts';
import type { Action, RuleRef } from '../../src/engine/decision.ts';
import { AuditDatabase } from '../../src/storage/audit-log.ts';
import { emptyOld } from '../../src/storage/audit-retention.ts';
import { LogSigner } from '../../src/storage/audit-signer.ts';
import { RuleCounts } from '../../src/storage/audit-rule-counts.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { temporaryFolder } from './folder.ts';
import { entryOf } from './samples.ts';

const day = 86_400_000;
const now = 1_767_225_600_000;
let log: AuditDatabase;
let counting: RuleCounts;
let path: string;

beforeEach(() => {
  path = join(temporaryFolder(), 'audit.db');
  log = new AuditDatabase(path);
  const database = openDatabase(path, { readonly: true });
  counting = new RuleCounts(database);
  onTestFinished(() => {
    database.close();
    log.close();
  });
});

const by = (rule: string, action: Action, over: Partial<RuleRef> = {}): RuleRef => {
  const [policy = '', name = ''] = rule.split('/');
  return { policy, rule: name, layer: 'user', digest: 'sha256:0', action, mode: 'enforce', ...over };
};

async function write(...entries: readonly Partial<AuditEntry>[]): Promise<void> {
  await Promise.all(entries.map((entry) => log.append(entryOf({ time: now, ...entry }), 'written')));
}

/** Each rule with what is not nothing. */
function counted(at = now, folders?: readonly string[]): Record<string, string> {
  while (counting.advance(at));
  return Object.fromEntries(
    counting.counts(at, folders).map(({ rule, enforced, observed, exempted }) => {
      const said = (tally: object, prefix: string): readonly string[] =>
        Object.entries(tally).flatMap(([action, count]) => (count === 0 ? [] : [`${prefix}${action} ${count}`]));
      return [rule, [...said(enforced, ''), ...said(observed, 'would '), ...(exempted === 0 ? [] : [`exempted ${exempted}`])].join(', ')];
    }),
  );
}

test('a rule counts in each decision that it led to, with what it said', async () => {
  await write(
    { action: 'deny', rules: [by('team/pushes', 'deny'), by('team/other', 'deny')] },
    { action: 'deny', rules: [by('team/pushes', 'deny')] },
    { action: 'require_approval', rules: [by('team/pushes', 'require_approval')] },
    { action: 'allow' },
  );
  expect(counted()).toEqual({ 'team/pushes': 'deny 2, require_approval 1', 'team/other': 'deny 1' });
});

test('what only observes, and what an exemption kept out, is told apart', async () => {
  await write(
    { action: 'abstain', observed: [by('team/pushes', 'deny', { mode: 'observe' })] },
    { action: 'deny', mode: 'observe', rules: [by('team/pushes', 'deny')] },
    { observed: [by('team/pushes', 'deny', { exemption: { rule: 'team/pushes', reason: 'x', grantedBy: 'mine' } })] },
  );
  expect(counted()).toEqual({ 'team/pushes': 'would deny 2, exempted 1' });
});

test('only decisions count: the answer of a person repeats the rules that asked', async () => {
  await write({ kind: 'approval-asked', rules: [by('team/pushes', 'require_approval')] });
  expect(counted()).toEqual({});
});

test('what comes later is added, and what is a week old goes', async () => {
  await write(
    { time: now - 8 * day, rules: [by('team/pushes', 'deny')] },
    { time: now - 6 * day, rules: [by('team/pushes', 'deny')] },
    { rules: [by('team/pushes', 'deny')] },
  );
  expect(counted()).toEqual({ 'team/pushes': 'deny 2' });
  await write({ rules: [by('team/pushes', 'deny')] });
  expect(counted()).toEqual({ 'team/pushes': 'deny 3' });
  expect(counted(now + 2 * day)).toEqual({ 'team/pushes': 'deny 2' });
});

test('rules of one name in two folders are told apart by where their calls ran', async () => {
  await write(
    { cwd: '/home/ada/one', rules: [by('this-repository/no', 'deny')] },
    { cwd: '/home/ada/one/src', rules: [by('this-repository/no', 'deny')] },
    { cwd: '/home/ada/one-more', rules: [by('this-repository/no', 'deny')] },
  );
  expect(counted(now, ['/home/ada/one'])).toEqual({ 'this-repository/no': 'deny 2' });
  expect(counted(now, ['/home/ada/one-more', '/elsewhere'])).toEqual({ 'this-repository/no': 'deny 1' });
  expect(counted(now, ['/home/ada'])).toEqual({ 'this-repository/no': 'deny 3' });
  expect(counted(now, [])).toEqual({});
});

test('what the log has emptied counts no more', async () => {
  await write({ rules: [by('team/pushes', 'deny')] }, { rules: [by('team/pushes', 'deny')] });
  expect(counted()).toEqual({ 'team/pushes': 'deny 2' });
  const signer = new LogSigner({ path, keyFile: `${path}-key`, append: log.append, now: () => now });
  await signer.sign();
  await signer.close();
  await emptyOld({ path, append: log.append, now: () => now + 3 * day, days: 1 });
  expect(counted()).toEqual({});
});
