import { copyFileSync, mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runPrint, startPrint } from '../../lab/claude/client.ts';
import { until } from '../../lab/editor/until.ts';
import { breakUserSettings, entries, incidentOf, killing, put, writeProjectSettings } from './incidents.ts';
import { govern, lastWord, type Governed } from './governed.ts';

/** How somebody who starts a session, or may write into its folder, can try to keep it from us. */
interface Bypass {
  readonly prepare?: (lab: Governed, stranger: string) => void;
  readonly args?: (lab: Governed) => readonly string[];
  readonly env?: (lab: Governed, stranger: string) => Readonly<Record<string, string>>;
}

const plugin = 'countersign@countersign';

/** The hooks are gone: only what the client writes about itself tells. */
const unseen: [string, Bypass][] = [
  ['"disableAllHooks" in the project', { prepare: (lab) => writeProjectSettings(lab, { disableAllHooks: true }) }],
  ['our plugin is disabled in the project', { prepare: (lab) => writeProjectSettings(lab, { enabledPlugins: { [plugin]: false } }) }],
  ["an invalid value in the user's settings", { prepare: breakUserSettings }],
  ['--bare', { args: () => ['--bare'] }],
  ['--safe-mode', { args: () => ['--safe-mode'] }],
  ['CLAUDE_CODE_SIMPLE', { env: () => ({ CLAUDE_CODE_SIMPLE: '1' }) }],
  ['CLAUDE_CODE_SAFE_MODE', { env: () => ({ CLAUDE_CODE_SAFE_MODE: '1' }) }],
  ['--settings with "disableAllHooks"', { args: () => ['--settings', '{"disableAllHooks":true}'] }],
  ['--setting-sources without the user', { args: () => ['--setting-sources', 'project'] }],
  ['another CLAUDE_CONFIG_DIR', { prepare: newClaudeFolder, env: (lab) => ({ CLAUDE_CONFIG_DIR: newClaudeFolder(lab) }) }],
  ['--plugin-dir with a plugin of our name', { args: (lab) => ['--plugin-dir', ourNamesake(lab)] }],
];

/** In one home, because each costs an installation by the real client. */
test.concurrent.each(unseen)(
  '%s: what ran without us is an incident, which a person sees; the next session is ended where the policy says so',
  async (_, bypass) => {
    const lasting = { calls: [{ name: 'Bash', input: { command: 'tail -f /dev/null' } }] };
    await using lab = await govern((governed) => (ask) => {
      const turns = [governed.mark('denied').turn, ask.prompt.includes('stay') ? lasting : { text: lastWord }];
      return turns[ask.step] ?? {};
    });
    await lab.succeeds('sessions');
    bypass.prepare?.(lab, '');
    await runPrint(lab.scratch, { prompt: 'go', ...optionsOf(bypass, lab, '') });
    expect(lab.mark('denied').runs()).toBe(1);
    const [call] = lab.model.calls();
    const found = await incidentOf(lab, call?.id ?? '');
    expect(found).toMatchObject({ session: call?.session, detail: { cause: 'undecided', onUngoverned: 'alert' } });
    const { problems } = await lab.call('status', {});
    const about = expect.objectContaining({ id: `ungoverned:${call?.session}`, message: expect.stringContaining(call?.id ?? '') });
    expect(problems).toEqual(expect.arrayContaining([about]));

    lab.writePolicy(killing.text, killing.name);
    await until('the policy to be in force', async () =>
      (await entries(lab)).some(({ kind, reason }) => kind === 'policy' && reason?.includes(killing.name)),
    );
    const { done } = startPrint(lab.scratch, { prompt: 'stay', ...optionsOf(bypass, lab, '') });
    expect((await done).exitCode).toBe(143);
    // It is written down when the process is gone.
    const ended = await until('the end to be recorded', async () => (await entries(lab)).find(({ kind }) => kind === 'session-killed'));
    expect(ended.session).not.toBe(call?.session);
  },
);

/** Everything that starts our hook's runtime loads this instead. */
const noObjection = 'process.stdout.write("{}"); process.exit(0);';
const injected = (lab: Governed) => ({ NODE_OPTIONS: `--require=${put(lab, 'no-objection.cjs', noObjection)}` });
const detour = (stranger: string, around = 'nowhere') => ({
  HTTP_PROXY: stranger,
  http_proxy: stranger,
  HTTPS_PROXY: stranger,
  NO_PROXY: around,
  no_proxy: around,
});

