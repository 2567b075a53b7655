import { expect, test } from 'vitest';
import type { Action, Layer } from '../../../src/engine/decision.ts';
import { decide } from '../../../src/engine/policy/decide.ts';
import { explain } from '../../../src/engine/policy/explain.ts';
import { parsePolicyFile } from '../../../src/engine/policy/parse-file.ts';
import { testRequest } from '../../../src/engine/policy/test-request.ts';
import { goodPolicy, policy, unused } from './policies.ts';

const on = (action: string, name = action, more = ''): string => `name: ${name}, tools: [shell], action: ${action}${more}`;
const off = (action: string): string => `name: off-${action}, tools: [read], action: ${action}`;
const call = testRequest('ls');
const decideWith = (...files: ReturnType<typeof policy>[]) => decide({ files }, call, unused);

test.each<[string, string[], string, Action, string[]]>([
  ['nothing matches and there is no default: abstain', [off('deny')], '', 'abstain', []],
  ['nothing matches: the default', [off('allow')], 'defaultAction: require_approval', 'require_approval', ['(default)']],
  ['one matches: not the default', [on('allow')], 'defaultAction: deny', 'allow', ['allow']],
  ['a rule that abstains keeps the default away', [on('abstain')], 'defaultAction: deny', 'abstain', ['abstain']],
  ['two match: the stricter', [on('allow'), on('deny')], '', 'deny', ['deny']],
  ['the other way around: still the stricter', [on('deny'), on('allow')], '', 'deny', ['deny']],
  ['asking is stricter than allowing', [on('allow'), on('require_approval')], '', 'require_approval', ['require_approval']],
  ['denying is stricter than asking', [on('deny'), on('require_approval')], '', 'deny', ['deny']],
  ['allowing is stricter than abstaining', [on('abstain'), on('allow')], '', 'allow', ['allow']],
  ['rules that agree are all named', [on('deny', 'b'), on('deny', 'a')], '', 'deny', ['a', 'b']],
])('%s', (_, rules, spec, action, names) => {
  const decision = decideWith(goodPolicy(rules, { spec }));
  expect([decision.action, decision.rules.map((ref) => ref.rule), decision.mode]).toEqual([action, names, 'enforce']);
});

test('documents and layers combine by the strictest, outermost layer named first', () => {
  const decision = decideWith(
    goodPolicy([on('deny')], { name: 'inner', layer: 'built-in' }),
    goodPolicy([on('allow')], { name: 'middle', layer: 'workspace' }),
    goodPolicy([on('deny')], { name: 'outer', layer: 'organisation' }),
  );
  expect(decision.rules.map((ref) => ref.policy)).toEqual(['outer', 'inner']);
  expect(decision.rules[0]?.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
});

test('order never matters, and adding a document never loosens', () => {
  const severity = { abstain: 0, allow: 1, require_approval: 2, deny: 3 };
  const layers: Layer[] = ['organisation', 'user', 'workspace', 'built-in'];
  let seed = 7;
  const pick = <T>(values: readonly T[]): T => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    return values[seed % values.length] as T;
  };
  for (let round = 0; round < 150; round += 1) {
    const files = Array.from({ length: 4 }, (_, index) =>
      goodPolicy(
        Array.from(
          { length: 3 },
          (__, rule) =>
            `name: r${rule}, tools: [${pick(['shell', 'read', '"*"'])}], action: ${pick(['allow', 'deny', 'require_approval', 'abstain'])}`,
        ),
        {
          name: `p${index}`,
          layer: pick(layers),
          spec: `defaultAction: ${pick(['allow', 'deny', 'require_approval', 'abstain'])}\n  mode: ${pick(['enforce', 'enforce', 'observe'])}`,
        },
      ),
    );
    expect(decideWith(...files.toReversed())).toEqual(decideWith(...files));
    const effective = (some: typeof files) => {
      const decision = decideWith(...some);
      return decision.mode === 'observe' ? 0 : severity[decision.action];
    };
    for (let count = 0; count < files.length; count += 1) {
      expect(effective(files.slice(0, count + 1))).toBeGreaterThanOrEqual(effective(files.slice(0, count)));
    }
  }
});

test('an observing document never interferes, and is recorded', () => {
  const observing = goodPolicy([on('deny')], { name: 'watch', spec: 'mode: observe' });
  const beside = decideWith(observing, goodPolicy([on('allow')]));
  expect([beside.action, beside.mode, beside.observed.map((ref) => ref.policy)]).toEqual(['allow', 'enforce', ['watch']]);
  const alone = decideWith(observing);
  expect([alone.action, alone.mode, alone.rules.map((ref) => ref.policy)]).toEqual(['deny', 'observe', ['watch']]);
});

