import { expect, test } from 'vitest';
import type { Action, Layer, Mode } from '../../../src/engine/decision.ts';
import { decide } from '../../../src/engine/policy/decide.ts';
import { isInFolder, isObserved, onlyObserving } from '../../../src/engine/policy/observing.ts';
import { onUngoverned } from '../../../src/engine/policy/outer-layers.ts';
import type { PolicyFile } from '../../../src/engine/policy/policy-set.ts';
import { testRequest } from '../../../src/engine/policy/test-request.ts';
import { parsePolicyFile } from '../../../src/engine/policy/parse-file.ts';
import { goodPolicy, unused } from './policies.ts';

const deny = 'name: no, tools: [shell], action: deny';
const ask = 'name: ask, tools: [shell], action: require_approval';
const allow = 'name: yes, tools: [shell], action: allow, autoApprove: true';
const from = (layer: Layer, rule = deny, name: string = layer) => goodPolicy([rule], { name, layer });
const text = (source: string, layer: Layer) => parsePolicyFile({ path: 'p.yaml', source, layer, trusted: true });
const broken = (layer: Layer) => text('kind: Nonsense', layer);
const pack = from('built-in', deny, 'strict');

test.each<[string, readonly PolicyFile[], Mode, Action]>([
  ['what a user denies would be denied', [from('user')], 'observe', 'deny'],
  ['what a user asks about would be asked', [from('user', ask)], 'observe', 'require_approval'],
  ['what a workspace denies', [from('workspace')], 'observe', 'deny'],
  ['what is shipped', [from('built-in', deny, 'baseline-git')], 'observe', 'deny'],
  ['the organisation stays in force', [from('organisation'), from('user')], 'enforce', 'deny'],
  ['so does a pack that it names', [pack], 'enforce', 'deny'],
  ['and what protects Countersign itself', [from('built-in', deny, 'self-protection')], 'enforce', 'deny'],
  ['not what a user calls by that name', [from('user', deny, 'self-protection')], 'observe', 'deny'],
  ['a broken file of the user would deny', [broken('user')], 'observe', 'deny'],
  ['one of the organisation denies', [broken('organisation')], 'enforce', 'deny'],
  ['one that we ship denies: nobody knows what it would protect', [broken('built-in')], 'enforce', 'deny'],
])('%s', (_, files, mode, action) => {
  expect(decide({ files: onlyObserving(files, [pack]) }, testRequest('ls'), unused)).toMatchObject({ mode, action });
});

test('nothing is approved in the person’s place while only observing', () => {
  const decision = decide({ files: onlyObserving([from('user', allow)], []) }, testRequest('ls'), unused);
  expect(decision).toMatchObject({ mode: 'observe', action: 'allow', autoApprove: false });
});

test('exemptions count, so that what would be denied is told truly', () => {
  const exempting = text(
    'kind: ToolPolicy\nmetadata: {name: mine}\nspec: {}\nexempt: [{rule: baseline-git/no, reason: it is fine}]',
    'user',
  );
  expect(exempting.problems).toEqual([]);
  const files = onlyObserving([exempting, from('built-in', deny, 'baseline-git')], []);
  expect(decide({ files }, testRequest('ls'), unused)).toMatchObject({ action: 'abstain' });
});

test.each<[Layer, 'alert' | 'kill']>([
  ['user', 'alert'],
  ['organisation', 'kill'],
])('a session that ran ungoverned, where the %s says kill: %s', (layer, then) => {
  const files = [text('kind: ToolPolicy\nmetadata: {name: x}\nspec: {onUngoverned: kill}', layer)];
  expect(onUngoverned({ files })).toBe('kill');
  expect(onUngoverned({ files: onlyObserving(files, []) })).toBe(then);
});

test.each<[string, Parameters<typeof isObserved>[1], boolean]>([
  ['nowhere', [], false],
  ['everywhere', [{}], true],
  ['the workspace itself', [{ folder: '/w/app' }], true],
  ['a folder around it', [{ folder: '/w' }], true],
  ['a folder that only begins like it', [{ folder: '/w/a' }], false],
  ['a folder inside it', [{ folder: '/w/app/inner' }], false],
  ['until later', [{ until: 101 }], true],
  ['until now', [{ until: 100 }], false],
])('observed: %s', (_, observed, expected) => {
  expect(isObserved('/w/app', observed, 100)).toBe(expected);
});

test('folders of Windows have their own separator', () => {
  expect([isInFolder(String.raw`C:\w\app`, String.raw`C:\w`), isInFolder(String.raw`C:\wapp`, String.raw`C:\w`)]).toEqual([true, false]);
  expect(isInFolder(String.raw`/w\app`, '/w')).toBe(false);
});
