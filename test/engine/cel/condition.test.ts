import { expect, test } from 'vitest';
import { ConditionCompiler, type ConditionResult } from '../../../src/engine/cel/condition.ts';
import type { JsonObject } from '../../../src/engine/json.ts';
import { compileCommandPatterns } from '../../../src/engine/policy/command-syntax.ts';
import { compilePathPatterns } from '../../../src/engine/policy/path-pattern.ts';
import { Subject } from '../../../src/engine/policy/subject.ts';
import { testRequest } from '../../../src/engine/policy/test-request.ts';
import type { TestCall } from '../../../src/engine/policy/schema.ts';

const compiler = new ConditionCompiler({
  glob: (pattern) => void compilePathPatterns([pattern]),
  command: (pattern) => void compileCommandPatterns(pattern),
});

function evaluate(expression: string, call: TestCall = {}): ConditionResult {
  const compiled = compiler.compile(expression);
  if (!('condition' in compiled)) throw new Error(compiled.problems.map((problem) => problem.message).join('; '));
  return compiled.condition.evaluate(new Subject(testRequest(call)));
}

function problems(expression: string): readonly string[] {
  const compiled = compiler.compile(expression);
  return 'problems' in compiled ? compiled.problems.map(({ start, end, message }) => `${expression.slice(start, end)} | ${message}`) : [];
}

const args = (value: JsonObject): TestCall => ({ arguments: JSON.parse(JSON.stringify(value)) });

test.each<[string, string, TestCall, 'true' | 'false' | 'fault']>([
  ['the tool by its canonical name', 'request.tool == "shell"', { command: 'ls' }, 'true'],
  ["the agent's own name of the tool", 'request.nativeTool == "Bash"', { command: 'ls' }, 'true'],
  ['a missing server is empty', 'request.mcpServer == ""', {}, 'true'],
  ['counts are whole numbers', 'request.session.calls + 1 > 5', { session: { calls: 5 } }, 'true'],
  ['money compares with whole numbers', 'request.session.costUsd > 5', { session: { costUsd: 5.5 } }, 'true'],
  ['a time of day', 'request.time.getHours() == 3', { time: '2026-01-01T03:00:00Z' }, 'true'],
  [
    'invocations of a command',
    'request.command.invocations.exists(i, i.program == "rm" && i.args.exists(a, a == "-rf"))',
    { command: 'ls && sudo rm -rf x' },
    'true',
  ],
  ['wrappers of an invocation', 'request.command.invocations.exists(i, "sudo" in i.wrappers)', { command: 'sudo rm x' }, 'true'],
  ['paths', 'request.paths.write.exists(p, inside(p, request.workspace.root))', { paths: { write: ['a.ts'] } }, 'true'],
  ['a directory is not inside another that only begins like it', 'inside("/a/bc", "/a/b")', {}, 'false'],
  ['dots do not lead out', 'inside("/a/b/../c", "/a/b")', {}, 'false'],
  ['inside() needs an absolute directory', 'inside("/a/b", "a")', {}, 'fault'],
  ['personal data', 'hasPii(request.arguments.note)', args({ note: 'pay DE89 3704 0044 0532 0130 00' }), 'true'],
  ['no personal data', 'hasPii(request.arguments.note)', args({ note: 'build 1764365359123' }), 'false'],
  ['glob', 'glob("/home/user/.ssh/id", "~/.ssh/**")', {}, 'true'],
  ['place', 'place("/etc/x") == "system" && place(request.workspace.root + "/dist") == "generated"', {}, 'true'],
  ['what is deleted', 'request.command.deletes.exists(d, d.place == "home" && d.recursive && d.known)', { command: 'rm -rf ~' }, 'true'],
  [
    'what is deleted, unknown',
    'request.command.deletes.exists(d, d.path == "" && !d.known && d.git == "unknown")',
    { command: 'rm $X' },
    'true',
  ],
  [
    'what is written',
    'request.command.writes.exists(w, w.place == "system" && w.path == "/etc/x" && w.text == "/etc/x")',
    { command: 'a > /etc/x' },
    'true',
  ],
  [
    'hosts',
    'request.command.hosts.exists(h, h.local && h.known && h.name == "localhost" && h.program == "psql")',
    { command: 'psql a' },
    'true',
  ],
  ['paths of a command', 'request.paths.read == ["/a"] && request.paths.write == ["/b"]', { command: 'cp /a /b' }, 'true'],
  ['domains of a command', 'request.domains == ["a.com"]', { command: 'curl https://a.com' }, 'true'],
  ['command', 'command("git push --force")', { command: 'git push origin -f --force' }, 'true'],
  ['digest', 'digest("a") == "sha256:ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"', {}, 'true'],
  ['roles', '"admin" in request.user.roles', { user: { roles: ['admin'] } }, 'true'],
  ['content', 'request.content.contains("x")', { content: 'axb' }, 'true'],
  ['domains', 'request.domains.exists(d, d.endsWith(".com"))', { domains: ['a.com'] }, 'true'],
])('a condition sees %s', (_, expression, call, expected) => {
  expect(evaluate(expression, call).kind).toBe(expected);
});