test('a failing condition is a denial, whatever the action of its rule', () => {
  for (const action of ['allow', 'deny', 'require_approval', 'abstain']) {
    const decision = decideWith(goodPolicy([`name: r, action: ${action}, conditions: [{cel: request.arguments.x == 1}]`]));
    expect([decision.action, decision.reason]).toEqual(['deny', expect.stringContaining('`request.arguments.x == 1` at p.yaml:5:')]);
  }
});

test.each<[string, string, Action]>([
  [
    'a condition that is false decides, also beside one that fails',
    'conditions: [{cel: "request.arguments.x == 1"}, {cel: "false"}]',
    'abstain',
  ],
  ['and in the other order', 'conditions: [{cel: "false"}, {cel: "request.arguments.x == 1"}]', 'abstain'],
  ['one condition may guard another', 'conditions: [{cel: has(request.arguments.x)}, {cel: "request.arguments.x == 1"}]', 'abstain'],
  ['an exception that holds decides', 'unless: [{cel: "true"}]', 'abstain'],
  ['an exception that does not hold', 'unless: [{cel: "false"}]', 'allow'],
  ['an exception that fails is a denial', 'unless: [{cel: "request.arguments.x == 1"}]', 'deny'],
  ['a rule out of reach is not asked', 'tools: [read], conditions: [{cel: "request.arguments.x == 1"}]', 'abstain'],
])('%s', (_, fields, action) => {
  expect(decideWith(goodPolicy([`name: r, action: allow, ${fields}`])).action).toBe(action);
});

test('a file with problems denies, and says which', () => {
  const broken = policy(['name: r, action: alow']);
  const decision = decideWith(broken, goodPolicy([on('allow')]));
  expect(decision).toMatchObject({ action: 'deny', rules: [{ policy: 'p.yaml', rule: '(error)' }] });
  expect(decision.reason).toContain(
    'p.yaml:5:29: "alow" is not valid here; it must be one of allow, deny, require_approval, abstain, did you mean "allow"?',
  );
});

test('a fault anywhere is a denial with the fault as reason', () => {
  const limited = goodPolicy([on('allow', 'r', ', rateLimit: {calls: 1, per: 1m}')]);
  const decision = decide({ files: [limited] }, call, {
    count: () => {
      throw new Error('the counts are gone');
    },
  });
  expect([decision.action, decision.reason]).toEqual(['deny', 'The call could not be judged, so it is denied: the counts are gone.']);
});

test.each<[string, number, Action, string[]]>([
  ['within its limit a rule says its action, and is counted', 9, 'allow', ['user/p/r/test']],
  ['past it, it denies, and is not counted', 10, 'deny', []],
])('%s', (_, used, action, counted) => {
  const asked: [string, number][] = [];
  const usage = {
    count: (key: string, windowMs: number) => {
      asked.push([key, windowMs]);
      return used;
    },
  };
  const decision = decide({ files: [goodPolicy([on('allow', 'r', ', rateLimit: {calls: 10, per: 1m}')])] }, call, usage);
  expect([decision.action, decision.counted, asked]).toEqual([action, counted, [['user/p/r/test', 60_000]]]);
});

test('past its limit a rule says what onLimit says, but never less than before', () => {
  const over = { count: () => 99 };
  const limit = (action: string, onLimit: string) =>
    decide({ files: [goodPolicy([on(action, 'r', `, rateLimit: {calls: 1, per: 1s}, onLimit: ${onLimit}`)])] }, call, over).action;
  expect([limit('allow', 'require_approval'), limit('deny', 'allow')]).toEqual(['require_approval', 'deny']);
});

test('a call that is denied uses up nothing', () => {
  expect(decideWith(goodPolicy([on('allow', 'r', ', rateLimit: {calls: 10, per: 1m}'), on('deny')])).counted).toEqual([]);
});

test('the terms of an approval combine to the strictest of each', () => {
  const decision = decideWith(
    goodPolicy([
      on('require_approval', 'a', ', approval: {timeout: 2h, onTimeout: abstain, approvers: [lead]}'),
      on('require_approval', 'b', ', approval: {timeout: 30m, onTimeout: abstain, reason: required, approvers: [lead, ops]}'),
    ]),
  );
  expect(decision.approval).toEqual({ timeoutMs: 1_800_000, onTimeout: 'abstain', approvers: ['lead', 'ops'], reason: 'required' });
  expect(decideWith(goodPolicy([on('require_approval')])).approval).toEqual({
    timeoutMs: 3_600_000,
    onTimeout: 'deny',
    approvers: [],
    reason: 'optional',
  });
  expect(
    decideWith(goodPolicy([on('require_approval', 'a', ', approval: {onTimeout: abstain}'), on('require_approval', 'b')])).approval
      ?.onTimeout,
  ).toBe('deny');
});

