import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { connect } from '../../../src/channel/start.ts';
import { homeOf } from '../../../src/storage/home.ts';
import { marker } from '../../lab/claude/marker.ts';
import { chatModelExtension } from '../../lab/chat/model-extension.ts';
import { startEditor, type Editor } from '../../lab/editor/editor.ts';
import { until } from '../../lab/editor/until.ts';
import { endProcessesOf } from '../claude/processes.ts';
import { keepEvidence, output } from './evidence.ts';
import { withChat } from '../../../scripts/install-editor.mjs';
import { packagedVsix } from '../../lab/editor/vsix.ts';

/** What people get: `npm run build` makes it. */
const cli = join(import.meta.dirname, '..', '..', '..', 'dist', 'cli.mjs');

const policy = `
kind: ToolPolicy
metadata: {name: lab}
spec:
  defaultAction: allow
  rules:
    - {name: automatic, tools: [shell], conditions: [{cel: 'request.arguments.command.startsWith("echo automatic")'}], action: allow, autoApprove: true}
    - {name: asked, commands: ["echo asked*"], action: require_approval, approval: {timeout: 10m}}
    - {name: denied, commands: ["echo denied*"], action: deny, message: The policy of the lab says no.}
    - {name: file, tools: [write, edit], paths: {any: ["**/forbidden*"]}, action: deny, message: Not that file.}
`;

const home = mkdtempSync('/tmp/cse-');
const folder = join(home, 'project');
let editor: Editor;

beforeAll(async () => {
  mkdirSync(folder);
  mkdirSync(join(home, '.countersign', 'policies'), { recursive: true, mode: 0o700 });
  writeFileSync(join(home, '.countersign', 'policies', 'lab.yaml'), policy);
  await countersign('install', 'copilot-cli', '--yes');
  editor = await startEditor({
    home,
    folders: [folder],
    vsix: [packagedVsix(), await chatModelExtension(join(home, 'model'))],
    screenshots: join(output, 'screenshots'),
    serverOptions: [withChat],
    settings: {
      'chat.disableAIFeatures': false,
      // Nobody has to sign in to use a model of one's own.
      'chat.allowAnonymousAccess': true,
    },
  });
});
keepEvidence(() => editor);
afterAll(async () => {
  await editor?.stop();
  await endProcessesOf(home);
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

function countersign(...args: string[]): Promise<string> {
  const env = { PATH: process.env['PATH'], HOME: home };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [cli, ...args], { env, cwd: folder }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`countersign ${args.join(' ')} failed: ${stdout}${stderr}`));
    });
  });
}

const askSchema = z.object({ tools: z.array(z.string()), heard: z.array(z.string()) });

/** What the model heard of its calls, each time that it was asked as an agent. */
function asks(): readonly (readonly string[])[] {
  const file = join(folder, 'asks.jsonl');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => z.parse(askSchema, JSON.parse(line))).flatMap(({ tools, heard }) => (tools.length === 0 ? [] : [heard]));
}

/** The tools that the model was last asked with. */
function offered(): readonly string[] {
  const lines = readFileSync(join(folder, 'asks.jsonl'), 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => z.parse(askSchema, JSON.parse(line))).findLast(({ tools }) => tools.length > 0)?.tools ?? [];
}

const recorded = z.array(z.object({ entry: z.object({ kind: z.string() }) }));

async function decisions(): Promise<number> {
  const listed = z.parse(recorded, JSON.parse(await countersign('audit', 'list', '--json', '--limit', '1000')));
  return listed.filter(({ entry }) => entry.kind === 'decision').length;
}

const terminal = (command: string) => ({
  name: 'run_in_terminal',
  input: { command, explanation: 'x', goal: 'x', mode: 'sync', timeout: 20_000 },
});
const newFile = (name: string) => ({ name: 'create_file', input: { filePath: join(folder, name), content: 'x\n' } });

async function setForMachine(settings: object): Promise<void> {
  const file = join(editor.directories.data, 'Machine', 'settings.json');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(settings));
  await editor.reload();
}

/** Begins a chat in which the model makes these calls. */
async function chat(...script: readonly object[]): Promise<void> {
  rmSync(join(folder, 'asks.jsonl'), { force: true });
  writeFileSync(join(folder, 'script.json'), JSON.stringify(script));
  await editor.page.getByText('Stand-in: Go').click({ timeout: 150_000 });
}

/** What the model heard, once it has heard of that many calls. */
function heardOf(calls: number): Promise<readonly string[]> {
  return until(`${calls} calls to be over`, async () => asks().find((heard) => heard.length === calls), 150_000);
}

