import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findIn } from '../../../src/engine/guardrail/detect.ts';
import { notificationText, summaryText } from '../../../src/hosts/extension/notification-text.ts';
import { shapes } from '../../../src/engine/guardrail/secrets/find.ts';
import { sampleOf } from '../../engine/guardrail/secrets/sample.ts';
import { startPrint } from '../../lab/claude/client.ts';
import { type Ask, bash, type MadeCall } from '../../lab/claude/model.ts';
import type { ToolUse, Turn } from '../../lab/claude/model-messages.ts';
import { until } from '../../lab/editor/until.ts';
import { govern, lastWord, type Governed } from './governed.ts';
import { servePage } from './page-server.ts';

const policy = `
kind: GuardrailPolicy
metadata: {name: no-secrets}
spec:
  detect: [{type: secret, action: redact}]
`;

/** Secrets of every kind that is one by its form alone, made up as they are needed. */
const secrets = shapes
  .map(({ kind, form }) => ({ kind, value: sampleOf(form.source()) }))
  .filter(({ value }) =>
    findIn(`it is "${value}" now`, ['secret']).findings.some(({ start, end }) => start <= 7 && end >= 6 + value.length),
  );
const planted = secrets.map(({ value }, index) => `line ${index} is "${value}" here`).join('\n');

/** The client keeps the data of an MCP tool beside what the model got, and lets no hook change that. */
const keptData = /"structuredContent":\{[^}]*\}/g;

const leaked = (text: string): readonly string[] => secrets.filter(({ value }) => text.includes(value)).map(({ kind }) => kind);

interface Place {
  readonly name: string;
  readonly call: (file: string) => ToolUse;
}

const call = (name: string, input: ToolUse['input']): ToolUse => ({ name, input });
const shell = (command: string): ToolUse => call('Bash', { command, description: 'x' });

const places: readonly Place[] = [
  { name: 'stdout', call: (file) => shell(`cat ${file}`) },
  { name: 'stderr', call: (file) => shell(`cat ${file} >&2`) },
  { name: 'a file', call: (file) => call('Read', { file_path: file }) },
  { name: 'lines of a search', call: (file) => call('Grep', { pattern: 'line', path: file, output_mode: 'content', head_limit: 1000 }) },
  { name: 'text of an MCP tool', call: () => call('mcp__telling__text', {}) },
  { name: 'data of an MCP tool', call: () => call('mcp__telling__data', {}) },
];