test.each<[string, Layer, boolean, boolean]>([
  ['the user layer', 'user', false, true],
  ['a trusted workspace file', 'workspace', true, true],
  ['a workspace file that nobody accepted', 'workspace', false, false],
])('autoApprove of %s', (_, layer, trusted, expected) => {
  const auto = on('allow', 'r', ', autoApprove: true');
  expect(decideWith(goodPolicy([auto], { layer, trusted })).autoApprove).toBe(expected);
  expect(decideWith(goodPolicy([auto], { layer, trusted }), goodPolicy([on('require_approval')], { name: 'q' })).autoApprove).toBe(false);
});

const exempt = (rule: string, more = ''): string => `exempt: [{rule: ${rule}, reason: weekly rebase${more}}]`;

test.each<[string, Layer, string, Layer, Action]>([
  ['the user exempts a workspace rule', 'user', exempt('p/deny'), 'workspace', 'abstain'],
  ['by a glob', 'user', exempt('"*/de*"'), 'workspace', 'abstain'],
  ['another rule', 'user', exempt('p/other'), 'workspace', 'deny'],
  ['the organisation exempts its own', 'organisation', exempt('p/deny'), 'organisation', 'abstain'],
  ['the user cannot exempt the organisation', 'user', exempt('p/deny'), 'organisation', 'deny'],
  ['until the end of a day, on it', 'user', exempt('p/deny', ', until: 2026-01-01'), 'user', 'abstain'],
  ['until the end of a day, after it', 'user', exempt('p/deny', ', until: 2025-12-31'), 'user', 'deny'],
  ['until a moment', 'user', exempt('p/deny', ', until: "2026-01-01T11:59:59Z"'), 'user', 'deny'],
])('exemptions: %s', (_, layer, top, target, action) => {
  const decision = decideWith(goodPolicy([], { name: 'grants', layer, top }), goodPolicy([on('deny')], { layer: target }));
  expect(decision.action).toBe(action);
  const recorded = decision.observed.map(({ rule, action: said, exemption }) => [rule, said, exemption?.reason, exemption?.grantedBy]);
  expect(recorded).toEqual(action === 'abstain' ? [['deny', 'deny', 'weekly rebase', 'grants']] : []);
});

test('fields to redact come from every rule that matched', () => {
  const decision = decideWith(
    goodPolicy([
      on('allow', 'a', ', redact: [$.token]'),
      on('deny', 'b', ', redact: ["$..password"]'),
      'name: c, tools: [read], action: deny, redact: [$.x]',
    ]),
  );
  expect(decision.redact.toSorted()).toEqual(['$..password', '$.token']);
});

test.each<[string, string, Parameters<typeof testRequest>[0], boolean]>([
  ['a canonical name', 'tools: [shell]', 'ls', true],
  ['the name of the agent', 'tools: Bash', 'ls', true],
  ['server and tool', 'tools: ["github/delete_*"]', { tool: 'delete_file', mcpServer: 'github' }, true],
  ['another server', 'tools: ["github/*"]', { tool: 'delete_file', mcpServer: 'gitlab' }, false],
  ['a host', 'domains: ["*.example.com"]', { domains: ['API.example.com'] }, true],
  ['a host in a command', 'domains: ["*.example.com"]', 'curl -sSL https://user@api.example.com:8443/x', true],
  ['a host of git', 'domains: ["github.com"]', 'git clone git@github.com:o/r.git', true],
  ['another host', 'domains: ["example.com"]', 'curl https://example.com.evil.net', false],
  ['a written path', 'paths: {write: [".env"]}', { paths: { write: ['.env'] } }, true],
  ['a path that is only read', 'paths: {write: [".env"]}', { paths: { read: ['.env'] } }, false],
  ['any path', 'paths: {any: [".env"]}', { paths: { read: ['.env'] } }, true],
  ['a path in a command', 'paths: {read: [".env"]}', 'cat .env | base64', true],
  ['a path behind cd', 'paths: {any: ["~/.ssh"]}', 'cd ~/.ssh && cat id_rsa', true],
  ['all matchers must hold', 'tools: [shell], commands: [rm]', 'ls', false],
])('a rule that denies meets %s', (_, fields, test_, matches) => {
  const decision = decide({ files: [goodPolicy([`name: r, action: deny, ${fields}`])] }, testRequest(test_), unused);
  expect(decision.action).toBe(matches ? 'deny' : 'abstain');
});

