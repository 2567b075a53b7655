import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { parsePolicyFile } from '../../src/engine/policy/parse-file.ts';
import type { PolicyFile } from '../../src/engine/policy/policy-set.ts';
import { PolicyFiles, type PolicyFilesOptions } from '../../src/storage/policy-files.ts';
import type { PolicyChange, PolicySourceText } from '../../src/storage/policy-folder.ts';
import { canMount, temporaryFolder } from './folder.ts';

const later = 10_000;

/** Stands for the real parser: a text with "broken" in it has a problem. */
function parse({ path, layer, source, trusted }: PolicySourceText): PolicyFile {
  const position = { line: 1, column: 1, endLine: 1, endColumn: 2 };
  return {
    path,
    layer,
    digest: `sha256:${createHash('sha256').update(source).digest('hex')}`,
    documents: [],
    budgets: [],
    guardrails: [],
    artifacts: [],
    problems: source.includes('broken') ? [{ file: path, position, message: 'broken' }] : [],
    source,
    trusted: layer !== 'workspace' || trusted,
  };
}

/** A machine with every layer in place, and a clock that the test moves: files in it are `later` old unless it says otherwise. */
function machine(over: Partial<PolicyFilesOptions> = {}) {
  const folder = temporaryFolder();
  chmodSync(folder, 0o755);
  const places = { organisation: join(folder, 'etc'), user: join(folder, 'home', 'policies'), builtIn: join(folder, 'shipped') };
  const workspace = join(folder, 'w', '.countersign');
  // Only an administrator can make one that is used; any other is reported, which is a test of its own.
  const organisation = canMount ? [places.organisation] : [];
  for (const path of [...organisation, places.user, places.builtIn, workspace]) mkdirSync(path, { recursive: true });
  let offset = later;
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => performance.timeOrigin + performance.now() + offset);
  onTestFinished(() => clock.mockRestore());
  const trusted = new Set<string>();
  const parsed: string[] = [];
  const files = new PolicyFiles({
    places,
    parse: (text) => {
      parsed.push(text.source);
      return parse(text);
    },
    isTrusted: (path, digest) => trusted.has(`${path} ${digest}`),
    workspaceOf: (cwd) => cwd,
    ...over,
  });
  onTestFinished(() => files.close());
  const changes: PolicyChange[] = [];
  files.onChange((some) => changes.push(...some));
  const root = dirname(workspace);
  return {
    folder,
    places,
    workspace,
    root,
    files,
    trusted,
    parsed,
    sources: (cwd = root) => files.inForce(cwd).files.map((file) => file.source),
    pass: (ms: number) => (offset += ms),
    /** From now on a change is this old when it is looked at. */
    at: (ms: number) => (offset = ms),
    news: () => changes.splice(0).map(({ kind, path }) => `${kind} ${path.slice(folder.length + 1)}`),
  };
}

test('where a person only observes, files are in force as such, and again as they are when that ends', () => {
  const observed = new Set<string>();
  const { places, files, root, pass } = machine({ isObserved: (one) => observed.has(one) });
  writeFileSync(join(places.user, 'u.yaml'), 'user');
  const modes = () => files.inForce(root).files.map(({ onlyObserves }) => onlyObserves);
  expect(modes()).toEqual([undefined]);
  observed.add(root);
  expect(modes()).toEqual([undefined]);
  files.refresh();
  expect(modes()).toEqual([true]);
  observed.delete(root);
  pass(250);
  expect(modes()).toEqual([undefined]);
});