/** The open question about that call, once there is one; answered with yes. */
async function approve(command: string): Promise<void> {
  const state = homeOf({ COUNTERSIGN_HOME: join(home, '.countersign') });
  const token = readFileSync(state.clientToken, 'utf8').trim();
  const { client } = await connect(state, { token, client: 'terminal', pid: process.pid, version: 'lab' });
  try {
    const open = async () => (await client.call('approvals', {})).find(({ arguments: input }) => input['command'] === command);
    const { id } = await until('the question', open, 120_000);
    await client.call('answer', { id, outcome: 'approved', scope: 'once', reason: '', surface: 'terminal' });
  } finally {
    client.close();
  }
}

test("VS Code's own chat agent runs what is allowed or approved, and not what is denied, through the hooks of Copilot CLI", async () => {
  const marks = ['denied', 'automatic', 'asked'].map((name) => marker(folder, name));
  const [denied = '', automatic = '', asked = ''] = marks.map(({ command }) => command);

  await chat(terminal(denied), newFile('forbidden.txt'), newFile('allowed.txt'), terminal(automatic), terminal(asked));
  await heardOf(4);
  await approve(asked);
  const heard = await heardOf(5);

  // Neither what a policy answers for the person, nor what a person approved, is asked about once more by VS Code.
  expect(marks.map((mark) => mark.runs())).toEqual([0, 1, 1]);
  expect([existsSync(join(folder, 'allowed.txt')), existsSync(join(folder, 'forbidden.txt'))]).toEqual([true, false]);
  expect(heard.slice(0, 2)).toEqual([expect.stringContaining('The policy of the lab says no.'), expect.stringContaining('Not that file.')]);
  // It shares its process with every extension, so none is known as the session's.
  expect(await countersign('audit', 'list', '--json')).toContain('"vscode"');
  expect(await countersign('sessions', '--json')).not.toContain('"pid"');
}, 400_000);

test('with the setting on, the extension governs the chat: beside the hooks of Copilot CLI each call is recorded once, and without them too', async () => {
  const [denied, automatic] = [marker(folder, 'denied-too'), marker(folder, 'automatic-too')];
  await setForMachine({ 'countersign.governVsCodeChat': true, 'countersign.offerMcpServer': true });
  await until('the extension to see the setting', async () => existsSync(join(home, '.countersign', 'agents', 'vscode.json')));

  const before = await decisions();
  await chat(terminal(denied.command), terminal(automatic.command));
  expect(await heardOf(2)).toEqual([expect.stringContaining('The policy of the lab says no.'), expect.anything()]);
  await until('both hooks to be in the log', async () => (await editor.logs()).includes('[PreToolUse] Executing 2 hook(s)'));
  expect(await decisions()).toBe(before + 2);

  await countersign('uninstall', 'copilot-cli', '--yes');
  await chat(terminal(denied.command), newFile('forbidden-too.txt'), terminal(automatic.command));
  const heard = await heardOf(3);
  expect(heard.slice(0, 2)).toEqual([expect.stringContaining('The policy of the lab says no.'), expect.stringContaining('Not that file.')]);
  expect([denied.runs(), automatic.runs(), existsSync(join(folder, 'forbidden-too.txt'))]).toEqual([0, 2, false]);
  expect(await decisions()).toBe(before + 5);
  expect(offered()).toEqual(
    expect.arrayContaining(['explain', 'request', 'search_log', 'status'].map((name) => `mcp_countersign_${name}`)),
  );
}, 400_000);

test('what its hooks start may be killed or missing: nothing of the chat runs', async () => {
  const automatic = marker(folder, 'automatic-last');
  const program = join(home, '.countersign', 'agents', 'hook');
  writeFileSync(program, '#!/bin/sh\n[ "$2" != PreToolUse ] || kill -9 $$\n');
  await chat(terminal(automatic.command), newFile('allowed-last.txt'));
  expect(await heardOf(2)).toEqual([expect.stringContaining('Refused by Countersign'), expect.stringContaining('Refused by Countersign')]);

  rmSync(program);
  await chat(terminal(automatic.command));
  await editor.page.getByText('Blocked by User Prompt Submit hook').waitFor({ timeout: 150_000 });
  expect([asks(), automatic.runs(), existsSync(join(folder, 'allowed-last.txt'))]).toEqual([[], 0, false]);
}, 400_000);

test('what keeps the setting from having an effect is told', async () => {
  await setForMachine({ 'countersign.governVsCodeChat': true, 'chat.useHooks': false });
  const told = editor.page.getByText('VS Code’s chat is not governed: chat.useHooks must be on').first();
  await told.waitFor({ timeout: 150_000 });
  expect(await told.isVisible()).toBe(true);
}, 400_000);
