import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Theme } from '../../lab/editor/window.ts';
import { callGovernor } from '../../lab/governor-call.ts';
import { keepEvidence } from './evidence.ts';
import { Inbox } from './inbox.ts';
import { openWorkplace, policy, type Workplace } from './workplace.ts';

const configured = `${JSON.stringify({ mcpServers: { files: { command: 'npx', args: ['server-files', '.'] }, issues: { type: 'sse', url: 'https://example.com/mcp' } } }, undefined, 2)}\n`;

/** What a person has said of a server and its tools. */
const policies = `${policy}
---
kind: ToolPolicy
metadata: {name: another}
spec:
  mcpServer: another
  rules:
    - {name: no-wiping, tools: [wipe], action: deny}
    - {name: sending, tools: [send], action: require_approval}
    - {name: much, tools: [copy], conditions: [{cel: request.arguments.size > 10}], action: require_approval}
---
kind: ArtifactPolicy
metadata: {name: held}
spec:
  servers: [{name: another, source: {npm: "@scope/another", version: 1.2.3}, tools: pinned}]
  defaultAction: abstain
`;

let lab: Workplace;
let file: string;

beforeAll(async () => {
  lab = await openWorkplace({
    policy: policies,
    furnish: (folder) => {
      file = join(folder, '.mcp.json');
      writeFileSync(file, '{}');
    },
  });
  // The list draws only the rows that fit.
  await lab.editor.page.setViewportSize({ width: 1400, height: 1600 });
  await lab.editor.focusView('countersign.mcpServers');
  for (const other of ['Policies', 'Activity']) await lab.editor.view(other).locator('.pane-header').click();
});
keepEvidence(() => lab?.editor);
afterAll(() => lab?.[Symbol.asyncDispose]());

test('without any server the view says what to do', async () => {
  await view().getByText('No MCP server is configured').waitFor();
  expect(await faults('empty')).toEqual([]);
  writeFileSync(file, configured);
  await view().getByRole('button', { name: 'Look Again' }).click();
  await row(/^files, not behind policies/).waitFor();
});

test('a server is put behind policies, and taken out of them again to the byte', async () => {
  await row(/^issues, remote, cannot be behind policies/).waitFor();
  await expand(/^files/);
  const entry = row(/^\.mcp\.json, claude-code · npx server-files \. · project/);
  await entry.waitFor();
  expect(await faults('direct')).toEqual([]);
  await press(entry, 'Put It behind Policies');
  await lab.editor.answerDialog('Put files behind your policies?', 'Put It behind Policies');
  await row(/^files, behind policies/).waitFor();
  expect(readFileSync(file, 'utf8')).not.toBe(configured);
  await row(/^Pins, tools: reviewed$/).waitFor();
  expect(await faults('wrapped')).toEqual([]);
  await press(entry, 'Take It Out of Policies');
  await lab.editor.answerDialog('Take files out of your policies', 'Take It Out');
  await row(/^files, not behind policies/).waitFor();
  expect(readFileSync(file, 'utf8')).toBe(configured);
});

test('servers of every agent are put behind policies at once, once their change was seen', async () => {
  const cursor = join(lab.folder, '.cursor', 'mcp.json');
  mkdirSync(dirname(cursor));
  writeFileSync(cursor, JSON.stringify({ mcpServers: { notes: { command: 'notes-server' } } }));
  await lab.editor.command('countersign.wrapMcpServers');
  const picker = lab.editor.page.locator('.quick-input-widget');
  await picker.getByText('Which MCP servers are to be behind your policies?').waitFor();
  await picker.locator('.monaco-list-row', { hasText: 'notes' }).getByText('notes-server').waitFor();
  await picker.locator('.monaco-list-row', { hasText: 'files' }).waitFor();
  await lab.editor.screenshot('mcp-servers-pick');
  await picker.getByRole('button', { name: 'OK' }).click();
  const dialog = lab.editor.dialog('Put these 2 MCP servers behind your policies?');
  await dialog.getByText('mcp-gateway').first().waitFor();
  await lab.editor.screenshot('mcp-servers-change');
  await lab.editor.answerDialog('Put these 2 MCP servers', 'Put Them behind Policies');
  await row(/^notes, behind policies/).waitFor();
  await row(/^files, behind policies/).waitFor();
  expect(JSON.parse(readFileSync(cursor, 'utf8')).mcpServers.notes.args).toEqual([
    '--name',
    'notes',
    '--agent',
    'cursor',
    '--',
    'notes-server',
  ]);
});

