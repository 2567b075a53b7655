import { describe, expect, test } from 'vitest';
import { explainStart } from '../../../src/engine/artifact/explain-start.ts';
import { runArtifactTests } from '../../../src/engine/artifact/run-tests.ts';
import { scanOf } from '../../../src/engine/artifact/scan.ts';
import type { ServerStart } from '../../../src/engine/artifact/start.ts';
import { parsePolicyFile } from '../../../src/engine/policy/parse-file.ts';
import type { PolicyFile } from '../../../src/engine/policy/policy-set.ts';
import { parsePolicyTestFile } from '../../../src/engine/policy/policy-test-file.ts';
import { runPolicyTestFile, runPolicyTests } from '../../../src/engine/policy/policy-tests.ts';
import { stepsText } from '../../../src/engine/policy/steps-text.ts';
import { outcomesOfPolicy } from '../../../src/engine/policy/test-list.ts';
import { testRequest } from '../../../src/engine/policy/test-request.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const servers = `
    - {name: files, source: {npm: "@scope/files", version: 1.2.3}, signedBy: [{ssh: "a@b"}]}
    - {name: db, source: {image: "o/db@${digest}"}}
    - {name: notes, source: {file: ~/notes.mjs, sha256: ${'c'.repeat(64)}}, scans: {required: [osv], maxSeverity: low, maxAge: 7d}}
    - {name: far, source: {url: "https://mcp.example/x"}, conditions: [{cel: '"dev" in request.user.roles'}]}`;

function file(tests: string): PolicyFile {
  const source = `kind: ArtifactPolicy\nmetadata: {name: ours}\nspec:\n  unpinned: deny\n  defaultAction: require_approval\n  servers:${servers}\n  tests: [${tests}]\n`;
  const parsed = parsePolicyFile({ path: 'ours.yaml', layer: 'user', trusted: true, source });
  expect(parsed.problems).toEqual([]);
  return parsed;
}
const found = (start: string): string => runArtifactTests(file(`{start: ${start}, expect: allow}`))[0]?.found ?? '';

test.each<[string, string, string]>([
  ['what is left out is as listed, and nobody signed it', '{server: files}', 'deny by files'],
  ['signed by whom the policy names', '{server: files, signedBy: [{ssh: a@b}]}', 'allow by files'],
  ['signed by somebody else', '{server: files, signedBy: [{ssh: c@d}]}', 'deny by files'],
  ['another version than listed', '{server: files, source: {version: 1.2.4}, signedBy: [{ssh: a@b}]}', 'deny by files'],
  ['a command that gets what is listed', '{server: files, command: npx -y @scope/files@1.2.3, signedBy: [{ssh: a@b}]}', 'allow by files'],
  ['a command that gets another package', '{server: files, command: npx -y evil@1.2.3, signedBy: [{ssh: a@b}]}', 'deny by files'],
  ['an image as listed', '{server: db}', 'allow by db'],
  ['an image by its tag', '{server: db, source: {image: "o/db:1"}}', 'deny by db'],
  ['an image with options', `{server: db, command: "docker run -i -v /:/h o/db@${digest}"}`, 'require_approval by (options)'],
  ['a file without its scan', '{server: notes}', 'deny by (scans)'],
  ['a file with its scan', '{server: notes, scans: {osv: low}}', 'allow by notes'],
  ['a scan that is old', '{server: notes, scans: {osv: {max: none, at: "2025-12-01"}}}', 'deny by (scans)'],
  ['a scan that is not available', '{server: notes, scans: {osv: unavailable}}', 'deny by (scans)'],
  ['a file with another hash', `{server: notes, source: {sha256: ${'d'.repeat(64)}}, scans: {osv: none}}`, 'deny by notes'],
  ['a file elsewhere', '{server: notes, command: node /tmp/notes.mjs}', 'deny by notes'],
  ['who may not', '{server: far}', 'deny by far'],
  ['who may', '{server: far, user: {roles: [dev]}}', 'allow by far'],
  ['a command of nobody', '"npx -y x"', 'deny by (unpinned)'],
  ['a program of nobody', '"/opt/x --y"', 'require_approval by (default)'],
  ['a server of nobody, and nothing else', '{server: other}', 'error'],
])('a test asks its policy about a start: %s', (_, start, expected) => {
  expect(found(start)).toBe(expected);
});

test('a test that fails says what was found and why, in every list of tests', () => {
  const one = file(
    '{start: {server: db}, expect: deny}, {start: {server: db}, expect: allow, rule: db}, {start: {server: db}, expect: allow, rule: x}',
  );
  const results = runPolicyTests(one);
  expect(results.map(({ passed }) => passed)).toEqual([false, true, false]);
  expect(results[0]).toMatchObject({
    name: 'ours: {"server":"db"}',
    expected: 'deny',
    found: 'allow by db',
    why: expect.stringContaining('the image o/db'),
  });
  expect(results.map(({ position }) => position.line)).toEqual([11, 11, 11]);
  expect(outcomesOfPolicy(one).map(({ id, passed }) => [id, passed])).toEqual([
    ['deny {"server":"db"}', false],
    ['allow by db {"server":"db"}', true],
    ['allow by x {"server":"db"}', false],
  ]);
});

describe('a test file', () => {
  const cases = (text: string) => parsePolicyTestFile({ path: 'ours.test.yaml', source: text });

  test('asks all policies about starts, beside calls', () => {
    const tests = cases(`- {name: a start, start: {server: db}, expect: {action: allow, rule: ours/db}}
