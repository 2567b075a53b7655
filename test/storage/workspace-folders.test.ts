import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { decide } from '../../src/engine/policy/decide.ts';
import { testRequest } from '../../src/engine/policy/test-request.ts';
import { type DiskNames, diskNames } from '../../src/storage/disk-names.ts';
import { PolicyFiles } from '../../src/storage/policy-files.ts';
import { policyParser, shippedPolicies } from '../../src/storage/shipped-policies.ts';
import { MachineSurroundings } from '../../src/storage/surroundings.ts';
import { unused } from '../engine/policy/policies.ts';
import { canMount, temporaryFolder } from './folder.ts';

const rule = (name: string) => `kind: ToolPolicy\nmetadata: {name: ${name}}\nspec: {rules: [{name: r, tools: [shell], action: deny}]}\n`;

/** A machine with one team's repositories: which policies hold where? */
function machine(disk?: DiskNames) {
  const top = temporaryFolder();
  const surroundings = new MachineSurroundings({ cacheMs: 0, ...(disk === undefined ? {} : { disk }) });
  const files = new PolicyFiles({
    places: { organisation: join(top, 'none'), user: join(top, 'state', 'policies'), builtIn: join(top, 'shipped') },
    workspaceOf: (cwd) => surroundings.workspace(cwd).root,
    parse: policyParser(shippedPolicies()),
    isTrusted: () => false,
    checkMs: 0,
  });
  onTestFinished(() => files.close());
  const put = (folder: string, name: string): void => {
    mkdirSync(join(top, folder, '.countersign'), { recursive: true });
    writeFileSync(join(top, folder, '.countersign', `${name}.yaml`), rule(name));
  };
  const holds = (cwd: string): readonly string[] =>
    files
      .inForce(join(top, cwd))
      .files.flatMap(({ documents, problems, path }) => (problems.length > 0 ? [`broken: ${path}`] : documents.map(({ name }) => name)));
  return { top, surroundings, put, holds, git: (folder: string) => mkdirSync(join(top, folder, '.git'), { recursive: true }) };
}

/** The repository `app` with a package of its own policies, a submodule and a checkout of a branch beside it; and `lib`, another root. */
function team() {
  const made = machine();
  const { top, put, git } = made;
  git('app');
  put('app', 'app');
  put('app/packages/api', 'api');
  mkdirSync(join(top, 'app/packages/api/src'), { recursive: true });
  mkdirSync(join(top, 'app/packages/web'), { recursive: true });
  put('app/vendor/sub', 'sub');
  writeFileSync(join(top, 'app/vendor/sub/.git'), 'gitdir: ../../.git/modules/sub\n');
  mkdirSync(join(top, 'app/vendor/plain'), { recursive: true });
  writeFileSync(join(top, 'app/vendor/plain/.git'), 'gitdir: ../../.git/modules/plain\n');
  git('lib');
  put('lib', 'lib');
  symlinkSync(join(top, 'app'), join(top, 'shortcut'));
  symlinkSync(join(top, 'lib'), join(top, 'app', 'linked-lib'));
  mkdirSync(join(top, 'shared-rules'));
  writeFileSync(join(top, 'shared-rules', 'shared.yaml'), rule('shared'));
  git('service');
  symlinkSync(join(top, 'shared-rules'), join(top, 'service', '.countersign'));
  return made;
}

test.each<[string, string, readonly string[]]>([
  ['the root of a repository', 'app', ['app']],
  ['a folder in it', 'app/packages/web', ['app']],
  ['a folder that is not there yet', 'app/new/deep', ['app']],
  ['a package with policies of its own: those, and those around it', 'app/packages/api/src', ['api', 'app']],
  ['a submodule: its own, and those of the repository around it', 'app/vendor/sub', ['sub', 'app']],
  ['a submodule without policies: those around it', 'app/vendor/plain', ['app']],
  ['another root of the same window: only its own', 'lib', ['lib']],
  ['a root that is opened through a link: as itself', 'shortcut/packages/api', ['api', 'app']],
  ['a link to another repository: that one, not where the link lies', 'app/linked-lib', ['lib']],
  ['a repository whose policies are a link: what the link leads to', 'service', ['shared']],
  ['no repository: none', 'state', []],
])('which policies hold in %s', (_, cwd, names) => {
  expect(team().holds(cwd)).toEqual(names);
});

test.each<[string, string, string]>([
  ['a folder in it', 'app/packages/web', 'app'],
  ['a package with policies of its own', 'app/packages/api/src', 'app/packages/api'],
  ['a submodule', 'app/vendor/plain', 'app/vendor/plain'],
  ['a link to it', 'shortcut', 'app'],
])('the workspace that is observed, budgeted and named in the log: %s', (_, cwd, root) => {
  const { top, surroundings } = team();
  expect(surroundings.workspace(join(top, cwd)).root).toBe(join(top, root));
});

test('two folders may use one name: each is a team of its own', () => {
  const { put, git, holds } = machine();
  git('app');
  put('app', 'same');
  put('app/inner', 'same');
  expect(holds('app/inner')).toEqual(['same', 'same']);
});