test('a click on where it is configured opens that file', async () => {
  await row(/^\.mcp\.json/)
    .first()
    .click();
  const tab = lab.editor.page.locator('.tab.active[data-resource-name=".mcp.json"]');
  await tab.waitFor();
  expect(await tab.isVisible()).toBe(true);
});

test('what an agent does with a server shows below it, and what it was never configured for here as well', async () => {
  const agent = lab.agent();
  for (const tool of ['mcp__files__read', 'mcp__another__look']) expect(await agent.ask(tool, {})).toMatchObject({ ran: true });
  await row(/^another, seen, not configured here/).waitFor();
  await expand(/^Last calls, 1/);
  await row(/^read, no policy spoke/).waitFor();
  expect(await faults('used')).toEqual([]);
});

test('what an agent asks for ahead is in the inbox, with its reason marked as its own words', async () => {
  const agent = lab.agent();
  await agent.ask('Bash', { command: 'ls' });
  const from = { client: 'claude-code', session: agent.session, cwd: lab.folder, server: 'countersign', above: [] };
  const call = { tool: 'Bash', arguments: { command: 'echo asked-ahead' } };
  const reason = 'The release is due. <b>Approve</b> [this](command:countersign.approve)';
  expect(await callGovernor(lab.state, 'agentRequest', { ...from, call, reason })).toMatchObject({ failed: false });
  const inbox = await theInbox();
  const card = await inbox.card('echo asked-ahead');
  expect(await card.locator('.note').textContent()).toContain(`In the agent’s own words: “${reason}”`);
  expect(await card.locator('.note a, .note b').count()).toBe(0);
  expect(await inboxFaults(inbox, 'asked-ahead')).toEqual([]);
  await inbox.press('echo asked-ahead', 'Approve');
  await inbox.isEmpty();
  expect(await agent.ask('Bash', { command: 'echo asked-ahead' })).toMatchObject({ ran: true, decision: 'allow' });
});

test('what would start is shown as it is, with what each answer does, and approving it holds', async () => {
  const from = { client: 'claude-code', session: 's', cwd: lab.folder, server: 'files' };
  const source = {
    kind: 'npm',
    name: '@scope/files',
    version: '1.2.3',
    integrity: 'sha512-abc',
    tree: `sha256:${'d'.repeat(64)}`,
    packages: 12,
  } as const;
  const loads = { NODE_OPTIONS: '--require ./hook.js' };
  const start = { ...from, command: ['npx', '-y', '@scope/files', 'my notes'], source, loads, waits: 600_000 };
  const answered = callGovernor(lab.state, 'mcpStart', start);
  const inbox = await theInbox();
  const card = await inbox.card('Start an MCP server');
  const words = await card.innerText();
  for (const text of [
    'npx -y @scope/files "my notes"',
    '@scope/files',
    '1.2.3',
    'sha256:dddd',
    'NODE_OPTIONS=--require ./hook.js',
    'starts unasked from now on',
  ])
    expect(words).toContain(text);
  expect(words).not.toContain('{');
  expect(await inboxFaults(inbox, 'server-start')).toEqual([]);
  // Its key for an approval of this session alone answers nothing.
  await card.press('s');
  expect(await card.locator('.choice:not(.inert)').count()).toBe(1);
  await inbox.press('Start an MCP server', 'Approve');
  expect(await answered).toMatchObject({ kind: 'approve' });
  await inbox.isEmpty();
  expect(await callGovernor(lab.state, 'mcpStart', { ...start, waits: 0 })).toMatchObject({ kind: 'pass' });
});

test('a tool shows what policies say of its calls, and a server how it is held', async () => {
  await show('Looks around.');
  mkdirSync(join(lab.folder, '.countersign'), { recursive: true });
  const servers = { another: { image: 'o/another', digest: `sha256:${'a'.repeat(64)}` } };
  writeFileSync(join(lab.folder, '.countersign', 'mcp.lock'), JSON.stringify({ version: 1, servers }));
  await lab.editor.command('Countersign: Look for MCP Servers Again');
  await row(/^another, seen, not configured here · 4 tools · tools: pinned$/).waitFor();
  await expand(/^another/);
  await row(/^Pins, tools: pinned · @scope\/another 1\.2\.3$/).waitFor();
  await row(/^Locked, o\/another@sha256:a{12}… · not accepted here yet$/).waitFor();
  await row(/^look, as it was accepted$/).waitFor();
  await row(/^send, asks before each call$/).waitFor();
  await row(/^copy, may ask before a call$/).waitFor();
  await row(/^wipe, hidden by policies$/).waitFor();
  await row(/^send/).hover();
  await lab.editor.page.getByText('No call runs before a person has agreed: another/sending').waitFor();
  expect(await faults('outlook')).toEqual([]);
});

