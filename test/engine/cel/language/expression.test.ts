import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { type Scan, scanOf } from '../../../../src/engine/artifact/scan.ts';
import type { Source } from '../../../../src/engine/artifact/start.ts';
import { artifactView } from '../../../../src/engine/artifact/view.ts';
import { comparedAfter, nameAt, suggestionsAfter } from '../../../../src/engine/cel/language/expression.ts';
import { declared } from '../../../../src/engine/cel/language/declared.ts';
import { fieldHelp, functionHelp } from '../../../../src/engine/cel/language/help.ts';
import { artifactTypes } from '../../../../src/engine/cel/language/artifact.ts';
import { viewTypes } from '../../../../src/engine/cel/request-view.ts';

const scansIn = z.looseObject({
  scans: z.object({ a: z.looseObject({ findings: z.array(z.unknown()) }), b: z.unknown() }),
});

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

describe('in a condition about a server that starts', () => {
  test.each<[string, string, readonly string[]]>([
    ['at the beginning', '', ['artifact', 'request', 'has']],
    ['what starts', 'artifact.', ['server', 'kind', 'version', 'scans']],
    ['its scans', 'artifact.scans.osv.', ['at', 'max', 'findings']],
    ['its scans, by a name with a dash', 'artifact.scans["npm-audit"].', ['at', 'max', 'findings']],
    ['what was found', 'artifact.scans.osv.findings.all(f, f.', ['severity', 'id', 'title']],
    ['who starts it', 'request.agent.', ['vendor', 'name']],
  ])('%s', (_, beginning, some) => {
    const { items } = suggestionsAfter(beginning, true);
    expect(items.map(({ name }) => name)).toEqual(expect.arrayContaining([...some]));
  });

  test('no other condition is offered it', () => {
    expect(suggestionsAfter('').items.map(({ name }) => name)).not.toContain('artifact');
    expect(suggestionsAfter('artifact.').items).toEqual([]);
  });

  test('what is offered is what there can be', () => {
    const sources: readonly Source[] = [
      { kind: 'npm', name: 'n', version: '1.0.0', integrity: 'i', tree: 't', packages: 1 },
      { kind: 'pypi', name: 'n', spec: '1' },
      { kind: 'image', image: 'i', digest: 'd', options: [], risky: [] },
      { kind: 'file', path: '/f', sha256: 's', lock: 'l' },
      { kind: 'url', url: 'https://x' },
      { kind: 'program', path: 'p', fetches: true },
    ];
    const scan = scanOf('a', 'now', [{ severity: 'low', id: 'i', title: 't' }]);
    const scans: readonly Scan[] = [scan, { name: 'b', at: 'now', unavailable: 'no' }];
    const seen = sources.map((source) => artifactView({ server: 's', command: [], source, scans }));
    const offered = (type: string) => Object.keys(artifactTypes[type] ?? {}).toSorted();
    const keysOf = (...some: readonly unknown[]) => [...new Set(some.flatMap((one) => Object.keys(Object(one))))].toSorted();
    expect(keysOf(...seen)).toEqual(offered('Artifact'));
    const { a, b } = scansIn.parse(seen[0]).scans;
    expect(keysOf(a, b)).toEqual(offered('Scan'));
    expect(keysOf(a.findings[0])).toEqual(offered('Finding'));
  });
});

test.each<[string, string, string, string]>([
  ['what starts', 'artifact.kind == "npm"', 'artifact', 'Artifact'],
  ['a field of it', 'artifact.kind == "npm"', 'kind', 'string'],
  ['a scanner', 'artifact.scans.osv.found == 0', 'osv', 'dyn'],
  ['what was found', 'artifact.scans.osv.findings.all(f, f.id != "x")', 'id', 'string'],
])('what a name stands for in a condition about a server: %s', (_, expression, word, type) => {
  expect(nameAt(expression, expression.indexOf(word) + 1, true)?.what.types).toContain(type);
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
