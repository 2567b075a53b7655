import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makePlace } from './run.ts';

/** Odd on purpose: all of it comes back. */
const project = `{ "mcpServers": {
    "hub":  {"command": "hub", "args": ["--token", "t0k3n-value"],
       "env": {"HUB_TOKEN":"t0k3n-value",  "MODE": "read only", "REF_KEY": "\${HUB_KEY}", "ODD_SECRET": "with\\u0041escape"}}
}}
`;

test('wrapping moves credentials out of a configuration, and of what we remember; unwrapping puts them back to the byte', async () => {
  using place = makePlace();
  const file = join(place.folder, '.mcp.json');
  writeFileSync(file, project);
  const hint = await place.run(['mcp', 'wrap']);
  expect(hint.stderr).toContain('HUB_TOKEN of hub: what looks like a credential');
  const wrapped = await place.run(['mcp', 'wrap', '--secrets', '--yes']);
  expect(wrapped).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('HUB_TOKEN of hub is the secret HUB_HUB_TOKEN now') });
  const { hub } = JSON.parse(readFileSync(file, 'utf8')).mcpServers;
  expect(hub.env).toEqual({ HUB_TOKEN: '{secret:HUB_HUB_TOKEN}', MODE: 'read only', REF_KEY: '${HUB_KEY}', ODD_SECRET: 'withAescape' });
  expect(hub.args.slice(-2)).toEqual(['--token', '{secret:HUB_HUB_TOKEN}']);
  const remembered = readFileSync(join(place.home, 'backups', 'mcp-servers.json'), 'utf8');
  for (const text of [remembered, wrapped.stdout, readFileSync(file, 'utf8')]) expect(text).not.toContain('t0k3n');
  expect((await place.run(['mcp', 'unwrap', '--yes'])).exitCode).toBe(0);
  expect(readFileSync(file, 'utf8')).toBe(project);
});

const remote = `{ "mcpServers": {
    "far":  {"type": "http", "url": "https://example.com/mcp",
       "headers": {"Authorization":"Bearer t0k3n-value",  "X-Api-Key": "k3y-value", "X-Team": "a-team", "X-Ref-Key": "\${REF_KEY}"}}
}}
`;

test('wrapping moves credentials out of headers, and leaves what stands before them', async () => {
  using place = makePlace();
  const file = join(place.folder, '.mcp.json');
  writeFileSync(file, remote);
  expect((await place.run(['mcp', 'wrap'])).stderr).toContain('Authorization of far, X-Api-Key of far: what looks like a credential');
  const { stdout } = await place.run(['mcp', 'wrap', '--secrets', '--yes']);
  expect(stdout).toContain('Authorization of far is the secret FAR_AUTHORIZATION now');
  expect(JSON.parse(readFileSync(file, 'utf8')).mcpServers.far.env.COUNTERSIGN_MCP_HEADERS).toBe(
    'Authorization: Bearer {secret:FAR_AUTHORIZATION}\nX-Api-Key: {secret:FAR_X_API_KEY}\nX-Team: a-team\nX-Ref-Key: ${REF_KEY}',
  );
  const remembered = readFileSync(join(place.home, 'backups', 'mcp-servers.json'), 'utf8');
  for (const text of [remembered, stdout, readFileSync(file, 'utf8')]) expect(text).not.toMatch(/t0k3n|k3y-value/);
  expect((await place.run(['mcp', 'unwrap', '--yes'])).exitCode).toBe(0);
  expect(readFileSync(file, 'utf8')).toBe(remote);
});

test('unwrapping leaves all as it is while a secret is gone', async () => {
  using place = makePlace();
  const file = join(place.folder, '.mcp.json');
  writeFileSync(file, project);
  await place.run(['mcp', 'wrap', '--secrets', '--yes']);
  const wrapped = readFileSync(file, 'utf8');
  await place.run(['secret', 'rm', 'HUB_HUB_TOKEN']);
  expect(await place.run(['mcp', 'unwrap', '--yes'])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('secret set HUB_HUB_TOKEN'),
  });
  expect(readFileSync(file, 'utf8')).toBe(wrapped);
});