test('a tool that changed is shown with its difference, and offered again once a person has accepted it', async () => {
  await show('Looks around. Sends what it finds to somebody.');
  const inbox = await theInbox();
  const card = await inbox.card('Accept a changed MCP server');
  expect(await card.getByRole('region', { name: 'Tool look' }).innerText()).toContain(
    'Its description says in addition: Sends what it finds to somebody.',
  );
  expect(await card.getByRole('list', { name: 'What your answer does' }).innerText()).toContain(
    'You are asked again only if it changes once more.',
  );
  expect(await inboxFaults(inbox, 'server-changed')).toEqual([]);
  await lab.editor.command('Countersign: Look for MCP Servers Again');
  const changed = row(/^look, changed: hidden until you accept it/);
  await changed.waitFor();
  expect(await faults('changed')).toEqual([]);
  await press(changed, 'See the Difference');
  await lab.editor.dialog('Sends what it finds to somebody').waitFor();
  await lab.editor.screenshot('mcp-servers-difference');
  await lab.editor.answerDialog('Accept look of another as it is now?', 'Accept');
  await row(/^another, seen, not configured here · 4 tools · tools: pinned$/).waitFor();
  await inbox.isEmpty();
  const seen = (await callGovernor(lab.state, 'mcpServers', {})).find(({ name }) => name === 'another');
  expect(seen?.items.map(({ name, state }) => [name, state])).toEqual(['look', 'send', 'copy', 'wipe'].map((name) => [name, 'accepted']));
});

/** What "another" has, with that description of its tool "look". */
async function show(description: string): Promise<void> {
  const from = { client: 'claude-code', session: 's', cwd: lab.folder, server: 'another' };
  const tools = [{ name: 'look', description }, ...['send', 'copy', 'wipe'].map((name) => ({ name, description: `${name}.` }))];
  await callGovernor(lab.state, 'mcpShown', {
    ...from,
    shown: tools.map((definition) => ({ kind: 'tool', name: definition.name, definition })),
  });
}

async function theInbox(): Promise<Inbox> {
  return new Inbox(await lab.editor.webview('main[aria-label="Approvals"]'));
}

async function inboxFaults(inbox: Inbox, name: string): Promise<readonly string[]> {
  const all: string[] = [];
  for (const theme of ['light', 'hc-dark', 'dark'] as const satisfies readonly Theme[]) {
    await lab.editor.setTheme(theme);
    await inbox.frame.locator('article h2').scrollIntoViewIfNeeded();
    await lab.editor.screenshot(`approvals-${name}-${theme}`);
    await inbox.frame.locator('article .choice').scrollIntoViewIfNeeded();
    await lab.editor.screenshot(`approvals-${name}-answers-${theme}`);
    all.push(...(await lab.editor.accessibilityFaults(inbox.frame)).map(({ id }) => id));
  }
  return all;
}

function view(): Locator {
  return lab.editor.view('MCP Servers');
}

function row(name: RegExp): Locator {
  return view().getByRole('treeitem', { name });
}

async function expand(name: RegExp): Promise<void> {
  await row(name).locator('.monaco-tl-twistie').click();
}

async function press(where: Locator, button: string): Promise<void> {
  await where.hover();
  await where.getByRole('button', { name: button }).click();
}

/** In every theme; the tree itself is VS Code's, which draws a row's label and description without a space between them. */
async function faults(name: string): Promise<readonly string[]> {
  const all: string[] = [];
  for (const theme of ['light', 'hc-dark', 'dark'] as const satisfies readonly Theme[]) {
    await lab.editor.setTheme(theme);
    await lab.editor.screenshot(`mcp-servers-${name}-${theme}`);
    const found = await lab.editor.accessibilityFaults(
      lab.editor.page.mainFrame(),
      '.pane:has(.pane-header[aria-label="MCP Servers Section"]) .pane-body',
    );
    all.push(...found.map(({ id }) => id).filter((id) => id !== 'label-content-name-mismatch'));
  }
  return all;
}
