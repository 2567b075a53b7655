import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shownExplanation } from '../../../src/webview/try/messages.ts';
import { makePlace, type CliRun, type Place } from './run.ts';

let place: Place;
let file: string;

const draft = (action: string): string => `kind: ToolPolicy
metadata: {name: draft}
spec:
  rules:
    - {name: hello, commands: ["echo hello"], action: ${action}}
`;

beforeAll(() => {
  place = makePlace();
  mkdirSync(join(place.folder, '.countersign'), { recursive: true });
  file = join(place.folder, '.countersign', 'draft.yaml');
  writeFileSync(file, draft('allow'));
});
afterAll(() => place[Symbol.dispose]());

const message = { tool_name: 'Bash', tool_input: { command: 'echo hello' } };
const explain = (text: string): Promise<CliRun> =>
  place.run(
    ['policy', 'explain', '--stdin', '--json', `--cwd=${place.folder}`],
    JSON.stringify({ drafts: [{ path: file, text }], message }),
  );

test('the text of a draft counts in the place of its file, and the page of the editor understands the answer', async () => {
  const { stdout, exitCode } = await explain(draft('deny'));
  const { decision, documents } = shownExplanation.parse(JSON.parse(stdout));
  expect([exitCode, decision.action]).toEqual([0, 'deny']);
  expect(documents.find(({ policy }) => policy === 'draft')?.rules).toMatchObject([{ rule: 'hello', matched: true, line: 5 }]);
});

test('what is wrong with a draft is data, with its place', async () => {
  const { stdout, exitCode } = await explain(draft('denyy'));
  expect(exitCode).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ problems: [{ file, position: { line: 5 }, message: expect.stringContaining('denyy') }] });
});

test('the start of a server is explained as it is configured, or as a command line has it', async () => {
  const script = join(place.folder, 'server.mjs');
  writeFileSync(script, 'serve();');
  writeFileSync(join(place.folder, '.mcp.json'), JSON.stringify({ mcpServers: { own: { command: 'node', args: [script] } } }));
  const policy = join(place.folder, 'servers.yaml');
  const entry = `{name: own, source: {file: ${script}, sha256: ${'c'.repeat(64)}}}`;
  writeFileSync(policy, `kind: ArtifactPolicy\nmetadata: {name: servers}\nspec: {defaultAction: deny, servers: [${entry}]}\n`);
  const about = (...more: readonly string[]) => place.run(['policy', 'explain', '--server', 'own', '--policy', policy, ...more]);
  const [configured, line] = [await about(), await about('--command', `${process.execPath} -e 1`, '--json')];
  expect(configured.stderr).toBe('');
  expect(configured.stdout).toMatch(/^deny: MCP server "own" starts the file .*another hash.*no +source: .*sha256/s);
  const { decision, documents } = shownExplanation.parse(JSON.parse(line.stdout));
  expect([decision.action, documents.map(({ policy: name }) => name)]).toEqual(['deny', ['servers']]);
});
