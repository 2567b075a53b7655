import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { claudePromptFiles } from '../../src/storage/claude-prompt-files.ts';

const root = mkdtempSync(join(tmpdir(), 'countersign-prompts-'));
afterAll(() => rmSync(root, { recursive: true }));
const user = join(root, 'user');
const project = join(root, 'work', 'project');
const files: Readonly<Record<string, string>> = {
  'work/project/.claude/commands/deploy.md': 'project',
  'work/project/.claude/commands/team/review.md': 'folder',
  'work/.claude/commands/deploy.md': 'above',
  'user/commands/deploy.md': 'user',
  'user/skills/ship/SKILL.md': '---\nname: "Launch"\n---\nskill',
  'elsewhere/linked/SKILL.md': 'linked',
  'plugins/kit/commands/go.md': 'plugin',
  'user/plugins/installed_plugins.json': JSON.stringify({
    version: 2,
    plugins: { 'kit@market': [{ installPath: join(root, 'plugins', 'kit') }], 'odd@market': [7] },
  }),
};
for (const [path, text] of Object.entries(files)) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
symlinkSync(join(root, 'elsewhere', 'linked'), join(user, 'skills', 'linked'));

const cells: [name: string, found: readonly string[]][] = [
  ['deploy', ['above', 'project', 'user']],
  ['team:review', ['folder']],
  ['ship', ['---\nname: "Launch"\n---\nskill']],
  ['Launch', ['---\nname: "Launch"\n---\nskill']],
  ['linked', ['linked']],
  ['kit:go', ['plugin']],
  ['go', []],
  ['clear', []],
  ['../deploy', []],
  ['', []],
];
test.each(cells)('"%s" may mean these files', (name, expected) => {
  const found = claudePromptFiles([user], name, project).map(({ text }) => text);
  expect(found.toSorted()).toEqual(expected);
});

test('a file that is longer than any prompt is nothing that could be judged', () => {
  writeFileSync(join(root, 'user', 'commands', 'long.md'), 'x'.repeat(1024 * 1024 + 1));
  expect(() => claudePromptFiles([user], 'long', project)).toThrow('long.md');
});

test('a command is found however deep it lies', () => {
  const folder = join(root, 'deep', '.claude', 'commands', 'a', 'b', 'c', 'd', 'e', 'f', 'g');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'hidden.md'), 'deep');
  expect(claudePromptFiles([], 'hidden', join(root, 'deep')).map(({ text }) => text)).toEqual(['deep']);
});

test('where a command could hide among thousands of files, nothing is said to be found', () => {
  const folder = join(root, 'crowd', '.claude', 'commands');
  mkdirSync(folder, { recursive: true });
  for (let n = 0; n <= 5_000; n += 1) writeFileSync(join(folder, `c${n}.md`), '');
  expect(() => claudePromptFiles([], 'c1', join(root, 'crowd'))).toThrow('too many files');
});

test('links that lead in a circle end the search', () => {
  const folder = join(root, 'circle', '.claude', 'commands');
  mkdirSync(folder, { recursive: true });
  for (const name of ['a', 'b', 'c']) symlinkSync(folder, join(folder, name));
  expect(() => claudePromptFiles([], 'x', join(root, 'circle'))).toThrow('too many files');
});