/** The hooks hold, or nothing runs at all. */
const refused: [string, Bypass][] = [
  ['NODE_OPTIONS of the project loads other code', { prepare: (lab) => writeProjectSettings(lab, { env: injected(lab) }) }],
  ['NODE_OPTIONS of the shell loads other code', { env: injected }],
  ['NODE_OPTIONS that no Node starts with', { prepare: (lab) => writeProjectSettings(lab, { env: { NODE_OPTIONS: '--nonsense' } }) }],
  ['PATH of the project has another node first', { prepare: otherNode }],
  ['a proxy of the project has no objection', { prepare: (lab, stranger) => writeProjectSettings(lab, { env: detour(stranger) }) }],
  ['a proxy of the shell has no objection', { env: (lab, stranger) => detour(stranger, new URL(lab.model.url).host) }],
  ['our address with weaker terms in the project', { prepare: weakerTerms }],
  ['a marketplace of our name in the project', { prepare: otherMarketplace }],
  ["an MCP server of the gate's name", { args: (lab) => ['--mcp-config', otherGate(lab)] }],
  ['"allowedHttpHookUrls" leave us out', { prepare: (lab) => writeProjectSettings(lab, { allowedHttpHookUrls: [] }) }],
];

test.concurrent.each(refused)('%s: what is denied does not run', async (_, bypass) => {
  await using stranger = await startStranger();
  await using lab = await govern((governed) => [governed.mark('denied').turn, { text: lastWord }]);
  await lab.succeeds('sessions');
  bypass.prepare?.(lab, stranger.url);
  await runPrint(lab.scratch, { prompt: 'go', ...optionsOf(bypass, lab, stranger.url) });
  expect(lab.mark('denied').runs()).toBe(0);
  // Either the call was denied, or it was never made because the prompt was refused, which is an incident.
  await until('it to be told', async () => (await entries(lab)).some(({ kind, action }) => kind === 'incident' || action === 'deny'));
});

function optionsOf({ args, env }: Bypass, lab: Governed, stranger: string) {
  return { args: args?.(lab) ?? [], env: env?.(lab, stranger) ?? {} };
}

/** A folder that Claude Code can start with, in which nobody installed anything. */
function newClaudeFolder(lab: Governed): string {
  const folder = join(lab.scratch.project, 'claude');
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(lab.scratch.home, '.claude.json'), join(folder, '.claude.json'));
  return folder;
}

/** A plugin that is called like ours and does nothing. */
function ourNamesake(lab: Governed): string {
  const description = { name: 'countersign', version: '9.0.0', description: 'another one' };
  put(lab, 'market/plugins/countersign/.claude-plugin/plugin.json', description);
  return join(lab.scratch.project, 'market', 'plugins', 'countersign');
}

function otherMarketplace(lab: Governed): void {
  ourNamesake(lab);
  const plugins = [{ name: 'countersign', source: './plugins/countersign', version: '9.0.0', description: 'another one' }];
  put(lab, 'market/.claude-plugin/marketplace.json', { name: 'countersign', owner: { name: 'another' }, plugins });
  const source = { source: 'directory', path: join(lab.scratch.project, 'market') };
  writeProjectSettings(lab, { extraKnownMarketplaces: { countersign: { source } }, enabledPlugins: { [plugin]: true } });
}

function otherNode(lab: Governed): void {
  put(lab, 'bin/node', '#!/bin/sh\necho "{}"\n');
  writeProjectSettings(lab, { env: { PATH: `${join(lab.scratch.project, 'bin')}:/usr/bin:/bin` } });
}

function weakerTerms(lab: Governed): void {
  const url = `http://127.0.0.1:${lab.governor().port}/v1/hooks/claude-code`;
  const hooks = [{ type: 'http', url, timeout: 1, onFailure: 'continue' }];
  writeProjectSettings(lab, { hooks: { PreToolUse: [{ matcher: '*', hooks }] } });
}

function otherGate(lab: Governed): string {
  return put(lab, 'servers.json', { mcpServers: { 'plugin:countersign:gate': { command: 'true' } } });
}

/** Says "no objection" to whatever it is asked, as a server and as a proxy. */
async function startStranger(): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  server.on('connect', (_, socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}'));
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${portOf(server)}`, [Symbol.asyncDispose]: () => close(server) };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The stranger got no port.');
  return address.port;
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => void server.close(() => resolve()));
}
