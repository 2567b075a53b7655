import { expect, test } from 'vitest';
import { judgeRule } from '../../../src/engine/policy/judge.ts';
import { Subject } from '../../../src/engine/policy/subject.ts';
import { testRequest } from '../../../src/engine/policy/test-request.ts';
import { analyzeCommand } from '../../../src/engine/shell/analyze.ts';
import type { CommandAnalysis } from '../../../src/engine/shell/analysis.ts';
import { goodPolicy, unused } from './policies.ts';

/** The analysis of a text with the span of each command where its text stands. */
function spanned(text: string): CommandAnalysis {
  const analysis = analyzeCommand(text);
  return {
    ...analysis,
    invocations: analysis.invocations.map((invocation) => {
      const start = text.indexOf(invocation.text);
      return { ...invocation, span: { start, end: start + invocation.text.length } };
    }),
  };
}

function parts(rule: string, text: string): readonly string[] {
  const file = goodPolicy([`name: r, ${rule}`]);
  const [document] = file.documents;
  const subject = new Subject(testRequest(text), spanned(text));
  const result = document?.rules.map((one) => judgeRule(one, { file, document, subject, usage: unused, exemption: () => undefined }))[0];
  if (result === undefined || !('finding' in result)) return ['(no match)'];
  return (result.finding.ref.parts ?? []).map(({ start, end }) => text.slice(start, end));
}

test.each<[string, string, string, readonly string[]]>([
  ['a command', 'action: deny, commands: rm -rf', 'ls && rm -rf a; echo b', ['rm -rf a']],
  ['several', 'action: require_approval, commands: rm', 'rm a; ls; rm b', ['rm a', 'rm b']],
  ['a path', 'action: deny, paths: {write: /etc}', 'ls; cp a /etc/b && ls /etc', ['cp a /etc/b']],
  ['a host', 'action: deny, domains: x.com', 'curl y.com; curl x.com', ['curl x.com']],
  [
    'a condition',
    `action: deny, conditions: [{cel: 'request.command.deletes.exists(d, d.place == "home")'}]`,
    'rm a; rm -rf ~',
    ['rm -rf ~'],
  ],
  ['a rule that is about any command', 'action: deny, tools: shell', 'ls; rm a', []],
  ['a rule that is about several together', `action: deny, conditions: [{cel: 'command("ls") && command("rm")'}]`, 'ls; rm a', []],
  ['a rule that allows', 'action: allow, commands: [ls, rm]', 'ls; rm a', []],
  [
    'no more than eight',
    'action: deny, commands: rm',
    Array.from({ length: 12 }, (_, index) => `rm a${index}b`).join(';'),
    Array.from({ length: 8 }, (_, index) => `rm a${index}b`),
  ],
])('the part that a rule is about: %s', (_, rule, text, expected) => {
  expect(parts(rule, text)).toEqual(expected);
});
