import { expect, test } from 'vitest';
import type { AuditEntry, AuditRecord } from '../../../src/engine/audit/entry.ts';
import type { McpItemView, McpServerView } from '../../../src/governor/gateway/server-views.ts';
import { type McpEntry, type McpRow, mcpRows, type SeenServer } from '../../../src/hosts/extension/mcp-rows.ts';
import { seenServers } from '../../../src/hosts/extension/mcp-seen.ts';

const now = 1_000_000;
const entry = (over: Partial<McpEntry> = {}): McpEntry => ({
  agent: 'claude-code',
  name: 'files',
  file: '/w/app/.mcp.json',
  scope: 'project',
  how: 'gateway',
  isOurs: true,
  command: ['npx', 'server-files'],
  ...over,
});
const tool = (over: Partial<McpItemView> = {}): McpItemView => ({
  kind: 'tool',
  name: 'read',
  state: 'accepted',
  since: now,
  change: [],
  suspicions: [],
  outlooks: [],
  ...over,
});
const seen = (over: Partial<SeenServer> = {}): SeenServer => ({
  name: 'files',
  agents: ['claude-code'],
  lastSeen: now,
  items: [],
  lastCalls: [],
  ...over,
});
type Outlook = McpItemView['outlooks'][number];
const outlook = (calls: Outlook['calls'], agents = ['claude-code']): Outlook => ({ calls, agents, rules: ['p/r'] });
const lines = (rows: readonly McpRow[], depth = 0): readonly string[] =>
  rows.flatMap(({ label, description, children }) => [`${' '.repeat(depth)}${label} | ${description}`, ...lines(children, depth + 1)]);

test('a server is listed once, with where it is configured, its tools and its last calls', () => {
  const tools = [tool(), tool({ name: 'delete', outlooks: [outlook('denied')] }), tool({ kind: 'prompt', name: 'sum', state: 'refused' })];
  const lastCalls = [{ at: now - 120_000, tool: 'read', action: 'allow' }];
  expect(lines(mcpRows([entry(), entry({ file: '/h/.claude.json', scope: 'user' })], [seen({ items: tools, lastCalls })], now))).toEqual([
    'files | behind policies · 3 tools',
    ' .mcp.json | claude-code · npx server-files · project',
    ' .claude.json | claude-code · npx server-files · user',
    ' read | as it was accepted',
    ' delete | hidden by policies',
    ' prompt · sum | refused: hidden',
    ' Last calls | 1',
    '  read | allowed · 2 min',
  ]);
});

test.each<[string, Partial<McpEntry>, Partial<McpRow>]>([
  ['that its client starts itself', { how: 'direct' }, { tone: 'warning', description: 'not behind policies' }],
  ['behind ours', {}, { icon: 'shield', description: 'behind policies' }],
  ['behind what is only called like ours', { isOurs: false }, { tone: 'warning', description: 'behind a gateway that is not ours' }],
  ['that is switched off', { how: 'direct', isOff: true }, { icon: 'circle-slash', description: 'switched off' }],
  ['of our own', { how: 'direct', command: ['countersign', 'mcp', 'serve'] }, { icon: 'verified', description: 'Countersign’s own' }],
  ['that its client reaches itself', { how: 'remote', command: ['https://x'] }, { tone: 'warning', description: 'not behind policies' }],
  ['that cannot be put behind', { how: 'remote', obstacle: 'why' }, { icon: 'globe', description: 'remote, cannot be behind policies' }],
])('a server %s shows it', (_, over, expected) => {
  expect(mcpRows([entry(over)], [], now)[0]).toMatchObject(expected);
});

test('what waits for a person comes first, is open, and says what is different', () => {
  const changed = tool({ state: 'changed', change: ['The description has one more sentence.'] });
  const rows = mcpRows([entry({ name: 'a' }), entry()], [seen({ items: [changed] })], now);
  expect(rows.map(({ label, tone, isOpen }) => [label, tone, isOpen])).toEqual([
    ['files', 'warning', true],
    ['a', undefined, undefined],
  ]);
  expect(rows[0]?.children.at(-1)).toMatchObject({
    contextValue: 'mcp.waiting',
    tone: 'warning',
    tooltip: expect.stringContaining('one more sentence'),
    item: { server: 'files', name: 'read' },
  });
});

test('a tool that something speaks against says so, also while it is allowed', () => {
  const suspicions = [{ risk: 'high', say: 'It gives orders to the model.' }] as const;
  const [row] = mcpRows([], [seen({ items: [tool({ suspicions })] })], now);
  expect(row?.description).toBe('seen, not configured here · 1 tool');
  expect(row?.children[0]).toMatchObject({
    description: 'as it was accepted · 1 finding',
    tone: 'warning',
    tooltip: expect.stringContaining('It gives orders'),
  });
});

test('what cannot be seen in a name is spelt out', () => {
  const [row] = mcpRows([entry({ name: 'fi\u202Eles' })], [], now);
  expect(row?.label).not.toContain('\u202E');
});