test('1. a pattern cannot hang the engine', () => {
  const started = performance.now();
  expect(evaluate('request.arguments.text.matches("^(a+)+$")', args({ text: `${'a'.repeat(50_000)}!` })).kind).toBe('false');
  expect(performance.now() - started).toBeLessThan(2_000);
});

test('1. matches understands what RE2 understands, inside of loops as well', () => {
  expect(evaluate('request.domains.exists(d, d.matches("(?i)^EVIL"))', { domains: ['evil.com'] }).kind).toBe('true');
});

test.each<[string, string, string]>([
  [
    '1. a bad literal pattern is found when the policy is read',
    'request.tool.matches("[")',
    '"[" | CEL: error parsing regexp: missing closing ]: `[`',
  ],
  ['1. also inside of a loop', 'request.domains.exists(d, d.matches("("))', '"(" | CEL: error parsing regexp: missing closing ): `(`'],
  [
    '1. a back-reference is not linear',
    'request.tool.matches("(a)\\\\1")',
    '"(a)\\\\1" | CEL: error parsing regexp: invalid escape sequence: `\\1`',
  ],
  [
    '1. our own function cannot be called by name',
    'request.tool.__matches("x")',
    'request.tool.__matches("x") | CEL: Unknown function __matches()',
  ],
  [
    '2. three nested loops are too many',
    'request.domains.exists(a, request.domains.exists(b, request.domains.exists(c, a == b && b == c)))',
    'request.domains.exists(c, a == b && b == c) | CEL: loops can be nested 2 deep, this is deeper',
  ],
  ['4. a bug in the library is a problem, not an exception', '[].all(e, e > 0)', '[].all(e, e > 0) | CEL: '],
  ['4. a huge expression is a problem, not an exception', Array.from({ length: 5_000 }, () => 'true').join(' && '), ''],
  [
    '5. a value of unknown type is no condition',
    'request.arguments.force',
    'request.arguments.force | CEL: a condition must be true or false, this is of unknown type; compare it with something, for example "… == true"',
  ],
  ['5. text is no condition', 'request.tool', 'request.tool | CEL: a condition must be true or false, this is a string'],
  ['9. an unknown variable', 'tool == "x"', 'tool | CEL: Unknown variable: tool'],
  ['9. an unknown field, with the one that is meant', 'request.agent.nmae == "x"', 'nmae | CEL: No such key: nmae, did you mean "name"?'],
  ['9. a wrong type', 'request.tool == 3', 'request.tool == 3 | CEL: no such overload: string == int'],
  ['a syntax error at its place', 'request.tool == ', ' | CEL: Unexpected token: EOF'],
  ['a bad glob', 'glob(request.tool, "${nope}/x")', '"${nope}/x" | CEL: "${nope}/x": unknown variable "${nope}"'],
  ['a bad command pattern', 'command("-x")', '"-x" | CEL: "-x" must begin with a program'],
])('%s', (_, expression, expected) => {
  expect(problems(expression)[0]).toContain(expected);
});

test('2. a list that is too long for loops is an error, not a wrong answer', () => {
  const long = args({ list: Array.from({ length: 501 }, (_, index) => index) });
  expect(evaluate('request.arguments.list.exists(x, x == 7)', long).kind).toBe('fault');
  expect(evaluate('request.arguments.list.all(x, x != 7)', long).kind).toBe('fault');
  expect(evaluate('request.tool == "other"', long).kind).toBe('true');
});

test('2. two nested loops over the longest lists end soon', () => {
  const list = Array.from({ length: 500 }, (_, index) => index);
  const started = performance.now();
  evaluate('request.arguments.a.exists(x, request.arguments.b.exists(y, x + y < 0.0))', args({ a: list, b: list }));
  expect(performance.now() - started).toBeLessThan(2_000);
});