describe('the files in force', () => {
  test('come from every layer, and from nowhere else', () => {
    const { places, workspace, files, root } = machine();
    mkdirSync(places.organisation, { recursive: true });
    writeFileSync(join(places.organisation, 'a.yaml'), 'organisation');
    writeFileSync(join(places.user, 'b.yaml'), 'user');
    writeFileSync(join(workspace, 'c.yml'), 'workspace');
    writeFileSync(join(places.builtIn, 'd.yaml'), 'built-in');
    for (const name of ['x.test.yaml', 'x.test.yml', '.#x.yaml', '.x.yaml', 'x.yaml~', 'x.json', 'yaml'])
      writeFileSync(join(workspace, name), 'no');
    mkdirSync(join(places.builtIn, 'schema'));
    expect(files.inForce(root).files.map((file) => `${file.layer}: ${file.source}`)).toEqual([
      ...(process.getuid?.() === 0 ? ['organisation: organisation'] : []),
      'user: user',
      'workspace: workspace',
      'built-in: built-in',
    ]);
  });

  test('are those of the workspace that is asked about, and of the folders around it', () => {
    const { folder, workspace, sources } = machine();
    const inner = join(folder, 'w', 'inner');
    mkdirSync(join(inner, '.countersign'), { recursive: true });
    writeFileSync(join(workspace, 'p.yaml'), 'outer');
    writeFileSync(join(inner, '.countersign', 'p.yaml'), 'inner');
    expect(sources(inner)).toEqual(['inner', 'outer']);
    expect(sources()).toEqual(['outer']);
    expect(sources(join(folder, 'elsewhere'))).toEqual([]);
  });

  test('are not those of a folder above in which everyone may write', () => {
    const { folder, workspace, root, sources } = machine();
    writeFileSync(join(workspace, 'p.yaml'), 'anybody');
    chmodSync(root, 0o777);
    mkdirSync(join(root, 'inner'));
    expect(sources(join(root, 'inner'))).toEqual([]);
    expect(sources(root)).toEqual(['anybody']);
    expect(folder).not.toBe(root);
  });

  test('are the same object until something changes', () => {
    const { places, files, root, pass } = machine();
    writeFileSync(join(places.user, 'p.yaml'), '1');
    const before = files.inForce(root);
    pass(300);
    expect(files.inForce(root)).toBe(before);
    writeFileSync(join(places.user, 'p.yaml'), '2');
    pass(300);
    expect(files.inForce(root)).not.toBe(before);
  });

  test('are read again only where they changed', () => {
    const { places, parsed, sources, pass } = machine();
    writeFileSync(join(places.user, 'a.yaml'), 'a1');
    writeFileSync(join(places.user, 'b.yaml'), 'b1');
    sources();
    writeFileSync(join(places.user, 'b.yaml'), 'b2');
    for (let i = 0; i < 5; i += 1) {
      pass(300);
      expect(sources()).toEqual(['a1', 'b2']);
    }
    expect(parsed).toEqual(['a1', 'b1', 'b2']);
  });
});