- {name: another, start: npx -y x, expect: {action: allow}}
- {name: a call, call: ls, expect: {action: abstain}}
`);
    const results = runPolicyTestFile(tests, { files: [file('')] });
    expect(results.map(({ passed, found: said }) => [passed, said])).toEqual([
      [true, 'allow by ours/db'],
      [false, 'deny by ours/(unpinned)'],
      [true, 'abstain'],
    ]);
  });

  test.each(['- {name: both, call: ls, start: ls, expect: {action: deny}}', '- {name: none, expect: {action: deny}}'])('%s', (text) => {
    expect(cases(text).problems.map(({ message }) => message)).toEqual(['A case is about exactly one of call, start']);
  });
});

describe('an explanation', () => {
  const start = (server: string, more: Partial<ServerStart> = {}): ServerStart => ({
    server,
    command: ['node', 'notes.mjs'],
    source: { kind: 'file', path: '/home/user/notes.mjs', sha256: 'c'.repeat(64) },
    ...more,
  });
  const request = testRequest({ tool: 'mcp:start', time: '2026-01-10T00:00:00Z' });
  const lines = (about: ServerStart): string => stepsText(explainStart({ files: [file('')] }, about, request), false).join('\n');

  test('says which entry is about it, and of each thing that it asks whether it holds', () => {
    const text = lines(start('notes', { scans: [scanOf('osv', '2026-01-01T00:00:00Z', [])] }));
    expect(text).toMatch(/^deny: .*older than 7d/);
    expect(text).toMatch(/runs +node notes\.mjs/);
    expect(text).toMatch(/notes \(line 9\) applies: allow\n +yes source: \{"kind":"file"/);
    expect(text).toMatch(/\(scans\) .*applies: deny\n +no +scans: .*older than 7d/);
  });

  test('says what does not hold, and how it is', () => {
    const text = lines(start('far', { source: { kind: 'url', url: 'https://mcp.example/y' } }));
    expect(text).toMatch(
      /far \(line 10\) applies: deny\n +yes source: .*\n +no +conditions: "dev" in request\.user\.roles \(the condition .* is false\)/,
    );
    expect(lines(start('files'))).toMatch(/no +source: .*\(it should be @scope\/files from npm\)\n +no +signedBy: .*not verified/);
  });

  test('says what becomes of a server that nobody lists', () => {
    expect(lines(start('other'))).toMatch(/\(default\) .*applies: require_approval\n +yes source: .*does not list it/);
  });

  test('of a file that cannot be used says that', () => {
    const broken = parsePolicyFile({ path: 'b.yaml', layer: 'user', trusted: true, source: 'kind: ArtifactPolicy' });
    expect(explainStart({ files: [broken] }, start('x'), request)).toMatchObject({
      decision: { action: 'deny' },
      broken: [{ file: 'b.yaml' }],
    });
  });
});
