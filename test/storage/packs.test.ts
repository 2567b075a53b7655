import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { PolicyFiles } from '../../src/storage/policy-files.ts';
import { packNames, policyParser } from '../../src/storage/shipped-policies.ts';
import { temporaryFolder } from './folder.ts';

const policy = (name: string, spec: string): string => `kind: ToolPolicy\nmetadata: {name: ${name}}\nspec: ${spec}\n`;

/** A machine on which two packs are shipped, and a clock that the test moves. */
function machine() {
  const folder = temporaryFolder();
  const places = { organisation: join(folder, 'etc'), user: join(folder, 'user'), builtIn: join(folder, 'shipped') };
  const workspace = join(folder, 'w', '.countersign');
  for (const path of [places.user, join(places.builtIn, 'packs'), workspace]) mkdirSync(path, { recursive: true });
  writeFileSync(join(places.builtIn, 'baseline.yaml'), policy('baseline', '{}'));
  for (const name of ['git', 'strict']) writeFileSync(join(places.builtIn, 'packs', `${name}.yaml`), policy(name, '{}'));
  let passed = 10_000;
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => performance.timeOrigin + performance.now() + passed);
  onTestFinished(() => clock.mockRestore());
  const files = new PolicyFiles({ places, parse: policyParser(places.builtIn), isTrusted: () => false, workspaceOf: (cwd) => cwd });
  onTestFinished(() => files.close());
  return {
    places,
    workspace,
    inForce: (cwd = join(folder, 'w')) => {
      passed += 10_000;
      return files.inForce(cwd).files.map((file) => `${file.layer}: ${basename(file.path)}${file.problems.length > 0 ? ' broken' : ''}`);
    },
    elsewhere: join(folder, 'elsewhere'),
  };
}

test('the names of the packs are those of their files', () => {
  expect(packNames(machine().places.builtIn)).toEqual(['git', 'strict']);
});

test('no pack is in force until somebody names it', () => {
  expect(machine().inForce()).toEqual(['built-in: baseline.yaml']);
});

test('a pack is in force where a user names it, once however often it is named', () => {
  const { places, workspace, inForce, elsewhere } = machine();
  writeFileSync(join(places.user, 'mine.yaml'), policy('mine', '{packs: [strict]}'));
  writeFileSync(join(workspace, 'team.yaml'), policy('team', '{packs: [git, strict]}'));
  expect(inForce()).toEqual([
    'user: mine.yaml',
    'workspace: team.yaml',
    'built-in: baseline.yaml',
    'built-in: strict.yaml',
    'built-in: git.yaml',
  ]);
  expect(inForce(elsewhere)).toEqual(['user: mine.yaml', 'built-in: baseline.yaml', 'built-in: strict.yaml']);
});

test('a pack comes and goes with the policy that names it', () => {
  const { places, inForce } = machine();
  const path = join(places.user, 'mine.yaml');
  writeFileSync(path, policy('mine', '{packs: [strict]}'));
  expect(inForce()).toContain('built-in: strict.yaml');
  rmSync(path);
  expect(inForce()).toEqual(['built-in: baseline.yaml']);
});

test('a pack that is missing denies: somebody relies on it', () => {
  const { places, inForce } = machine();
  writeFileSync(join(places.user, 'mine.yaml'), policy('mine', '{packs: [strict]}'));
  rmSync(join(places.builtIn, 'packs', 'strict.yaml'));
  expect(inForce()).toEqual(['user: mine.yaml', 'built-in: baseline.yaml', 'built-in: packs broken']);
});