describe('an edit is in force a moment later', () => {
  test.each<[string, (path: string) => void, string[]]>([
    ['written in place', (path) => writeFileSync(path, 'after!'), ['after!']],
    ['of the same length', (path) => writeFileSync(path, 'afterx'), ['afterx']],
    ['of the same length, with the time set back', (path) => (writeFileSync(path, 'afterx'), utimesSync(path, 1, 1)), ['afterx']],
    ['appended', (path) => appendFileSync(path, ' more'), ['before more']],
    ['put in its place', (path) => (writeFileSync(`${path}.new`, 'afterx'), renameSync(`${path}.new`, path)), ['afterx']],
    ['a new file', (path) => writeFileSync(path.replace('p.yaml', 'q.yaml'), 'second'), ['before', 'second']],
    ['a deleted file', (path) => rmSync(path), []],
    ['a deleted folder', (path) => rmSync(dirname(path), { recursive: true }), []],
  ])('%s', (_, edit, expected) => {
    const { places, sources, pass } = machine();
    const path = join(places.user, 'p.yaml');
    writeFileSync(path, 'before');
    utimesSync(path, 1, 1);
    expect(sources()).toEqual(['before']);
    pass(300);
    expect(sources()).toEqual(['before']);
    edit(path);
    pass(300);
    expect(sources()).toEqual(expected);
  });

  test('a folder that was not there before', () => {
    const { folder, sources, pass } = machine();
    const root = join(folder, 'new');
    expect(sources(root)).toEqual([]);
    mkdirSync(join(root, '.countersign'), { recursive: true });
    writeFileSync(join(root, '.countersign', 'p.yaml'), 'new');
    pass(300);
    expect(sources(root)).toEqual(['new']);
  });

  test('however often it is asked, the disk is looked at once in a while only', () => {
    const { places, sources, pass } = machine({ checkMs: 250 });
    const path = join(places.user, 'p.yaml');
    writeFileSync(path, 'before');
    sources();
    writeFileSync(path, 'after');
    expect(sources()).toEqual(['before']);
    pass(250);
    expect(sources()).toEqual(['after']);
  });

  test('a clock that is set back does not keep the old version', () => {
    const { places, sources, pass } = machine();
    const path = join(places.user, 'p.yaml');
    writeFileSync(path, 'before');
    sources();
    writeFileSync(path, 'after');
    pass(-3600_000);
    expect(sources()).toEqual(['after']);
  });

  test('but not while it is being made: a file emptied to be written again keeps its rules until then', () => {
    const { places, sources, at } = machine();
    const path = join(places.user, 'p.yaml');
    writeFileSync(path, 'before');
    expect(sources()).toEqual(['before']);
    truncateSync(path);
    at(0);
    expect(sources()).toEqual(['before']);
    at(300);
    expect(sources()).toEqual(['']);
  });

  test('nor while it is put away: a file that is gone for a moment keeps its rules', () => {
    const { places, sources, at } = machine();
    const path = join(places.user, 'p.yaml');
    writeFileSync(path, 'before');
    expect(sources()).toEqual(['before']);
    renameSync(path, `${path}~`);
    at(0);
    expect(sources()).toEqual(['before']);
    at(300);
    expect(sources()).toEqual([]);
  });
});

