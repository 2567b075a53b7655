import { describe, expect, test } from 'vitest';
import * as desk from '../../../src/hosts/extension/policy-desk.ts';
import type { PolicyText } from '../../../src/hosts/extension/policy-text.ts';

const text = (path: string, source: string, over: Partial<PolicyText> = {}): PolicyText => ({
  path,
  layer: 'workspace',
  source,
  ...over,
});
const policy = (name: string, spec: string): string => `kind: ToolPolicy\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
const tested = '{rules: [{name: no, commands: ls, action: deny, tests: {deny: [ls], pass: [ls]}}]}';

describe('tests', () => {
  test('those beside the rules and those of test files', () => {
    expect(desk.testsIn(text('/p/a.yaml', policy('a', tested))).groups.map(({ id }) => id)).toEqual(['a/no']);
    const found = desk.testsIn(text('/p/a.test.yaml', '- {name: one, call: ls, expect: {action: deny}}\n'));
    expect(found.groups[0]?.tests.map(({ label }) => label)).toEqual(['one']);
  });

  test('a file with a problem says which', () => {
    expect(desk.testsIn(text('/p/a.yaml', policy('a', '{rules: [{nam: no}]}')))).toMatchObject({
      groups: [],
      problem: { position: { line: 3 } },
    });
    expect(desk.testsIn(text('/p/a.yaml', policy('a', '{packs: [nonsense]}'))).problem?.message).toMatch(/no pack/);
  });

  test('a test file asks the policies beside it as they are now, saved or not', () => {
    const cases = text('/p/a.test.yaml', '- {name: one, call: ls, expect: {action: deny, rule: a/no}}\n');
    const outcome = (source: string) => desk.outcomesIn(cases, [cases, text('/p/a.yaml', source)])[0]?.passed;
    expect(outcome(policy('a', tested))).toBe(true);
    expect(outcome(policy('b', tested))).toBe(false);
  });
});

describe('packs', () => {
  test('each says what it is for, how large it is, and who names it', () => {
    const named = text('/p/.countersign/team.yaml', policy('team', '{packs: [aws]}'));
    const packs = desk.packsAtHand([named]);
    expect(packs.map(({ name }) => name)).toEqual(expect.arrayContaining(['aws', 'gcp', 'azure', 'docker', 'git', 'github', 'github-mcp']));
    expect(packs.filter(({ description, size }) => description === '' || !/^\d+ (rules|limits|detections)/.test(size))).toEqual([]);
    expect(packs.flatMap(({ name, namedBy }) => namedBy.map(({ path }) => `${name}: ${path}`))).toEqual(['aws: /p/.countersign/team.yaml']);
    expect(desk.rulesAlwaysOn()).toBeGreaterThan(50);
  });

  const folder = '/p/.countersign';

  test('one goes beside others, wherever these are named', () => {
    const texts = [text(`${folder}/a.yaml`, policy('a', tested)), text(`${folder}/b.yaml`, policy('b', '{packs: [git]}'))];
    expect(desk.withPack(folder, texts, 'aws')).toMatchObject({ file: `${folder}/b.yaml`, exists: true, inserted: ', aws' });
  });

  test('the first one gets a file of its own, under a name that is free', () => {
    const elsewhere = text('/q/.countersign/b.yaml', policy('b', '{packs: [git]}'));
    const taken = text(`${folder}/a.yaml`, policy('packs', tested));
    const added = desk.withPack(folder, [elsewhere, taken], 'aws');
    expect(added).toMatchObject({ file: `${folder}/packs.yaml`, exists: false, offset: 0 });
    expect(added.source).toContain('name: packs-2\n');
  });

  test('a second one goes to the file of the first that was not saved yet', () => {
    const unsaved = text(`${folder}/packs.yaml`, desk.withPack(folder, [], 'aws').source, { isNew: true });
    expect(desk.withPack(folder, [unsaved], 'git')).toMatchObject({ file: unsaved.path, exists: false, inserted: ', git' });
  });

  test('nothing goes into a file that has a problem', () => {
    const broken = text(`${folder}/b.yaml`, policy('b', '{packs: [git], rules: [{nam: x}]}'));
    expect(() => desk.withPack(folder, [broken], 'aws')).toThrow(/b\.yaml has a problem that must be mended first/);
  });
});
