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
