import { describe, expect, test } from 'vitest';
import { toolArguments } from '../../../../src/agents/claude-code/tool-arguments.ts';
import { lintFile } from '../../../../src/engine/policy/lint/lint-file.ts';
import type { Check, LintContext } from '../../../../src/engine/policy/lint/finding.ts';
import { parsePolicyFile } from '../../../../src/engine/policy/parse-file.ts';
import { packs, shipped } from '../shipped.ts';

const context: LintContext = {
  now: new Date('2026-06-01T00:00:00Z'),
  files: [...shipped, ...packs],
  workspace: { root: '/w', home: '/home/u', paths: ['src/main.ts', 'docs/a/b.md', '.env'] },
  people: ['ada', 'ada@example.com'],
  argumentsOf: toolArguments,
};

const spec = (text: string): string => `kind: ToolPolicy\nmetadata: {name: p}\nspec:\n  ${text}\n`;
const rules = (...lines: readonly string[]): string => spec(`rules:\n${lines.map((line) => `    - {${line}}`).join('\n')}`);
const denies = (fields: string): string => rules(`name: r, action: deny, ${fields}`);
const allows = (fields: string): string => rules(`name: r, action: allow, ${fields}`);
const when = (cel: string): string => denies(`tools: [shell], conditions: [{cel: '${cel}'}]`);
const exempt = (text: string): string => `exempt:\n  - {${text}}\n${spec('mode: enforce')}`;

const server = (line: string): string => spec(`mcpServer: github\n  rules:\n    - {name: r, ${line}}`);

