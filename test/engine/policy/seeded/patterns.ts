import { exempting, rule, spec, type Seed } from './seed.ts';

const many = `{${Array.from({ length: 65 }, (_, index) => `a${index}`).join(',')}}`;

/** Globs, command patterns and path patterns. */
export const patterns: readonly Seed[] = [
  ['a class without its end', rule('tools: [x, «"a[b"»]'), '"a[b]"', 'Bad pattern: "a[b" has "[" without "]"'],
  ['a class without its end, alone', rule('tools: «"[ab"»'), '"[ab]"', 'Bad pattern: "[ab" has "[" without "]"'],
  ['an alternative without its end', rule('tools: «"{read,write"»'), '"{read,write}"', 'Bad pattern: "{read,write" has "{" without "}"'],
  ['a lone backslash', rule("tools: «'a\\'»"), "'a\\*'", 'Bad pattern: "a\\" ends with a lone "\\"'],
  ['too many alternatives', rule(`tools: «"${many}"»`), '"a*"', `Bad pattern: "${many}" has more than 64 alternatives`],
  ['a bad glob of a server', spec('mcpServer: [github, «"git[hub"»]'), '"git[hl]ub"', 'Bad pattern: "git[hub" has "[" without "]"'],
  ['a bad glob of an agent', spec('agent: «"{claude-code"»'), '"{claude-code,codex}"', 'Bad pattern: "{claude-code" has "{" without "}"'],
  ['a bad glob of a host', rule('domains: [«"[.example.com"»]'), '"*.example.com"', 'Bad pattern: "[.example.com" has "[" without "]"'],
  ['a bad glob of an exempted rule', exempting('- {rule: «"a/{b"», reason: r}'), '"a/{b,c}"', 'Bad pattern: "{b" has "{" without "}"'],
  [
    'a bad glob in a list of lines',
    rule('tools:\n        - read\n        - «"w[rite"»\n        - edit'),
    'write',
    'Bad pattern: "w[rite" has "[" without "]"',
  ],

  [
    'a command that begins with an option',
    rule('commands: «"--force"»'),
    '"git push --force"',
    'Bad pattern: "--force" must begin with a program',
  ],
  [
    'a command that begins with any number of words',
    rule('commands: [«"** push"»]'),
    '"git ** push"',
    'Bad pattern: "** push" must begin with a program',
  ],
  ['a command of blanks', rule('commands: «"  "»'), '"ls"', 'Bad pattern: a command pattern needs a program'],
  [
    'a quote without its end in a command',
    rule(`commands: [git push, «git commit -m "wip»]`),
    'git commit -m "wip"',
    'Bad pattern: "git commit -m "wip" has a quote without its end',
  ],
  [
    'an apostrophe in a command',
    rule(`commands: «"echo don't"»`),
    `"echo \\"don't\\""`,
    `Bad pattern: "echo don't" has a quote without its end`,
  ],
  ['a class without its end in a command', rule('commands: «"git pu[sh"»'), '"git push"', 'Bad pattern: "pu[sh" has "[" without "]"'],
  [
    'an alternative without its end in a command',
    rule('commands: «"git {push,pull"»'),
    '"git {push,pull}"',
    'Bad pattern: "{push,pull" has "{" without "}"',
  ],
  [
    'a bad command in a folded block',
    rule('commands: «>-\n        git\n        pu[sh»'),
    '"git push"',
    'Bad pattern: "pu[sh" has "[" without "]"',
  ],

  [
    'an unknown variable',
    rule('paths: {read: [x, «"${hom}/x"»]}'),
    '"${home}/x"',
    'Bad pattern: "${hom}/x": unknown variable "${hom}", did you mean "home"?',
  ],
  [
    'an environment variable',
    rule('paths: {read: «"${HOME}/x"»}'),
    '"${home}/x"',
    'Bad pattern: "${HOME}/x": unknown variable "${HOME}", did you mean "home"?',
  ],
  [
    'a variable in the middle',
    rule('paths: {write: «"/x/${workspace}"»}'),
    '"${workspace}/x"',
    'Bad pattern: "/x/${workspace}": a variable stands at the beginning and is followed by "/"',
  ],
  [
    'a variable that runs on',
    rule('paths: {write: «"${workspace}x"»}'),
    '"${workspace}/x"',
    'Bad pattern: "${workspace}x": a variable stands at the beginning and is followed by "/"',
  ],
  [
    'the home of somebody else',
    rule('paths: {any: «~ada/x»}'),
    '/home/ada/x',
    'Bad pattern: "~ada/x": only the own home directory (~) is understood',
  ],
  ['nothing after an exclamation mark', rule('paths: {any: [x, «"!"»]}'), '"!y"', 'Bad pattern: "!" is an empty pattern'],
  ['a class without its end in a path', rule('paths: {any: «"src/[a-z"»}'), '"src/[a-z]"', 'Bad pattern: "[a-z" has "[" without "]"'],
  [
    'an alternative without its end in a path',
    rule('paths: {any: [«"*.{ts,js"»]}'),
    '"*.{ts,js}"',
    'Bad pattern: "*.{ts,js" has "{" without "}"',
  ],
  [
    'a bad path in a block of lists',
    rule('paths:\n        read: ~/x\n        write:\n          - «"a[b"»'),
    '"a[b]"',
    'Bad pattern: "a[b" has "[" without "]"',
  ],
];