test.each<[string, readonly Outlook[], string, string, string]>([
  ['of no calls', [], 'as it was accepted', 'check', 'As it was accepted'],
  ['that every call asks', [outlook('asked')], 'asks before each call', 'person', 'No call runs before a person has agreed: p/r'],
  ['that some calls ask', [outlook('may be asked')], 'may ask before a call', 'question', 'depending on their arguments: p/r'],
  ['that no call gets through', [outlook('denied')], 'hidden by policies', 'eye-closed', 'agents are not shown it: p/r'],
  [
    'different things of two agents',
    [outlook('denied', ['codex']), outlook('asked', ['claude-code'])],
    'hidden by policies (codex)',
    'eye-closed',
    'a person has agreed (claude-code): p/r',
  ],
])('a tool shows what policies say %s', (_, outlooks, description, icon, told) => {
  const agents = [...new Set(['claude-code', ...outlooks.flatMap((one) => one.agents)])];
  const [row] = mcpRows([], [seen({ agents, items: [tool({ outlooks })] })], now);
  expect(row?.children[0]).toMatchObject({ label: 'read', description, icon, tooltip: expect.stringContaining(told) });
});

test('what nobody has accepted is told before what policies say of it', () => {
  const changed = tool({ state: 'changed', outlooks: [outlook('asked')] });
  const [row] = mcpRows([], [seen({ items: [changed] })], now);
  expect(row?.children[0]).toMatchObject({
    description: 'changed: hidden until you accept it',
    icon: 'diff',
    tooltip: expect.stringContaining('No call runs'),
  });
});

const pins = { tools: 'pinned', sources: ['@scope/files 1.2.3 sha512-abc'] } as const;

test.each<[string, readonly McpEntry[], Partial<SeenServer>, readonly string[]]>([
  ['that a policy names', [entry()], { pins }, ['behind policies · tools: pinned', 'tools: pinned · @scope/files 1.2.3 sha512-abc']],
  ['that no policy names', [entry()], { pins: { tools: 'reviewed', sources: [] } }, ['behind policies', 'tools: reviewed']],
  [
    'that is not configured, and was seen',
    [],
    { pins, items: [tool()] },
    ['seen, not configured here · 1 tool · tools: pinned', 'tools: pinned · @scope/files 1.2.3 sha512-abc'],
  ],
  ['that its client starts itself', [entry({ how: 'direct' })], { pins }, ['not behind policies']],
  ['behind a gateway that is not ours', [entry({ isOurs: false })], { pins }, ['behind a gateway that is not ours']],
  ['of which only the log tells', [], {}, ['seen, not configured here']],
])('a server %s shows how it is held', (_, entries, over, expected) => {
  const [row] = mcpRows(entries, [seen(over)], now);
  const held = row?.children.filter(({ label }) => label === 'Pins').map(({ description }) => description) ?? [];
  expect([row?.description, ...held]).toEqual(expected);
});

test('a server shows what its repository locks, and which starts a person has approved', () => {
  const path = '/w/app/.countersign/mcp.lock';
  const locks = [
    { path, what: 'server-files 1.2.3', trusted: true },
    { path: '/w/other/.countersign/mcp.lock', what: 'server-files 1.2.2', trusted: false },
    { path: '/w/broken/.countersign/mcp.lock', trusted: false },
  ];
  const starts = [{ what: 'MCP server "files" starts\u202E it', by: 'ada', at: now - 120_000 }];
  const [row] = mcpRows([entry()], [seen({ locks, starts })], now);
  expect(row?.children.slice(1).map(({ label, description, tone }) => [label, description, tone])).toEqual([
    ['Locked', 'server-files 1.2.3 · accepted', undefined],
    ['Locked', 'server-files 1.2.2 · not accepted here yet', undefined],
    ['Locked', 'cannot be read: it does not start', 'warning'],
    ['Start approved', 'ada · 2 min', undefined],
  ]);
  const tooltips = row?.children.slice(1).map(({ tooltip }) => tooltip) ?? [];
  expect(tooltips[0]).toContain(path);
  expect(tooltips[1]).toContain('countersign mcp lock --trust');
  expect(tooltips[3]).not.toContain('\u202E');
  // What its client starts itself, nothing of that holds.
  expect(mcpRows([entry({ how: 'direct' })], [seen({ locks, starts })], now)[0]?.children.length).toBe(1);
});

test('the log tells of servers and their last calls, also of one that no gateway stands before', () => {
  const record = (seq: number, more: Partial<AuditEntry>): AuditRecord => ({
    version: 1,
    seq,
    entry: { kind: 'decision', time: now - 60_000, agent: 'codex', mcpServer: 'files', ...more },
    previous: '',
    hash: '',
  });
  const records = [
    record(4, { tool: 'read', action: 'abstain' }),
    record(3, { tool: 'delete', action: 'deny', agent: 'claude-code' }),
    record(1, { kind: 'outcome', tool: 'read' }),
  ];
  const unseen: McpServerView = { name: 'files', agents: [], lastSeen: 0, items: [], lastCalls: [], pins, locks: [], starts: [] };
  for (const views of [[], [unseen]]) {
    const rows = mcpRows([], seenServers(views, records), now);
    expect(rows[0]?.tooltip).toContain('Used by codex, claude-code');
    expect(lines(rows)).toEqual([
      'files | seen, not configured here',
      ' Last calls | 2',
      '  read | no policy spoke · 1 min',
      '  delete | denied · 1 min',
    ]);
  }
});

test('what was never seen says so', () => {
  const [row] = mcpRows([entry()], [seen({ agents: [] })], now);
  expect(row?.tooltip).toBe('No call of it has come through the gateway yet.');
});
