import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { reviewProblems, reviewsOf } from '../../../src/hosts/serve/reviews.ts';
import { WindowModels } from '../../../src/hosts/serve/window-models.ts';
import { openHome } from '../../../src/storage/home.ts';
import { setReview } from '../../../src/storage/set-review.ts';
import { temporaryFolder } from '../../storage/folder.ts';

function modelOf(config: unknown) {
  const home = openHome({ COUNTERSIGN_HOME: join(temporaryFolder(), 'home') });
  if (config !== undefined) writeFileSync(home.config, typeof config === 'string' ? config : JSON.stringify(config));
  return reviewsOf(home, new WindowModels()).model();
}

const local = { url: 'http://127.0.0.1:11434/v1/', model: 'llama3.2:3b', headers: { authorization: 'Bearer secret' } };

test.each([[undefined], [{}], [{ port: 4711 }]])('%j names no model', (config) => {
  expect(modelOf(config)).toBeUndefined();
});

test.each<[string, unknown, object]>([
  [
    'a local endpoint',
    { openai: local },
    { name: 'llama3.2:3b at 127.0.0.1:11434', mostCharacters: 20_000, atOnce: 2, perDay: { calls: 1_000 } },
  ],
  [
    'one elsewhere, with bounds',
    { anthropic: { url: 'https://a.example', model: 'm' }, mostCharacters: 9, atOnce: 1, perDay: { tokens: 7 } },
    { name: 'm at a.example', mostCharacters: 9, atOnce: 1, perDay: { calls: 1_000, tokens: 7 } },
  ],
  ['a program', { command: ['/opt/bin/review', '--secret'] }, { name: 'command review' }],
  ['a model of the editor', { vscode: { vendor: 'copilot', family: 'gpt-4o' } }, { name: 'vscode copilot gpt-4o' }],
  ['any model of the editor', { vscode: {} }, { name: 'vscode' }],
])('%s, called without what opens it', (_, review, expected) => {
  expect(modelOf({ port: 1, review })).toMatchObject(expected);
});

test.each<[string, unknown, RegExp]>([
  ['nothing', {}, /review names exactly one of/],
  ['two', { openai: local, vscode: {} }, /review names exactly one of/],
  ['an address elsewhere in the clear', { openai: { ...local, url: 'http://m.example/v1' } }, /review\.openai\.url is no https address/],
  ['a password in an address', { openai: { ...local, url: 'https://u:p@m.example/v1' } }, /is no https address/],
  ['no model', { openai: { url: local.url } }, /review\.openai\.model/],
  ['a program by its name', { command: ['review'] }, /review\.command\.0 has to be the full path/],
  ['no program', { command: [] }, /review\.command/],
  ['a word that is not known', { vscode: {}, perday: { calls: 1 } }, /review/],
  ['no calls', { vscode: {}, perDay: { calls: 0 } }, /review\.perDay\.calls/],
])('naming %s is a mistake: no model, and why', (_, review, why) => {
  expect(() => modelOf({ review })).toThrow(why);
});

test('a file that is no JSON names no model', () => {
  expect(() => modelOf('{')).toThrow(/cannot be understood, so no model is asked/);
});

test('naming a model of the editor leaves all else as it is, and its bounds; naming none takes it out', () => {
  const home = openHome({ COUNTERSIGN_HOME: join(temporaryFolder(), 'home') });
  const read = (): unknown => JSON.parse(readFileSync(home.config, 'utf8'));
  writeFileSync(home.config, JSON.stringify({ port: 1, prices: {}, review: { openai: local, atOnce: 7 } }));
  setReview(home, { vscode: { vendor: 'v', id: 'm' } });
  expect(read()).toEqual({ port: 1, prices: {}, review: { vscode: { vendor: 'v', id: 'm' }, atOnce: 7 } });
  expect(reviewsOf(home, new WindowModels()).model()).toMatchObject({ name: 'vscode v m', atOnce: 7 });
  setReview(home, undefined);
  expect(read()).toEqual({ port: 1, prices: {} });
});

test.each<[string, unknown, readonly object[]]>([
  ['nothing', {}, []],
  ['a model', { review: { openai: local } }, []],
  [
    'a mistake',
    { review: {} },
    [{ id: 'review', message: expect.stringMatching(/^No model is asked for reviews\. .*config\.json: review names exactly one/) }],
  ],
])('what a person sees of %s', (_, config, problems) => {
  const home = openHome({ COUNTERSIGN_HOME: join(temporaryFolder(), 'home') });
  writeFileSync(home.config, JSON.stringify(config));
  expect(reviewProblems(home)).toMatchObject(problems);
});
