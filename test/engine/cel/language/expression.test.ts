import { describe, expect, test } from 'vitest';
import { comparedAfter, nameAt, suggestionsAfter } from '../../../../src/engine/cel/language/expression.ts';
import { declared } from '../../../../src/engine/cel/language/declared.ts';
import { fieldHelp, functionHelp } from '../../../../src/engine/cel/language/help.ts';
import { viewTypes } from '../../../../src/engine/cel/request-view.ts';

describe('what may be written next', () => {
  test.each<[string, string, readonly string[]]>([
    ['at the beginning', '', ['request', 'has', 'command', 'hasSecret']],
    ['a call', 'request.', ['agent', 'session', 'tool', 'arguments', 'time']],
    ['deep inside', 'request.workspace.', ['root', 'branch', 'remote', 'trusted']],
    ['an item of a list', 'request.command.invocations[0].', ['program', 'args', 'wrappers']],
    ['a list', 'request.command.invocations.', ['exists', 'all', 'filter', 'size']],
    ['what is left of a list', 'request.command.deletes.filter(f, f.known)[0].', ['path', 'place', 'git']],
    ['what a loop goes through', 'request.command.deletes.exists(f, f.', ['path', 'place', 'git']],
    ['what an inner loop goes through', 'request.command.invocations.exists(i, i.args.exists(a, a.', ['startsWith', 'matches']],
    ['after the other side', 'request.tool == "shell" && !request.agent.', ['vendor', 'name', 'type']],
    ['a text in brackets', '(request.tool + "x").', ['startsWith', 'contains']],
    ['a text', '"x".', ['startsWith', 'size']],
    ['an argument, which may be anything', 'request.arguments.base.', ['startsWith', 'matches', 'exists']],
    ['a moment', 'request.time.', ['getHours', 'getDayOfWeek']],
  ])('%s', (_, beginning, some) => {
    const { items } = suggestionsAfter(beginning);
    expect(items.map(({ name }) => name)).toEqual(expect.arrayContaining([...some]));
  });

  test.each<[string, string]>([
    ['in a text', 'request.tool == "req'],
    ['behind a number', 'request.session.calls > 1'],
    ['behind what does not exist', 'request.nope.'],
    ['behind a dot alone', '.'],
  ])('nothing: %s', (_, beginning) => {
    expect(suggestionsAfter(beginning).items).toEqual([]);
  });

  test('a loop that is closed has no variable any more', () => {
    const { items } = suggestionsAfter('request.domains.exists(d, d == "x") && ');
    expect(items.some(({ name }) => name === 'd')).toBe(false);
  });

  test('what is there of the word is told', () => {
    expect(suggestionsAfter('request.comm').typed).toBe('comm');
  });
});

test.each<[string, string, string, string]>([
  ['a variable', 'request.tool == "x"', 'request', 'Request'],
  ['a field', 'request.command.network', 'network', 'bool'],
  ['a field of an item', 'request.command.hosts.exists(h, h.local)', 'local', 'bool'],
  ['the variable of a loop, where it begins', 'request.command.hosts.exists(host, host.local)', 'host,', 'Host'],
  ['an argument', 'request.arguments.base == "x"', 'base', 'dyn'],
  ['a function', 'inside("/a", "/b")', 'inside', 'inside(string, string): bool'],
  ['a method', 'request.tool.startsWith("x")', 'startsWith', 'startsWith(string): bool'],
  ['in an expression that is not finished', 'request.tool == request.', 'tool', 'string'],
])('what a name stands for: %s', (_, expression, word, type) => {
  expect(nameAt(expression, expression.indexOf(word) + 1)?.what.types).toContain(type);
});

test.each<[string, string, string | undefined]>([
  ['an equation', 'request.tool == "sh', 'request.tool'],
  ['an inequation in single quotes', "x && request.agent.name != '", 'request.agent.name'],
  ['a list', 'request.tool in ["a", "', 'request.tool'],
  ['an argument of a function', 'command("git', undefined],
  ['a text that is closed', 'request.tool == "x" ', undefined],
])('what a text is compared with: %s', (_, beginning, expression) => {
  expect(comparedAfter(beginning)?.expression).toBe(expression);
});

test('the reference has a word on everything that is declared, and on nothing else', () => {
  const fields = Object.fromEntries(viewTypes.map((type) => [type.name, Object.keys(type.fields).toSorted()]));
  expect(Object.fromEntries(Object.entries(fieldHelp).map(([type, help]) => [type, Object.keys(help).toSorted()]))).toEqual(fields);
  const functions = new Set(declared.getDefinitions().functions.map(({ name }) => name));
  expect(Object.keys(functionHelp).filter((name) => !functions.has(name))).toEqual([]);
});
