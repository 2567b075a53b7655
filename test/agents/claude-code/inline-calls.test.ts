import { expect, test } from 'vitest';
import { expansionOf, inlineCalls } from '../../../src/agents/claude-code/inline-calls.ts';

const commands = (text: string, typed = '') =>
  inlineCalls({ text, folder: '/skills/ship', changedAt: 0 }, { id: 'p1', name: '/ship', arguments: typed }, 's1').map(
    (call) => call.arguments.command,
  );

const cells: [title: string, text: string, typed: string, expected: readonly string[]][] = [
  ['a piece of a line', 'State: !`git status`', '', ['git status']],
  ['at the beginning of a line, and twice', '!`a`\n!`b` and !`a`', '', ['a', 'b']],
  ['a block', '```!\nmake\nmake test\n```', '', ['make\nmake test']],
  ['only after a space: not', 'x!`a` !!`b`', '', []],
  ['an ordinary block: not', '```sh\nmake\n```', '', []],
  ['with all arguments', '!`echo $ARGUMENTS`', 'one "two three"', ['echo one "two three"']],
  ['with one of them, counted from 0', '!`echo $0 $1 $2 $ARGUMENTS[1]`', 'one "two three"', ['echo one two three  two three']],
  ['with one of them by its name', '---\narguments: [a, b]\n---\n!`echo $b $HOME`', 'one two', ['echo two $HOME']],
  ['with its own place and session', '!`${CLAUDE_SKILL_DIR}/x ${CLAUDE_SESSION_ID}`', '', ['/skills/ship/x s1']],
  ['that an argument brings along', 'Say: $ARGUMENTS', '!`rm -rf x`', ['rm -rf x']],
  ['that an argument brings along where none is asked for', 'Say it', '!`rm -rf x`', ['rm -rf x']],
  ['in the head of the file', '---\nhooks: !`a`\n---\n', '', ['a']],
];
test.each(cells)('a file runs a command: %s', (_, text, typed, expected) => {
  expect(commands(text, typed)).toEqual(expected);
});

test('a command keeps its id wherever it is found, and another one has another', () => {
  const ids = (text: string) =>
    inlineCalls({ text, folder: '', changedAt: 0 }, { id: 'p1', name: 'x', arguments: '' }, 's').map(({ id }) => id);
  expect(ids('!`a`\n!`b`')).toEqual([...ids('!`a`'), ...ids('!`b`')]);
  expect(new Set(ids('!`a`\n!`b`')).size).toBe(2);
});

test('a file may be for PowerShell', () => {
  const file = { text: '---\nshell: powershell\n---\n!`ls`', folder: '', changedAt: 0 };
  expect(inlineCalls(file, { id: 'p', name: 'x', arguments: '' }, 's')).toMatchObject([{ nativeTool: 'PowerShell' }]);
});

test.each([
  ['Skill', { skill: 'ship', args: 'now' }, { id: 'c', name: 'ship', arguments: 'now' }],
  ['Skill', { skill: 'ship' }, { id: 'c', name: 'ship', arguments: '' }],
  ['SlashCommand', { command: '/ship now then' }, { id: 'c', name: '/ship', arguments: 'now then' }],
  ['Bash', { command: 'ls' }, undefined],
])('what a call of %s expands: %j', (tool, input, expected) => {
  expect(expansionOf(tool, 'c', input)).toEqual(expected);
});
