import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startPrint } from '../../lab/claude/client.ts';
import { until } from '../../lab/editor/until.ts';
import { installed } from '../../lab/install.ts';
import { everythingOverHttp } from '../../lab/mcp/everything.ts';
import { githubTools } from '../../lab/mcp/github-tools.ts';
import { govern, lastWord, type Governed } from '../claude/governed.ts';

const gateway = join(import.meta.dirname, '../../../dist/mcp-gateway.mjs');
const standIn = join(import.meta.dirname, '../../lab/claude/noop-server.mjs');
const allowed = ['create_issue', 'list_issues', 'get_file_contents'];

/** The policy that teams ask for, with a person's word for merges. */
const policy = `
kind: ToolPolicy
metadata: {name: github-dev-agent}
spec:
  agent: claude-code
  mcpServer: github
  defaultAction: deny
  rules:
    - {name: read-and-file, tools: [${allowed.join(', ')}], action: allow}
    - name: pull-requests-off-main
      tools: [create_pull_request]
      action: allow
      conditions: [{cel: '!request.arguments.base.matches("^(main|production)$")'}]
    - {name: merges-need-a-person, tools: [merge_pull_request], action: require_approval}
    - {name: no-deletes, tools: [delete_file], action: deny}
`;

const servers = {
  github: { command: process.execPath, args: [gateway, '--name', 'github', '--', process.execPath, standIn, ...githubTools] },
};
const call = (name: string, input: Readonly<Record<string, unknown>> = {}) => ({ name: `mcp__github__${name}`, input });

function run(lab: Governed, ...args: readonly string[]): Promise<unknown> {
  return startPrint(lab.scratch, { prompt: 'go', args: ['--mcp-config', JSON.stringify({ mcpServers: servers }), ...args] }).done;
}

test('the names are as many as they are said to be, and each once', () => {
  expect(new Set(githubTools).size).toBe(91);
});

test('the model is offered exactly what the policy lets through; each call is decided once and recorded once', async () => {
  await using lab = await govern(
    () => [
      { calls: [call('list_issues', { page: 1 })] },
      { calls: [call('create_pull_request', { base: 'main' })] },
      { calls: [call('merge_pull_request', { n: 7 })] },
      { text: lastWord },
    ],
    { secondPolicy: { name: 'github.yaml', text: policy } },
  );
  const done = run(lab);
  const asked = await until(
    'a question about the merge',
    async () => (await lab.call('approvals', {})).find(({ tool }) => tool === 'merge_pull_request'),
    60_000,
  );
  await lab.answer(asked.id, 'approved');
  await done;
  const offered = lab.model.asks.find(({ tools }) => tools.length > 0)?.tools.filter((name) => name.startsWith('mcp__github__'));
  expect(offered?.toSorted()).toEqual(
    [...allowed, 'create_pull_request', 'merge_pull_request'].map((name) => `mcp__github__${name}`).toSorted(),
  );
  expect(lab.model.calls().map(({ isError }) => isError)).toEqual([false, true, false]);
  const records = await lab.call('activity', { limit: 200 });
  const of = (kind: string): readonly unknown[] =>
    records
      .filter(({ entry }) => entry.kind === kind && entry.mcpServer === 'github')
      .map(({ entry }) => [entry.tool, entry.action])
      .toReversed();
  expect(of('decision')).toEqual([
    ['mcp:start', 'abstain'],
    ['list_issues', 'allow'],
    ['create_pull_request', 'deny'],
    ['merge_pull_request', 'allow'],
  ]);
  expect(of('approval-asked')).toHaveLength(1);
  const hidden = records.filter(({ entry }) => entry.detail?.['event'] === 'mcp-hidden');
  expect(hidden.map(({ entry }) => [entry.session, entry.detail?.['tools']])).toEqual([
    [lab.model.calls()[0]?.session, expect.arrayContaining(['delete_file', 'fork_repository'])],
  ]);
  expect(await lab.call('incidents', {})).toEqual([]);
});

test('a client without hooks is governed by the gateway alone', async () => {
  await using lab = await govern(
    () => [{ calls: [call('list_issues')] }, { calls: [call('create_pull_request', { base: 'main' })] }, { text: lastWord }],
    { secondPolicy: { name: 'github.yaml', text: policy } },
  );
  await lab.succeeds('uninstall', 'claude-code', '--yes');
  await run(lab);
  const [list, pull] = lab.model.calls();
  expect([list?.isError, list?.text]).toEqual([false, 'nothing']);
  expect([pull?.isError, pull?.text]).toEqual([true, expect.stringContaining('denies what it does not allow')]);
});

/** What a person's word is for, over HTTP as by pipes. */
const everythingPolicy = `
kind: ToolPolicy
metadata: {name: everything}
spec:
  mcpServer: everything
  defaultAction: allow
  rules:
    - {name: no-environment, tools: [get-env], action: deny, message: The environment stays here.}
    - {name: sums-need-a-person, tools: [get-sum], action: require_approval}
`;
const programs = installed('mcp');

test.skipIf(programs === undefined)('over HTTP: the same, and a call that its hook asked about is not asked about twice', async () => {
  await using server = await everythingOverHttp(programs ?? '', process.env);
  const ask = (name: string, input: Readonly<Record<string, unknown>>) => ({ name: `mcp__everything__${name}`, input });
  await using lab = await govern(
    () => [{ calls: [ask('echo', { message: 'over the wire' })] }, { calls: [ask('get-sum', { a: 2, b: 40 })] }, { text: lastWord }],
    { secondPolicy: { name: 'everything.yaml', text: everythingPolicy } },
  );
  const url = (await lab.succeeds('mcp', 'remote', 'add', 'everything', server.url)).trim();
  const config = JSON.stringify({ mcpServers: { everything: { type: 'http', url } } });
  const done = startPrint(lab.scratch, { prompt: 'go', args: ['--mcp-config', config] }).done;
  const asked = await until('a question about the sum', async () => (await lab.call('approvals', {}))[0], 60_000);
  await lab.answer(asked.id, 'approved');
  await done;
  const offered = lab.model.asks.flatMap(({ tools }) => tools);
  expect([offered.includes('mcp__everything__echo'), offered.includes('mcp__everything__get-env')]).toEqual([true, false]);
  expect(lab.model.calls().map(({ text }) => text)).toEqual([expect.stringContaining('over the wire'), expect.stringContaining('42')]);
  const records = (await lab.call('activity', { limit: 200 })).filter(({ entry }) => entry.mcpServer === 'everything');
  const of = (kind: string) => records.filter(({ entry }) => entry.kind === kind).map(({ entry }) => `${entry.tool} ${entry.action}`);
  expect(of('decision').toSorted()).toEqual(['echo allow', 'get-sum allow', 'mcp:start abstain']);
  expect(of('approval-asked')).toHaveLength(1);
  expect(await lab.call('incidents', {})).toEqual([]);
});