describe('a disk that does not tell small letters from capitals', () => {
  const folding: DiskNames = { foldsCase: (folder) => folder !== homedir(), trueName: (path) => path.replace(/\/APP$/i, '/App') };

  test('has one name for a workspace, whichever letters it is opened with', () => {
    const { top, git, surroundings } = machine(folding);
    for (const name of ['App', 'APP']) git(name);
    expect(surroundings.workspace(join(top, 'APP'))).toMatchObject({ root: join(top, 'App'), foldsCase: true });
  });

  test('is asked once, and only what it knows is kept', () => {
    const asked: string[] = [];
    let answer: boolean | undefined;
    const { top, surroundings, git } = machine({ ...diskNames, foldsCase: (folder) => (asked.push(folder), answer) });
    git('app');
    for (const known of [undefined, false, true]) {
      answer = known;
      expect(surroundings.workspace(join(top, 'app')).foldsCase).toBeUndefined();
    }
    expect(asked.filter((folder) => folder === join(top, 'app'))).toHaveLength(2);
  });

  test('an ordinary one of Linux is none', () => {
    const { top, git } = machine();
    git('app');
    expect([diskNames.foldsCase(join(top, 'app')), diskNames.foldsCase(join(top, 'app', '.git'))]).toEqual([false, undefined]);
    mkdirSync(join(top, 'app', '.GIT'));
    expect(diskNames.foldsCase(join(top, 'app'))).toBe(false);
  });

  // Kernels of test machines rarely know one; Debian's exfat-fuse and exfatprogs bring one.
  const [mkfs, mountExfat] = ['/usr/sbin/mkfs.exfat', '/usr/sbin/mount.exfat-fuse'] as const;
  const canFold =
    canMount && existsSync(mkfs) && existsSync(mountExfat) && ['/dev/fuse', '/dev/loop-control'].every((device) => existsSync(device));

  test.runIf(canFold)('a real one (exFAT) is found out, and a rule holds in every spelling', () => {
    const { top, surroundings } = machine();
    const [image, disk] = [join(top, 'image'), join(top, 'disk')];
    mkdirSync(disk);
    writeFileSync(image, '');
    truncateSync(image, 8 * 1024 * 1024);
    execFileSync(mkfs, [image], { stdio: 'pipe' });
    const loop = execFileSync('/sbin/losetup', ['-f', '--show', image]).toString().trim();
    onTestFinished(() => {
      execFileSync('umount', ['-l', disk]);
      execFileSync('/sbin/losetup', ['-d', loop]);
    });
    execFileSync(mountExfat, [loop, disk], { stdio: 'pipe' });
    mkdirSync(join(disk, 'Repo', '.git'), { recursive: true });
    expect(surroundings.workspace(join(disk, 'rEPO'))).toMatchObject({ root: join(disk, 'Repo'), foldsCase: true });
  });
});

test.each<[string, string, string, 'deny' | 'abstain' | 'allow']>([
  ['what is denied is denied in other letters', 'paths: {write: [secrets/key]}, action: deny', 'touch SECRETS/Key', 'deny'],
  ['also where only a part of a name is known', 'paths: {write: [secrets/key]}, action: deny', 'touch SECRETS/K$X', 'deny'],
  ['with a pattern in capitals', 'paths: {write: ["**/*.PEM"]}, action: deny', 'touch a.pem', 'deny'],
  [
    'an exception holds in other letters',
    'paths: {write: [secrets, "!secrets/public"]}, action: deny',
    'touch Secrets/PUBLIC/x',
    'abstain',
  ],
  ['what is allowed is allowed as written', 'paths: {write: [build]}, action: allow', 'touch build/x', 'allow'],
  ['and not in other letters', 'paths: {write: [build]}, action: allow', 'touch Build/x', 'abstain'],
  [
    'what an allowing rule leaves out is left out in other letters',
    'paths: {write: ["**", "!secrets"]}, action: allow',
    'touch Secrets/x',
    'abstain',
  ],
])('where names fold: %s', (_, more, command, action) => {
  const parse = policyParser(shippedPolicies());
  const source = `kind: ToolPolicy\nmetadata: {name: p}\nspec: {rules: [{name: r, ${more}}]}`;
  const file = parse({ path: 'p.yaml', layer: 'user', source, trusted: true });
  expect(file.problems).toEqual([]);
  const plain = testRequest(command);
  const folding = { ...plain, workspace: { ...plain.workspace, foldsCase: true as const } };
  expect(decide({ files: [file] }, folding, unused).action).toBe(action);
});

test('self-protection and places hold in every spelling where names fold, and only there', () => {
  const shipped = shippedPolicies();
  const file = policyParser(shipped)({
    path: 'self-protection.yaml',
    layer: 'built-in',
    source: readFileSync(join(shipped, 'self-protection.yaml'), 'utf8'),
    trusted: true,
  });
  const plain = testRequest('rm -rf ~/.COUNTERSIGN');
  const folding = { ...plain, workspace: { ...plain.workspace, foldsCase: true as const } };
  expect(decide({ files: [file] }, folding, unused).rules.map((one) => one.rule)).toContain('no-changing-state');
  expect(decide({ files: [file] }, plain, unused).rules.map((one) => one.rule)).not.toContain('no-changing-state');
});