test('there are enough kinds to be a proof', () => {
  expect(new Set(secrets.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(60);
});

test('secrets in results reach neither the model nor our log; of the agent’s record only the data of an MCP tool', async () => {
  await using lab = await started((file) => [...places.map((place) => ({ calls: [place.call(file)] })), { text: lastWord }]);
  const run = await told(lab, 'go');
  expect(run).toContain(lastWord);
  const results = lab.model.calls().map((made: MadeCall) => [made.isError, made.text?.includes('line 3 is'), marks(made.text ?? '')]);
  expect(results).toEqual(places.map(() => [false, true, secrets.length]));
  expect({
    model: leaked(sentTo(lab)),
    record: leaked(recordOf(lab).replaceAll(keptData, '')),
    ours: leaked(keptBy(lab)),
    printed: leaked(run.replaceAll(keptData, '')),
  }).toEqual({
    model: [],
    record: [],
    ours: [],
    printed: [],
  });
  const exported = await exportsOf(lab);
  expect(exported.map(([name, text]) => [name, text.includes('redact'), leaked(text)])).toEqual(exported.map(([name]) => [name, true, []]));
});

test('a page that is fetched: a small model reads it before any hook hears of it; what it says reaches the model without secrets', async () => {
  // What the small model says of the page holds all that it was asked for.
  const aside = ({ body }: Ask): Turn | undefined => (leaked(body).length > 0 ? { text: planted } : undefined);
  let url = '';
  const turns = (): readonly Turn[] => [{ calls: [call('WebFetch', { url, prompt: 'What stands there?' })] }, { text: lastWord }];
  await using lab = await govern(turns, { secondPolicy: { name: 'guard.yaml', text: policy }, aside });
  await using page = await servePage(lab.scratch.dir, planted);
  url = page.url;
  const run = await told(lab, 'go', { NODE_EXTRA_CA_CERTS: page.certificate }, { skipWebFetchPreflight: true });
  const [made] = lab.model.calls();
  expect([made?.isError, made?.text?.includes('line 3 is'), marks(made?.text ?? '')]).toEqual([false, true, secrets.length]);
  const [asides, others] = [
    lab.model.asks.filter(({ tools }) => tools.length === 0),
    lab.model.asks.filter(({ tools }) => tools.length > 0),
  ];
  expect(asides.some(({ body }) => leaked(body).length > 0)).toBe(true);
  expect({ model: leaked(others.map(({ body }) => body).join('\n')), ours: leaked(keptBy(lab)), printed: leaked(run) }).toEqual({
    model: [],
    ours: [],
    printed: [],
  });
});

test('a secret in a prompt: the prompt is blocked, and the person hears what was found', async () => {
  await using lab = await started(() => [{ text: lastWord }]);
  const run = await told(lab, `use this: ${planted}`);
  expect(lab.model.asks.filter(({ tools }) => tools.length > 0)).toEqual([]);
  expect(leaked(sentTo(lab))).toEqual([]);
  expect(leaked(keptBy(lab))).toEqual([]);
  expect(run).toContain('The prompt was not sent');
});

test('a secret in arguments: the tool gets the call without it', async () => {
  await using lab = await started(() => [{ calls: [call('mcp__telling__hear', { text: planted })] }, { text: lastWord }]);
  await told(lab, 'go');
  const heard = readFileSync(join(lab.scratch.dir, 'heard.txt'), 'utf8');
  expect([leaked(heard), heard.includes('line 3 is'), leaked(keptBy(lab))]).toEqual([[], true, []]);
  expect((await lab.call('incidents', {})).length).toBe(0);
});

test('a person who is asked about arguments with a secret is not shown it, nor is anybody who is told that a call waits', async () => {
  const asking = policy.replace('action: redact', 'action: require_approval');
  const turns = (): readonly Turn[] => [{ calls: [call('mcp__telling__hear', { text: planted })] }, { text: lastWord }];
  await using lab = await govern(turns, { secondPolicy: { name: 'guard.yaml', text: asking } });
  const done = told(lab, 'go');
  const open = await until('a question', async () => (await lab.call('approvals', {}))[0]);
  const shown = [
    JSON.stringify(open),
    notificationText(open),
    summaryText([open, open]),
    await lab.succeeds('approvals', 'list', '--json'),
  ];
  expect(shown.map(leaked)).toEqual([[], [], [], []]);
  expect(shown[0]).toContain('line 3 is');
  await lab.answer(open.id, 'denied', 'It is a secret.');
  await done;
  expect([leaked(keptBy(lab)), existsSync(join(lab.scratch.dir, 'heard.txt'))]).toEqual([[], false]);
});

test('a secret in what a failed command says: the client lets nobody replace it, so the turn ends before the model hears it', async () => {
  await using lab = await started((file) => [bash(`cat ${file}; exit 3`), { text: lastWord }]);
  const run = await told(lab, 'go');
  expect(leaked(sentTo(lab))).toEqual([]);
  expect(leaked(keptBy(lab))).toEqual([]);
  expect(run).not.toContain(lastWord);
  // The client writes it into its own record, whatever a hook says.
  expect(leaked(recordOf(lab)).length).toBeGreaterThan(0);
});

function started(script: (file: string) => readonly Turn[]): Promise<Governed> {
  return govern(({ scratch }) => script(join(scratch.project, 'planted.txt')), { secondPolicy: { name: 'guard.yaml', text: policy } });
}

/** Runs the client with that prompt. Resolves with all that it printed. */
async function told(
  lab: Governed,
  prompt: string,
  env: Readonly<Record<string, string>> = {},
  settings: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const { dir, project } = lab.scratch;
  writeFileSync(join(project, 'planted.txt'), planted);
  const server = join(import.meta.dirname, 'telling-server.mjs');
  const telling = { command: process.execPath, args: [server, join(project, 'planted.txt'), join(dir, 'heard.txt')] };
  const args = ['--tools=Bash,Read,Grep,WebFetch', '--mcp-config', JSON.stringify({ mcpServers: { telling } })];
  const { stdout, stderr } = await startPrint(lab.scratch, { prompt, args, env, settings }).done;
  return stdout + stderr;
}

/** Everything that leaves the log for people and programs. */
async function exportsOf(lab: Governed): Promise<readonly (readonly [name: string, text: string])[]> {
  const asked = ['jsonl', 'csv', 'ocsf', 'otlp'].map((format) => [format, ['audit', 'export', '--format', format]] as const);
  const page = join(lab.scratch.dir, 'report.html');
  const texts: (readonly [string, string])[] = [];
  for (const [name, args] of asked) texts.push([name, await lab.succeeds(...args)]);
  await lab.succeeds('audit', 'report', '--html', page, '--since', '1h');
  return [...texts, ['page', readFileSync(page, 'utf8')]];
}

function marks(text: string): number {
  return text.match(/\[redacted:[a-z0-9-]+#\d+\]/g)?.length ?? 0;
}

function sentTo(lab: Governed): string {
  return lab.model.asks.map(({ body }) => body).join('\n');
}

function recordOf({ scratch }: Governed): string {
  return textOf(join(scratch.home, '.claude', 'projects'), '**/*.jsonl');
}

/** Every byte that we keep, databases and their write-ahead logs included. */
function keptBy({ state }: Governed): string {
  return textOf(state, '**/*');
}

function textOf(folder: string, pattern: string): string {
  const files = globSync(pattern, { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1')).join('\n');
}