describe('a file with an error', () => {
  test('denies, by having a problem, where no good version is known', () => {
    const { places, files, root, news } = machine();
    writeFileSync(join(places.user, 'p.yaml'), 'broken');
    expect(files.inForce(root).files).toMatchObject([{ problems: [{ message: 'broken' }] }]);
    expect(files.problems()).toMatchObject([{ file: join(places.user, 'p.yaml'), message: 'broken' }]);
    expect(news()).toEqual(['rejected home/policies/p.yaml']);
  });

  test('keeps its last good version in force, and the problem is listed until it is corrected', () => {
    const { places, files, sources, pass, news } = machine();
    const path = join(places.user, 'p.yaml');
    writeFileSync(path, 'good');
    sources();
    for (const broken of ['broken', 'broken again']) {
      writeFileSync(path, broken);
      pass(300);
      expect(sources()).toEqual(['good']);
      expect(files.problems()).toMatchObject([{ file: path, message: 'broken' }]);
    }
    writeFileSync(path, 'better');
    pass(300);
    expect(sources()).toEqual(['better']);
    expect(files.problems()).toEqual([]);
    expect(news()).toEqual(['loaded', 'rejected', 'rejected', 'changed'].map((kind) => `${kind} home/policies/p.yaml`));
  });

  test('that gets its good version back has no problem any more', () => {
    const { places, files, sources, pass } = machine();
    const path = join(places.user, 'p.yaml');
    for (const source of ['good', 'broken', 'good']) {
      writeFileSync(path, source);
      pass(300);
      expect(sources()).toEqual(['good']);
    }
    expect(files.problems()).toEqual([]);
  });

  test('and then with another error has the new one', () => {
    const { places, sources, pass } = machine();
    const path = join(places.user, 'p.yaml');
    for (const broken of ['broken', 'broken again']) {
      writeFileSync(path, broken);
      pass(300);
      expect(sources()).toEqual([broken]);
    }
  });

  test('and then deleted is gone, and its problem with it', () => {
    const { places, files, sources, pass, news } = machine();
    const path = join(places.user, 'p.yaml');
    writeFileSync(path, 'broken');
    sources();
    rmSync(path);
    pass(300);
    expect(sources()).toEqual([]);
    expect(files.problems()).toEqual([]);
    expect(news()).toEqual(['rejected home/policies/p.yaml', 'removed home/policies/p.yaml']);
  });

  test.each<[string, (path: string) => void, RegExp]>([
    ['no text', (path) => writeFileSync(path, Buffer.from([0x6b, 0xff, 0xfe])), /UTF-8/],
    ['too large', (path) => writeFileSync(path, 'x'.repeat(1024 * 1024 + 1)), /larger/],
    ['a link in a loop', (path) => symlinkSync(path, path), /loop/],
    ['a link to nothing', (path) => symlinkSync('/nowhere/at/all', path), /something missing/],
    ['a folder', (path) => mkdirSync(path), /not a regular file/],
    ['a pipe', (path) => void execFileSync('mkfifo', [path]), /not a regular file/],
  ])('because it is %s denies, too', (_, make, why) => {
    const { places, files, root } = machine();
    const path = join(places.user, 'p.yaml');
    make(path);
    expect(files.inForce(root).files).toMatchObject([
      { path, layer: 'user', source: '', problems: [{ message: expect.stringMatching(why) as unknown }] },
    ]);
  });

  test.runIf(process.getuid?.() !== 0)('because it may not be read denies, too', () => {
    const { places, files, root } = machine();
    writeFileSync(join(places.user, 'p.yaml'), 'x', { mode: 0 });
    expect(files.inForce(root).files).toMatchObject([{ problems: [{ message: expect.stringMatching(/may not be read/) as unknown }] }]);
  });

  test('a folder of policies that is none denies, unless it was one before', () => {
    const { workspace, files, root, sources, pass } = machine();
    rmSync(workspace, { recursive: true });
    writeFileSync(workspace, '');
    expect(files.inForce(root).files).toMatchObject([
      { path: workspace, layer: 'workspace', problems: [{ message: expect.stringMatching(/folder/) as unknown }] },
    ]);
    rmSync(workspace);
    mkdirSync(workspace);
    writeFileSync(join(workspace, 'p.yaml'), 'good');
    pass(300);
    expect(sources()).toEqual(['good']);
    rmSync(workspace, { recursive: true });
    writeFileSync(workspace, '');
    pass(300);
    expect(sources()).toEqual(['good']);
    expect(files.problems()).toHaveLength(1);
  });

  test('a fault while a folder is read for the first time denies, whatever else of it was read', () => {
    const { workspace, files, root, pass } = machine({
      isTrusted: (path) => {
        if (path.endsWith('b.yaml')) throw new Error('the state is locked');
        return false;
      },
    });
    writeFileSync(join(workspace, 'a.yaml'), 'a');
    writeFileSync(join(workspace, 'b.yaml'), 'b');
    for (let i = 0; i < 2; i += 1) {
      expect(files.inForce(root).files.some((file) => file.problems.some((problem) => problem.message === 'the state is locked'))).toBe(
        true,
      );
      pass(300);
    }
  });
});

describe('a file of a workspace', () => {
  test('is trusted in that very version only, from the moment on that a person says so', () => {
    const { workspace, files, root, trusted, pass } = machine();
    const path = join(workspace, 'p.yaml');
    writeFileSync(path, 'one');
    const isTrusted = () => files.inForce(root).files[0]?.trusted;
    expect(isTrusted()).toBe(false);
    trusted.add(`${path} ${files.inForce(root).files[0]?.digest}`);
    pass(300);
    expect(isTrusted()).toBe(true);
    writeFileSync(path, 'two');
    pass(300);
    expect(isTrusted()).toBe(false);
    writeFileSync(path, 'one');
    pass(300);
    expect(isTrusted()).toBe(true);
    trusted.clear();
    pass(300);
    expect(isTrusted()).toBe(false);
  });
});

