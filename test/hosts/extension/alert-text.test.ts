import { expect, test } from 'vitest';
import type { AuditRecord } from '../../../src/engine/audit/entry.ts';
import { alertKey, alertsIn, alertText } from '../../../src/hosts/extension/alert-text.ts';

const found = (kind: string, action = 'alert', rule = 'mine/injected'): Readonly<Record<string, string>> => ({
  kind,
  action,
  rule,
  hash: 'h',
  place: '$.a',
});

function record(findings: readonly Readonly<Record<string, string>>[], cwd = '/home/ada/project'): AuditRecord {
  const entry = { kind: 'outcome', time: 5, session: 'abcdefgh-1', agent: 'claude-code', cwd, detail: { findings } } as const;
  return { version: 1, seq: 7, entry, previous: '', hash: '' };
}

const here = { folders: ['/home/ada/project'], focused: false };

test('what is only to be told about is an alert; what is done something about is told elsewhere', () => {
  const alerts = alertsIn([record([found('prompt-injection/secrecy'), found('secret/github-token', 'redact')])], here);
  expect(alerts).toEqual([
    { seq: 7, time: 5, session: 'abcdefgh-1', agent: 'claude-code', rule: 'mine/injected', kind: 'prompt-injection/secrecy' },
  ]);
});

test.each<[string, string, boolean, number]>([
  ['a folder of this window', '/home/ada/project/deep', false, 1],
  ['another folder, while this window is behind others', '/home/ada/other', false, 0],
  ['another folder, while this window is in front', '/home/ada/other', true, 1],
  ['a folder that only begins alike', '/home/ada/project-2', false, 0],
])('an alert is told where somebody may care: %s', (_, cwd, focused, count) => {
  expect(alertsIn([record([found('prompt-injection/secrecy')], cwd)], { ...here, focused })).toHaveLength(count);
});

test('entries that tell of no findings, or of such that cannot be read, are none', () => {
  expect(alertsIn([record([{ kind: 'x' }]), { ...record([]), entry: { kind: 'prompt', time: 1 } }], { ...here, focused: true })).toEqual(
    [],
  );
});

test('the same kind by the same guardrail is one thing in a session', () => {
  const keys = alertsIn([record([found('a/b'), found('a/b'), found('a/c'), found('a/b', 'alert', 'other/x')])], here).map(alertKey);
  expect(new Set(keys).size).toBe(3);
});

test('a notice names guardrail and kind, and nothing that somebody else may have written becomes a link', () => {
  const alerts = alertsIn([record([found('prompt-injection/secrecy'), found('regex/[x](command:y)', 'alert', '[a](https://b)/c')])], here);
  expect(alertText(alerts)).toBe(
    'Guardrails mine, ahttps found something in a session of claude-code: prompt-injection secrecy, regex xcommandy. It was only recorded. [abcdefgh]',
  );
});