test('2. reading the same long text again and again is over the cost limit', () => {
  const call = args({ text: 'a'.repeat(200_000), list: Array.from({ length: 100 }, (_, index) => index) });
  expect(evaluate('request.arguments.list.exists(x, request.arguments.text.matches("b$"))', call)).toEqual({
    kind: 'fault',
    message: 'it is over its cost limit',
  });
});

test('3. only a plain true or false counts', () => {
  // Nothing asynchronous can be registered from a policy; a value that is no boolean comes out of dynamic branches.
  expect(evaluate('(request.arguments.a ? request.arguments.b : false) == true', args({ a: true, b: 'yes' })).kind).not.toBe('true');
  expect(evaluate('request.arguments.a || request.arguments.b', args({ a: 'yes', b: 'yes' })).kind).toBe('fault');
});

test('6. errors in && and || are absorbed as CEL says', () => {
  expect(evaluate('request.arguments.missing == "x" || true').kind).toBe('true');
  expect(evaluate('request.arguments.missing == "x" && false').kind).toBe('false');
  expect(evaluate('request.arguments.missing == "x" && true').kind).toBe('fault');
});

test('7. has() faults when a parent is missing, an optional does not', () => {
  expect(evaluate('has(request.arguments.a)').kind).toBe('false');
  expect(evaluate('has(request.arguments.a.b)').kind).toBe('fault');
  expect(evaluate('request.arguments.?a.?b.orValue("none") == "none"').kind).toBe('true');
});

test('8. numbers of the arguments are doubles', () => {
  expect(evaluate('request.arguments.n == 3 && request.arguments.n > 2 && request.arguments.n in [1, 2, 3]', args({ n: 3 })).kind).toBe(
    'true',
  );
  expect(evaluate('request.arguments.n + 1 > 2', args({ n: 3 })).kind).toBe('fault');
  expect(evaluate('request.arguments.n + 1.0 > 2.0', args({ n: 3 })).kind).toBe('true');
});

test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty', 'size', 'get'])(
  '10. no prototype answers for the missing argument %s',
  (name) => {
    expect(evaluate(`has(request.arguments.${name})`).kind).toBe('false');
    expect(evaluate(`request.arguments.${name} == null`).kind).toBe('fault');
    expect(evaluate(`has(request.arguments.deep.${name})`, args({ deep: {} })).kind).toBe('false');
  },
);

test('10. an argument may be called __proto__', () => {
  expect(evaluate('request.arguments["__proto__"].tool == "x"', { arguments: JSON.parse('{"__proto__":{"tool":"x"}}') }).kind).toBe('true');
});

test.each(['constructor', '__proto__', 'toString'])('10. %s is no field of the request', (name) => {
  expect(problems(`request.${name} == null`)).toHaveLength(1);
  expect(problems(`request.agent.${name} == null`)).toHaveLength(1);
});

test('11. a value too large to look at is an error', () => {
  expect(evaluate('request.content.contains("b")', { content: 'a'.repeat(1_048_577) }).kind).toBe('fault');
});

test('12. times are timestamps', () => {
  expect(
    evaluate('request.time > timestamp("2025-01-01T00:00:00Z") && request.time - request.session.startedAt > duration("1h")').kind,
  ).toBe('true');
});

test('13. what the library lacks is an error when the policy is read', () => {
  expect(problems('request.tool.replace("a", "b") == ""')).toHaveLength(1);
});

test('one condition leaves nothing behind for the next', () => {
  const compiled = compiler.compile('command("rm")');
  if (!('condition' in compiled)) throw new Error('does not compile');
  expect(compiled.condition.evaluate(new Subject(testRequest('rm x'))).kind).toBe('true');
  expect(compiled.condition.evaluate(new Subject(testRequest('ls x'))).kind).toBe('false');
});

test('one that is compiled only when it is asked says the same, and is a fault where it is bad', () => {
  const later = new ConditionCompiler({ glob: () => undefined, command: () => undefined }, { unknownPrograms: 'match', lazily: true });
  const ask = (expression: string) => {
    const compiled = later.compile(expression);
    return 'condition' in compiled ? compiled.condition.evaluate(new Subject(testRequest('git push'))) : compiled;
  };
  expect(ask('request.tool == "shell"')).toEqual({ kind: 'true' });
  expect(ask('request.tool == "read"')).toEqual({ kind: 'false' });
  expect(ask('request.nothing == 1')).toMatchObject({ kind: 'fault', message: expect.stringContaining('nothing') });
});