describe.runIf(canMount)('the policies of the organisation', () => {
  function organisation() {
    const all = machine();
    writeFileSync(join(all.places.organisation, 'p.yaml'), 'rules');
    return { ...all, place: all.places.organisation };
  }

  test('are in force where only an administrator can write', () => {
    expect(organisation().sources()).toEqual(['rules']);
  });

  test.each<[string, (place: string, folder: string) => void]>([
    ['the folder belongs to somebody else', (place) => chownSync(place, 12_345, 12_345)],
    ['its group may write to the folder', (place) => chmodSync(place, 0o775)],
    ['everyone may write to the folder', (place) => chmodSync(place, 0o1777)],
    ['a folder above belongs to somebody else', (_, folder) => chownSync(folder, 12_345, 12_345)],
    ['everyone may write to a folder above', (_, folder) => chmodSync(folder, 0o777)],
  ])('are not used, and that is reported, where %s', (_, open) => {
    const { folder, place, files, sources, pass } = organisation();
    expect(sources()).toEqual(['rules']);
    open(place, folder);
    pass(300);
    expect(sources()).toEqual([]);
    expect(files.problems()).toMatchObject([{ file: place, message: expect.stringMatching(/administrator/) as unknown }]);
  });

  test.each<[string, (path: string) => void]>([
    ['may be changed by others', (path) => chmodSync(path, 0o666)],
    ['belongs to somebody else', (path) => chownSync(path, 12_345, 12_345)],
    ['is a link', (path) => (renameSync(path, `${path}.real`), symlinkSync(`${path}.real`, path))],
  ])('deny where a single file %s', (_, open) => {
    const { place, files, root } = organisation();
    open(join(place, 'p.yaml'));
    expect(files.inForce(root).files).toMatchObject([
      { layer: 'organisation', problems: [{ message: expect.stringMatching(/administrator/) as unknown }] },
    ]);
  });
});

test('listeners hear of an edit without anybody asking', async () => {
  const { places, files, root } = machine();
  const path = join(places.user, 'p.yaml');
  writeFileSync(path, 'one');
  files.inForce(root);
  const { promise, resolve } = Promise.withResolvers<readonly PolicyChange[]>();
  files.onChange(resolve);
  writeFileSync(path, 'two');
  expect(await promise).toMatchObject([{ kind: 'changed', path, layer: 'user', problems: [] }]);
  expect(files.inForce(root).files).toMatchObject([{ source: 'two' }]);
});

test('more workspaces than it remembers are answered as well', () => {
  const { places, folder, sources } = machine();
  writeFileSync(join(places.user, 'p.yaml'), 'user');
  for (let i = 0; i < 320; i += 1) expect(sources(join(folder, `w${i}`))).toEqual(['user']);
});

test('with the real parser a file is compiled, and an error in it has its place', () => {
  const { places, files, root } = machine({ parse: parsePolicyFile });
  writeFileSync(join(places.user, 'a.yaml'), 'kind: ToolPolicy\nmetadata: {name: a}\nspec: {defaultAction: deny}\n');
  writeFileSync(join(places.user, 'b.yaml'), 'kind: ToolPolicy\nmetadata: {name: b}\nspec: {defaultActon: deny}\n');
  const [a, b] = files.inForce(root).files;
  expect(a).toMatchObject({ documents: [{ name: 'a', defaultAction: 'deny' }], problems: [] });
  expect(b).toMatchObject({ documents: [], problems: [{ position: { line: 3 } }] });
});

test('two policies of one name in a layer: both are refused, and a person hears of it', () => {
  const { places, files, root } = machine({ parse: parsePolicyFile });
  const source = 'kind: ToolPolicy\nmetadata: {name: same}\nspec: {defaultAction: allow}\n';
  writeFileSync(join(places.user, 'a.yaml'), source);
  writeFileSync(join(places.user, 'b.yaml'), `# another\n${source}`);
  expect(files.inForce(root).files.map(({ documents, problems }) => [documents.length, problems.length])).toEqual([
    [0, 1],
    [0, 1],
  ]);
  expect(files.problems().map(({ message }) => message)).toEqual([expect.stringContaining('b.yaml'), expect.stringContaining('a.yaml')]);
});
