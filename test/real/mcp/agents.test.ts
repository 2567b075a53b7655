import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { until } from '../../lab/editor/until.ts';
import { installed } from '../../lab/install.ts';
import { HttpMcpServer, json, said } from '../../hosts/mcp-gateway/http-mcp-server.ts';
import { labAgents, literal, type AgentLab, type LabServer } from './agents.ts';

const standIn = join(import.meta.dirname, '../../lab/claude/noop-server.mjs');
/** The second is waited for so briefly that no progress helps; it has to start in that time, too. */
const servers: readonly LabServer[] = [
  { name: 'tracker', command: [process.execPath, standIn, 'look', 'forbidden', 'asked'] },
  { name: 'hasty', command: [process.execPath, standIn, 'late'], seconds: 14 },
];

const policy = `
kind: ToolPolicy
metadata: {name: lab}
spec:
  mcpServer: [tracker, hasty]
  rules:
    - {name: forbidden, tools: [forbidden], action: deny, message: Nobody does that.}
    - {name: not-page-nine, tools: [look], action: deny, message: Page nine is private., conditions: [{cel: request.arguments.page == 9}]}
    - {name: asked, tools: [asked, late], action: require_approval, approval: {timeout: 10m}}
---
kind: ToolPolicy
metadata: {name: far}
spec:
  mcpServer: [far, near]
  rules:
    - {name: forbidden, tools: [forbidden], action: deny, message: Nobody does that.}
`;

async function approve(lab: AgentLab, tool: string): Promise<void> {
  const question = await until(
    `a question about ${tool}`,
    async () => (await lab.call('approvals', {})).find((approval) => approval.tool === tool),
    60_000,
  );
  await lab.call('answer', { id: question.id, outcome: 'approved', scope: 'once', reason: '', surface: 'terminal' });
}

const tools = ['tracker', 'hasty', 'far', 'near'];
/** Until the address that the governor gives it is known. */
const nowhere = 'http://127.0.0.1:9/near';

const toolOf = (name: string) => ({ name, description: 'Does nothing.', inputSchema: { type: 'object', properties: {} } });

/** Over the network, with a tool that is denied and one that is not. */
const farServer = (name: string, tool: string) =>
  new HttpMcpServer({
    initialize: (response, id) =>
      json(response, id, { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name, version: '1' } }),
    'tools/list': (response, id) => json(response, id, { tools: [toolOf(tool), toolOf('forbidden')] }),
    [tool]: (response, id) => json(response, id, said('nothing, from afar')),
  });

test.concurrent.for(labAgents)(
  '$agent behind the gateway: the model is not offered what is denied; calls run here and over the network, are refused, wait for a person, and end before the client does',
  { timeout: 240_000 },
  async ({ name, agent, hasToolSearch, start }, { skip }) => {
    const binary = installed(name);
    skip(binary === undefined, `${name} is not installed`);
    await using far = farServer('far', 'reach');
    await using near = farServer('near', 'touch');
    const remotes = [
      { name: 'far', url: await far.listen(), token: 't0k3n' },
      { name: 'near', url: nowhere },
    ];
    let approved: Promise<void> | undefined;
    await using lab: AgentLab = await start(binary ?? '', [...servers, ...remotes], async ({ length }) => {
      if (length === 3) approved = approve(lab, 'asked');
      // The question of the call that was refused is still open.
      if (length === 5) await approve(lab, 'late');
      return [
        { server: 'tracker', tool: 'look', input: { page: 1 } },
        { server: 'tracker', tool: 'look', input: { page: 9 } },
        { server: 'tracker', tool: 'forbidden' },
        { server: 'tracker', tool: 'asked' },
        { server: 'hasty', tool: 'late' },
        { server: 'hasty', tool: 'late' },
        { server: 'far', tool: 'reach' },
        { server: 'far', tool: 'forbidden' },
        { server: 'near', tool: 'touch' },
        { server: 'near', tool: 'forbidden' },
      ][length];
    });
    lab.writePolicy(policy);
    const address = await lab.countersign(
      'mcp',
      'remote',
      'add',
      'near',
      await near.listen(),
      '--header',
      'X-Api-Key: kept here',
      '--agent',
      agent,
    );
    writeFileSync(lab.file, readFileSync(lab.file, 'utf8').replace(nowhere, address.trim()));
    const before = readFileSync(lab.file, 'utf8');
    await lab.countersign('mcp', 'wrap', '--secrets', '--yes');
    // Of TOML nothing is moved.
    expect(readFileSync(lab.file, 'utf8').includes(literal)).toBe(name === 'codex');
    // What leads through the governor stays as it is.
    expect(readFileSync(lab.file, 'utf8')).toContain(address.trim());
    await lab.go();
    await approved;
    const offered = lab.offered().filter((tool) => tools.some((server) => tool.includes(server)));
    expect(new Set(offered.map((tool) => /[a-z]+$/.exec(tool)?.[0]))).toEqual(
      new Set(hasToolSearch === true ? [] : ['asked', 'late', 'look', 'reach', 'touch']),
    );
    const [look, nine, forbidden, asked, late, again, reach, farForbidden, touch, nearForbidden] = lab.results();
    expect([look, asked, again]).toEqual(Array.from({ length: 3 }, () => expect.stringContaining('nothing')));
    expect(nine).toContain('Page nine is private');
    expect(forbidden).not.toContain('nothing');
    expect(late).toMatch(/has to approve/);
    expect(reach).toContain('nothing, from afar');
    expect(farForbidden).not.toContain('nothing, from afar');
    expect(touch).toContain('nothing, from afar');
    expect(nearForbidden).not.toContain('nothing, from afar');
    expect(far.calls().map(({ headers }) => [headers.authorization, headers['x-api-key']])).toEqual([['Bearer t0k3n', literal]]);
    expect(near.calls().map(({ headers }) => [headers.authorization, headers['x-api-key']])).toEqual([[undefined, 'kept here']]);
    // The governor may have ended with the last of its sessions.
    await lab.countersign('sessions');
    const decisions = (await lab.call('activity', { limit: 200 }))
      .filter(({ entry }) => entry.kind === 'decision' && entry.tool !== 'mcp:start')
      .toReversed();
    expect(decisions.map(({ entry }) => [entry.agent, entry.mcpServer, entry.tool, entry.action])).toEqual([
      [agent, 'tracker', 'look', 'abstain'],
      [agent, 'tracker', 'look', 'deny'],
      [agent, 'tracker', 'asked', 'allow'],
      [agent, 'hasty', 'late', 'deny'],
      [agent, 'hasty', 'late', 'allow'],
      [agent, 'far', 'reach', 'abstain'],
      [agent, 'near', 'touch', 'abstain'],
    ]);
    await lab.countersign('mcp', 'unwrap', '--yes');
    expect(readFileSync(lab.file, 'utf8')).toBe(before);
  },
);

test('the agents of the lab are those that are there', () => {
  expect(labAgents.map(({ name }) => name)).toEqual(['codex', 'gemini', 'qwen', 'opencode']);
});
