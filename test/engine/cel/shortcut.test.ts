import { expect, test } from 'vitest';
import { ConditionCompiler, type Condition, type ConditionResult } from '../../../src/engine/cel/condition.ts';
import type { TestCall } from '../../../src/engine/policy/schema.ts';
import { Subject } from '../../../src/engine/policy/subject.ts';
import { testRequest } from '../../../src/engine/policy/test-request.ts';
import { packs, shipped } from '../policy/shipped.ts';

const compiler = new ConditionCompiler({ glob: () => undefined, command: () => undefined });
const rules = [...shipped, ...packs].flatMap(({ documents }) => documents.flatMap((document) => document.rules));
const expressions = [
  ...new Set(rules.flatMap((rule) => [...rule.conditions, ...rule.unless].map(({ condition }) => condition.expression))),
];
const calls = rules.flatMap((rule) => rule.tests.map(({ call }) => call)).filter((_, n) => n % 7 === 0);

test('shortcuts say of every shipped condition what the whole expression says', { timeout: 60_000 }, () => {
  // No shortcut looks into a list.
  const both = expressions.map((expression) => [compiled(expression), compiled(`[${expression}][0]`)] as const);
  const subjects = calls.map((call) => new Subject(testRequest(call)));
  const differing = both.flatMap(([short, whole]) =>
    subjects
      .filter((subject) => short.evaluate(subject).kind !== whole.evaluate(subject).kind)
      .map(({ request }) => [short.expression, request.call.command]),
  );
  expect([expressions.length > 100, calls.length > 100, differing]).toEqual([true, true, []]);
});

test.each<[string, TestCall | string, ConditionResult['kind']]>([
  ['request.command.deletes.exists(d, d.path.nothing == "")', 'ls', 'fault'],
  ['request.command.deletes.exists(d, d.path == "")', 'ls', 'false'],
  ['has(request.arguments.a) && request.arguments.a.b == 1', {}, 'false'],
  ['has(request.arguments.a) && request.arguments.a.b == 1', { arguments: { a: 1 } }, 'fault'],
  ['request.arguments.a == 1 && request.tool.matches("^x$")', { tool: 'other' }, 'false'],
  ['request.arguments.a == 1 || !request.tool.matches("^x$")', { tool: 'other' }, 'true'],
  ['request.arguments.a == 1 || request.tool.matches("^x$")', { tool: 'other' }, 'fault'],
  ['!request.command.text.contains("|")', 'ls | cat', 'false'],
  ['request.command.text.matches("^$")', {}, 'true'],
  ['request.command.text.matches("^ls$")', 'ls', 'true'],
  ['request.command.invocations.exists(i, i.name == "ls" && i.args.exists(a, a == "-l"))', 'cd x && ls -a -l', 'true'],
  ['request.command.invocations.exists(i, i.name == "ls" && i.args.exists(a, a == "-l"))', 'ls -a && wc -l', 'false'],
  ['request.command.invocations.exists(i, i.name in ["rm", "ls"])', 'cd x && ls', 'true'],
  ['request.command.invocations.exists(i, !(i.name in ["cd", "ls"]))', 'cd x && ls', 'false'],
  ['request.command.invocations.exists(i, i.args.exists(i, i.startsWith("-l")))', 'ls -la', 'true'],
  ['request.command.invocations.exists(request, request.name == "ls")', 'ls', 'true'],
  ['request.command.invocations.exists(i, i.name == "ls" || request.arguments.a.b == 1)', 'cd x && ls', 'true'],
  ['request.command.invocations.exists(i, i.name != "ls" && request.arguments.a.b == 1)', 'ls', 'false'],
  ['request.command.invocations.exists(i, i.name == "ls" && request.arguments.a.b == 1)', 'ls', 'fault'],
  ['request.command.writes.exists(w, w.place == "system" && w.path != "/etc/x")', 'tee /etc/y', 'true'],
])('%s is, for %j, %s', (expression, call, kind) => {
  const found = compiler.compile(expression);
  const result = 'condition' in found ? found.condition.evaluate(new Subject(testRequest(call))).kind : 'fault';
  expect(result).toBe(kind);
});

function compiled(expression: string): Condition {
  const found = compiler.compile(expression);
  if ('condition' in found) return found.condition;
  throw new Error(`${expression}: ${found.problems[0]?.message ?? ''}`);
}