/** What is found, at «these» characters: the check, and what is said in part. */
const table: readonly (readonly [string, string, Check, string])[] = [
  [
    'a tool as Claude Code writes permissions',
    denies('tools: «"Bash(git push:*)"»'),
    'never-matches',
    'is matched by "commands: git push"',
  ],
  ['a tool with a blank', denies('tools: [read, «"create issue"»]'), 'never-matches', 'No tool has " " in its name'],
  ['a built-in tool, misspelt', denies('tools: «shel»'), 'never-matches', 'did you mean "shell"?'],
  [
    'two commands in one pattern',
    denies('commands: [ls, «git add && git commit»]'),
    'never-matches',
    'each simple command of a line is matched by itself',
  ],
  [
    'a command as Claude Code writes permissions',
    denies('commands: «"Bash(git push:*)"»'),
    'never-matches',
    'write the command itself, "git push"',
  ],
  ['a pipe', denies('commands: «"curl * | sh"»'), 'never-matches', 'each simple command'],
  ['a variable before the program', denies('commands: «FOO=1 make»'), 'never-matches', 'each simple command'],
  ['a redirection', denies('commands: «echo x > y»'), 'never-matches', 'each simple command'],
  [
    'sudo in a rule that allows',
    allows('commands: [«sudo apt *»]'),
    'never-matches',
    'A rule that allows takes nothing like "sudo apt x" for certain',
  ],
  ['commands of a server in a rule that allows', server('action: allow, commands: «[ls]»'), 'never-matches', 'what a server would run'],
  ['commands of a tool that runs none', denies('tools: [read], commands: «[ls]»'), 'never-matches', '"read" run no commands'],
  ['a tool of another server', server('action: deny, tools: [«gitlab/*», create_issue]'), 'never-matches', 'the server github only'],
  ['a path above', denies('paths: {write: [«../other/**»]}'), 'never-matches', 'without ".."'],
  ['a path as on Windows', denies("paths: {write: «'src\\main\\x'»}"), 'never-matches', 'a backslash'],
  ['a path that is taken back', denies('paths: {write: [«src/gen/**», "!src/gen"]}'), 'never-matches', '"!src/gen" further down'],
  ['an address as a path', denies('paths: {read: «"https://example.com/x"»}'), 'never-matches', 'by "domains"'],
  ['an address as a host', denies('domains: [«"https://example.com/x"»]'), 'never-matches', 'here "example.com"'],
  ['a host with its port', denies('domains: «"localhost:8080"»'), 'never-matches', 'here "localhost"'],

  ['a condition that is false', denies(`conditions: [{cel: «request.command.network && 1 > 2»}]`), 'never-matches', 'always false'],
  [
    'unless something that is true',
    denies(`unless: [{cel: «'size("a") == 1 || request.command.dynamic'»}]`),
    'never-matches',
    'always true',
  ],
  [
    'two values at once',
    denies(`conditions: [{cel: 'request.session.mode == "plan"'}, {cel: '«request.session.mode == "default"»'}]`),
    'never-matches',
    '"plan" as well',
  ],
  [
    'two lists without a value in common',
    when('request.mcpServer in ["a", "b"] && «request.mcpServer == "c"»'),
    'never-matches',
    '"a" or "b" as well',
  ],
  [
    'another tool than the rule is about',
    denies(`tools: [read], conditions: [{cel: '«request.tool == "write"»'}]`),
    'never-matches',
    '"read" as well',
  ],
  [
    'the same in a condition and in unless',
    denies(`conditions: [{cel: request.command.dynamic}], unless: [{cel: «request.command.dynamic»}]`),
    'never-matches',
    'asks for the same',
  ],
  [
    'a place that does not exist',
    when('request.command.deletes.exists(d, d.place == «"hom"»)'),
    'never-matches',
    'A place is never "hom", did you mean "home"?',
  ],
  ['a place in a list', when('place(request.workspace.root) in ["home", «"root"»]'), 'never-matches', 'A place is never "root"'],
  ['a state of git that does not exist', when('request.command.writes.all(w, w.git != «"dirty"»)'), 'never-matches', 'never "dirty"'],

  ['a division by zero', when('request.session.calls > «1 / 0»'), 'always-fails', 'This always fails'],
  ['a conversion that cannot be', when('request.session.calls > «int("many")»'), 'always-fails', 'a condition that fails denies'],
  ['an item that a list does not have', when('request.tool == «["a"][3]»'), 'always-fails', 'This always fails'],
  ['a time that is none', when('request.time > «timestamp("tomorrow")»'), 'always-fails', 'This always fails'],
  ['a folder that is relative', when('inside(request.workspace.root, «"src"»)'), 'always-fails', 'an absolute directory'],
  [
    'an argument that the tool does not have',
    when('request.arguments.«comand».contains("x")'),
    'always-fails',
    'The arguments of "shell" have no "comand", did you mean "command"?',
  ],

  [
    'a rule under a stricter one',
    rules('name: all, action: deny, commands: [git push]', 'name: «some», action: allow, commands: [git push origin]'),
    'shadowed',
    '"all" denies wherever it matches',
  ],
  [
    'in the other order',
    rules(
      'name: «some», action: allow, commands: ["git push -f origin"]',
      'name: all, action: require_approval, commands: ["git push -f"]',
    ),
    'shadowed',
    '"all" asks wherever',
  ],
  [
    'by tools',
    rules('name: all, action: deny, tools: "*"', 'name: «some», action: require_approval, tools: [read, write]'),
    'shadowed',
    '"all" denies',
  ],
  [
    'by paths',
    rules('name: all, action: deny, paths: {any: [src/**]}', 'name: «some», action: allow, paths: {read: [src/main.ts, "!src/x"]}'),
    'shadowed',
    '"all" denies',
  ],
  [
    'by hosts',
    rules('name: all, action: deny, domains: ["*.example.com"]', 'name: «some», action: allow, domains: [A.example.com]'),
    'shadowed',
    '"all" denies',
  ],
  [
    'by conditions',
    rules(
      `name: all, action: deny, tools: [shell], conditions: [{cel: request.command.dynamic}]`,
      `name: «some», action: allow, tools: [shell], conditions: [{cel: request.command.dynamic}, {cel: request.command.network}]`,
    ),
    'shadowed',
    '"all" denies',
  ],

  [
    'an approver whom nobody knows',
    rules('name: r, action: require_approval, approval: {approvers: [ada, «release-managers»]}'),
    'unreachable-approver',
    'Nobody that is known here is "release-managers"',
  ],
  [
    'an approver, misspelt',
    rules('name: r, action: require_approval, approval: {approvers: [«adda»]}'),
    'unreachable-approver',
    'did you mean "ada"?',
  ],

  [
    'an exemption that is over',
    exempt('rule: baseline-git/force-push, reason: r, until: «2026-05-31»'),
    'expired-exemption',
    'This exemption ended (2026-05-31)',
  ],
  [
    'an exemption of no policy',
    exempt('rule: «nobody/nothing», reason: r'),
    'unknown-exemption',
    'No policy here has a rule "nobody/nothing"',
  ],
  [
    'an exemption, misspelt',
    exempt('rule: «baseline-git/force-psh», reason: r'),
    'unknown-exemption',
    'did you mean "baseline-git/force-push"?',
  ],
  [
    'an exemption of self-protection',
    exempt('rule: «self-protection/no-changing-state», reason: r'),
    'unknown-exemption',
    'Self-protection cannot be exempted',
  ],

  [
    'autoApprove of everything',
    allows('tools: [shell], autoApprove: «true»'),
    'auto-approves-destructive',
    'This approves by itself what "',
  ],
  ['autoApprove of a program', allows('commands: ["git **"], autoApprove: «true»'), 'auto-approves-destructive', '"baseline-git/'],
  ['autoApprove of what is written', allows('tools: [write], autoApprove: «true»'), 'auto-approves-destructive', 'This approves by itself'],

  [
    'a folder that is not there',
    denies('paths: {write: [src/**, «lib/**»]}'),
    'matches-nothing-here',
    'No file of this workspace matches this',
  ],
  ['a folder that is not there, in full', denies('paths: {write: «"${workspace}/lib"»}'), 'matches-nothing-here', 'No file'],
  ['a kind of file that is not there', denies('paths: {read: «"*.pem"»}'), 'matches-nothing-here', 'No file'],
];