test.each<[string, string, Parameters<typeof testRequest>[0], boolean]>([
  ['every path', 'paths: {write: ["${workspace}/**"]}', { paths: { write: ['a', 'b'] } }, true],
  ['one path of two', 'paths: {write: ["${workspace}/**"]}', { paths: { write: ['a', '/etc/b'] } }, false],
  ['no path', 'paths: {write: ["**/*"]}', {}, false],
  ['every path of a command', 'paths: {read: ["${workspace}/**"]}', 'cat a b', true],
  ['a path of a command that is not known', 'paths: {read: ["${workspace}/**"]}', 'cat a "$X"', false],
  ['every host', 'domains: ["a.com"]', { domains: ['a.com'] }, true],
  ['one host of two', 'domains: ["a.com"]', { domains: ['a.com', 'b.com'] }, false],
  ['no host', 'domains: ["*"]', {}, false],
])('a rule that allows wants all: %s', (_, fields, test_, matches) => {
  const decision = decide({ files: [goodPolicy([`name: r, action: allow, ${fields}`])] }, testRequest(test_), unused);
  expect(decision.action).toBe(matches ? 'allow' : 'abstain');
});

test('explain names every rule in scope and what said no', () => {
  const file = goodPolicy(
    [
      on('allow', 'yes'),
      off('deny'),
      'name: cond, action: deny, conditions: [{cel: request.tool == "read"}]',
      'name: un, action: deny, unless: [{cel: request.tool == "shell"}]',
    ],
    { spec: 'defaultAction: deny' },
  );
  const { decision, considered } = explain(
    { files: [file, goodPolicy([on('deny')], { name: 'far', spec: 'agent: codex' })] },
    call,
    unused,
  );
  expect(decision).toEqual(decide({ files: [file] }, call, unused));
  expect(considered.map(({ rule, matched, why }) => [rule, matched, why])).toEqual([
    ['yes', true, 'Allowed by rule "yes" of policy "p".'],
    ['off-deny', false, '"tools" does not match'],
    ['cond', false, 'the condition `request.tool == "read"` is false'],
    ['un', false, '"unless" `request.tool == "shell"` is true'],
  ]);
});

test('a broken file in a workspace denies as well', () => {
  const broken = parsePolicyFile({ path: 'w.yaml', layer: 'workspace', source: 'a: [', trusted: false });
  expect(decide({ files: [broken] }, call, unused).action).toBe('deny');
});

test.each<[string, Action, string]>([
  ['cat /tmp/link/secret', 'deny', 'a link is followed'],
  ['cat /tmp/other/secret', 'abstain', 'another folder is another folder'],
  ['cat /home/user/keys/secret', 'deny', 'the path as it is written counts, too'],
  ['cat /tmp/link/"$NAME"', 'deny', 'the known folder of an unknown name is followed'],
  ['cat /tmp/odd/secret', 'deny', 'a path that leads nowhere known is not allowed'],
])('%s: %s, because %s', (command, action) => {
  const set = { files: [goodPolicy(['name: keys, paths: {read: ["~/keys/**"]}, action: deny'])] };
  const resolve = (path: string): string => {
    if (path.startsWith('/tmp/odd')) throw new Error('a loop of links');
    return path.replace('/tmp/link', '/home/user/keys');
  };
  expect(decide(set, { ...testRequest(command), resolve }, unused).action).toBe(action);
});

test.each<[string, string, string, Action]>([
  ['an unknown program may be any command', '', '$CMD -rf x', 'deny'],
  ['unless the document leaves those to another', 'unknownPrograms: ignore', '$CMD -rf x', 'abstain'],
  ['a known program with unknown words still counts', 'unknownPrograms: ignore', 'rm "$FLAGS" x', 'deny'],
])('%s', (_, spec, command, action) => {
  for (const rule of ['commands: rm -rf', `conditions: [{cel: 'command("rm -rf")'}]`]) {
    const file = goodPolicy([`name: r, action: deny, ${rule}`], { spec });
    expect(decide({ files: [file] }, testRequest(command), unused).action).toBe(action);
  }
});

test.each<[string, Action]>([
  ['curl https://ok.com', 'allow'],
  ['curl https://ok.com "$URL"', 'abstain'],
  ['curl https://ok.com https://other.com', 'abstain'],
])('a rule that allows hosts needs to know each: %s', (command, action) => {
  const file = goodPolicy(['name: r, action: allow, domains: ok.com']);
  expect(decide({ files: [file] }, testRequest(command), unused).action).toBe(action);
});
