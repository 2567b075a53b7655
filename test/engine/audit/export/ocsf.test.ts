import { expect, test } from 'vitest';
import type { AuditEntry } from '../../../../src/engine/audit/entry.ts';
import { ocsfLine } from '../../../../src/engine/audit/export/ocsf.ts';
import { origin, stored } from './stored.ts';

const event = (over: Partial<AuditEntry>, seq = 1, previous?: string) => JSON.parse(ocsfLine(origin, stored(over, seq, previous)));

const edit = { tool: 'edit', nativeTool: 'Edit', arguments: { file_path: '/p/a.ts' } };
const page = { tool: 'fetch', nativeTool: 'WebFetch', arguments: { url: 'https://example.com/x' } };

test.each<[string, Partial<AuditEntry>, number, string, object]>([
  ['a command', {}, 100_701, 'process', { process: { cmd_line: 'ls -la', uid: 'toolu_1' } }],
  ['a new file', { ...edit, tool: 'write' }, 100_101, 'file', { file: { name: 'a.ts', path: '/p/a.ts', type_id: 0 } }],
  ['a file that is read', { ...edit, tool: 'read' }, 100_102, 'file', { file: { path: '/p/a.ts' } }],
  ['an edit', edit, 100_103, 'file', { file: { path: '/p/a.ts' } }],
  [
    'a page',
    page,
    400_203,
    'http_request',
    { http_request: { url: { hostname: 'example.com' } }, dst_endpoint: { hostname: 'example.com' } },
  ],
  [
    'a search',
    { ...page, tool: 'web_search', arguments: { query: 'q' } },
    400_203,
    'http_request',
    { src_endpoint: { hostname: 'laptop' } },
  ],
  [
    'an MCP tool, whatever its name',
    { tool: 'read', nativeTool: 'mcp__s__read', mcpServer: 's' },
    600_399,
    'api',
    { api: { operation: 'mcp__s__read', service: { name: 's' } } },
  ],
  ['any other tool', { tool: 'skill', nativeTool: 'Skill' }, 600_399, 'api', { api: { operation: 'Skill' } }],
  [
    'a question to a person',
    { kind: 'approval-asked', action: 'require_approval' },
    600_399,
    'api',
    { api: { operation: 'approval-asked' } },
  ],
  [
    'an incident',
    { kind: 'incident', reason: 'It ran.' },
    200_401,
    'finding_info',
    { finding_info: { title: 'It ran.' }, is_alert: true, severity_id: 4 },
  ],
])('%s is an event of its class, with what the class demands', (_, over, type, demanded, members) => {
  const made = event(over);
  expect(made).toMatchObject({ type_uid: type, class_uid: Math.floor(type / 100), activity_id: type % 100, ...members });
  expect(made.category_uid).toBe(Math.floor(type / 100_000));
  expect(made).toHaveProperty(demanded);
  for (const name of ['time', 'severity_id', 'metadata', 'actor', 'device']) expect(made).toHaveProperty(name);
});

test.each<[string, Partial<AuditEntry>, number, number]>([
  ['a denial is blocked', { action: 'deny' }, 2, 2],
  ['an allowed call is allowed', { action: 'allow' }, 1, 1],
  ['without a word of ours no action was taken', { action: 'abstain' }, 1, 16],
  ['a question delays', { kind: 'approval-asked', action: 'require_approval' }, 3, 14],
  ['what only observes is logged', { action: 'deny', mode: 'observe' }, 3, 17],
])('%s', (_, over, action, disposition) => {
  expect(event(over)).toMatchObject({ action_id: action, disposition_id: disposition });
});

test.each([
  ['ran', 1],
  ['failed', 2],
])('a call that %s has that status', (status, id) => {
  expect(event({ kind: 'outcome', detail: { status, durationMs: 12 } })).toMatchObject({ class_uid: 1007, status_id: id, duration: 12 });
});

test('the chain can be followed from event to event', () => {
  const first = stored();
  const one = event({});
  const two = event({}, 2, first.record.hash);
  expect(one.attestation_list[0]).toMatchObject({ chain_uid: origin.log, fingerprint: { algorithm_id: 3, value: first.record.hash } });
  expect(one.attestation_list[0]).not.toHaveProperty('prev_event');
  expect(two.attestation_list[0].prev_event).toMatchObject({ uid: one.metadata.uid, fingerprint: { value: first.record.hash } });
  expect(one.raw_data).toBe(first.text);
});

test('the agent and its session are named', () => {
  expect(event({}).ai_agent).toMatchObject({ name: 'claude-code', instance_uid: 's1' });
  expect(event({}).metadata).toMatchObject({ version: '1.9.0', profiles: expect.arrayContaining(['ai_operation', 'record_integrity']) });
});