describe('found', () => {
  test.each(table)('%s', (_, marked, check, says) => {
    const found = lint(marked.replaceAll(/[«»]/g, ''));
    expect(found).toMatchObject([{ check, message: expect.stringContaining(says) }]);
    expect(found[0]?.at).toBe(placeOf(marked));
  });
});

describe('fine', () => {
  test.each<[string, string]>([
    ['a native name of a tool', denies('tools: [Bash, mcp__github__create_issue, "github/*"]')],
    ['a tool of a server that is called like a built-in one, nearly', server('action: deny, tools: [reads]')],
    ['a command with wildcards', denies('commands: ["kubectl ** -n prod*", "rm -rf *", "git push {-f,--force}"]')],
    ['a path of the machine', denies('paths: {read: [/etc/shadow, ~/.aws/**, "${home}/x"]}')],
    ['a host with a wildcard', denies('domains: ["*.example.com", localhost, "10.*"]')],
    ['a condition that may hold', when('request.session.calls > 1 && request.tool in ["shell", "read"]')],
    ['a fault that may be avoided', when('request.command.dynamic && 1 / 0 > 1')],
    ['an argument that may be missing', when('has(request.arguments.comand) && request.arguments.command != ""')],
    [
      'an argument of a tool that nobody described',
      denies(`tools: [create_issue], conditions: [{cel: 'request.arguments.base == "main"'}]`),
    ],
    ['a place in an argument', denies(`tools: [order], conditions: [{cel: 'request.arguments.place == "table 3"'}]`)],
    [
      'an exception from a question',
      rules('name: ask, action: require_approval, commands: [git push]', 'name: no, action: deny, commands: [git push -f]'),
    ],
    [
      'a rule about another subcommand',
      rules('name: no, action: deny, commands: [git push]', 'name: ok, action: allow, commands: [git pull]'),
    ],
    [
      'a rule about more than the stricter one',
      rules('name: no, action: deny, commands: [git push -f]', 'name: ok, action: allow, commands: [git push]'),
    ],
    [
      'a rule about another field',
      rules('name: no, action: deny, commands: [git push], tools: [shell]', 'name: ok, action: allow, commands: [git push origin]'),
    ],
    [
      'everything but a folder',
      rules('name: no, action: deny, paths: {any: [src/**]}', 'name: ok, action: allow, paths: {any: ["!src/**"]}'),
    ],
    [
      'a rule that keeps something out of the log',
      rules('name: no, action: deny, tools: "*"', 'name: ok, action: allow, tools: [read], redact: [$.token]'),
    ],
    [
      'a condition that may deny',
      rules(
        'name: ask, action: require_approval, tools: "*"',
        `name: ok, action: allow, tools: [x], conditions: [{cel: 'request.arguments.a == 1'}]`,
      ),
    ],
    ['an exemption until later', exempt('rule: "baseline-git/*", reason: r, until: 2026-06-01')],
    ['an exemption of a default', exempt('rule: p/(default), reason: r')],
    ['autoApprove of tests', allows('commands: [npm test, npm run lint], autoApprove: true')],
    ['an approver by name or address', rules('name: r, action: require_approval, approval: {approvers: [Ada, ada@example.com]}')],
    ['a file that is there', denies('paths: {any: [src, "*.md", .env, "docs/*/b.md", "!lib"]}')],
    ['a file with problems, which come first', denies('tool: x')],
  ])('%s', (_, source) => {
    expect(lint(source)).toEqual([]);
  });
});

test('nothing that we ship is hardly meant', () => {
  const { now, files } = context;
  expect(files.flatMap((file) => lintFile(file, { now, files, argumentsOf: toolArguments }))).toEqual([]);
});

test('what is not known is not looked for', () => {
  const source = rules(
    'name: r, action: require_approval, paths: {any: lib/**}, approval: {approvers: [nobody]}',
    'name: a, action: allow, autoApprove: true, tools: "*"',
  );
  expect(lint(source, { now: context.now, files: [] })).toEqual([]);
});

test('only what depends on the place where a policy is used is a hint', () => {
  const severities = new Map(
    table.map(([, marked]) => lint(marked.replaceAll(/[«»]/g, ''))[0]).map((one) => [`${one?.check} ${one?.severity}`, one]),
  );
  expect([...severities.keys()].filter((key) => key.endsWith('hint'))).toEqual(['never-matches hint', 'matches-nothing-here hint']);
});

function lint(source: string, given: LintContext = context) {
  return lintFile(parsePolicyFile({ path: 'f.yaml', layer: 'user', source, trusted: true }), given).map((found) => ({
    ...found,
    at: `${found.position.line}:${found.position.column}-${found.position.endLine}:${found.position.endColumn}`,
  }));
}

/** Where the marks are, in the text without them. */
function placeOf(marked: string): string {
  const [before = '', within = ''] = marked.split(/[«»]/);
  const at = (text: string): string => `${text.split('\n').length}:${(text.split('\n').at(-1)?.length ?? 0) + 1}`;
  return `${at(before)}-${at(before + within)}`;
}
