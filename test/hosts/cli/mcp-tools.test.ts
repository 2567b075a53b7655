import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { KnownItem } from '../../../src/engine/artifact/pins/known.ts';
import { mcpLockPath } from '../../../src/storage/artifact/mcp-lock.ts';
import { pinStore } from '../../../src/storage/artifact/pin-store.ts';
import { startStore } from '../../../src/storage/artifact/start-store.ts';
import { openHome } from '../../../src/storage/home.ts';
import { endProcessesOf } from '../../real/claude/processes.ts';
import { makePlace, type Place } from './run.ts';

const policy = `
kind: ToolPolicy
metadata: {name: lab}
spec:
  mcpServer: [files]
  rules:
    - {name: never, tools: [delete], action: deny}
    - {name: ask, tools: [write], action: require_approval}
    - {name: some, tools: [move], conditions: [{cel: 'request.arguments.to == "/"'}], action: require_approval}
---
kind: ToolPolicy
metadata: {name: codex}
spec:
  agent: openai/*
  mcpServer: [files]
  rules: [{name: no-reading, tools: [read], action: deny}]
`;

const item = (name: string): KnownItem => ({
  kind: 'tool',
  name,
  current: 'd',
  versions: [{ digest: 'd', state: 'accepted', since: Date.now(), suspicions: [] }],
});

/** A machine on which a gateway has seen the server "files". */
function withServer(): Place {
  const place = makePlace();
  const { root, policies } = openHome({ COUNTERSIGN_HOME: place.home });
  const items = ['read', 'write', 'move', 'delete'].map(item);
  pinStore(root).save({ server: 'files', agents: ['claude-code', 'codex'], lastSeen: Date.now(), items });
  writeFileSync(join(policies, 'lab.yaml'), policy);
  return place;
}

test('each tool is listed with what policies say of its calls, and each server with what holds it', async () => {
  using place = withServer();
  const digest = `sha256:${'a'.repeat(64)}`;
  mkdirSync(join(place.folder, '.countersign'));
  writeFileSync(mcpLockPath(place.folder), JSON.stringify({ version: 1, servers: { files: { image: 'o/files', digest } } }));
  const start = { digest: 'd', server: 'files', what: 'MCP server "files" starts o/files', rules: [], by: 'ada', approvalId: 'a' };
  startStore({ root: place.home, isTrusted: () => false }).approve({ ...start, at: Date.now() });
  const { stdout, exitCode } = await place.run(['mcp', 'tools']);
  expect(exitCode).toBe(0);
  const rows = stdout.split('\n').map((line) => line.trim().split(/ {2,}/));
  expect(rows.slice(0, 5)).toEqual([
    ['SERVER', 'WHAT', 'NAME', 'STATE', 'CALLS', 'SINCE'],
    ['files', 'tool', 'read', 'accepted', 'denied (codex)', expect.any(String)],
    ['files', 'tool', 'write', 'accepted', 'asked', expect.any(String)],
    ['files', 'tool', 'move', 'accepted', 'may be asked', expect.any(String)],
    ['files', 'tool', 'delete', 'accepted', 'denied', expect.any(String)],
  ]);
  expect(stdout).toContain('files: tools: reviewed; no ArtifactPolicy names it; locked as o/files@sha256:aaaaaaaaaaaa…');
  expect(stdout).toMatch(/mcp\.lock \(not accepted here yet\); a start approved by ada .* ago/);
  await place.run(['mcp', 'lock', '--trust']);
  expect((await place.run(['mcp', 'tools', 'files'])).stdout).not.toContain('not accepted');
  writeFileSync(mcpLockPath(place.folder), '{');
  expect((await place.run(['mcp', 'tools', 'files'])).stdout).toContain('mcp.lock cannot be read');
  expect(await place.run(['mcp', 'tools', 'other'])).toMatchObject({ exitCode: 64, stderr: expect.stringContaining('"other"') });
  await endProcessesOf(place.folder);
});
