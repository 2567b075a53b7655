import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FileRange } from '../../../src/hosts/extension/language/file-range.ts';
import { type EditedPolicy, LanguageDesk, type Surroundings } from '../../../src/hosts/extension/language-desk.ts';

const shipped = join(import.meta.dirname, '..', '..', '..', 'policies');
const desk = new LanguageDesk(shipped);

const team = `kind: ToolPolicy
metadata: {name: team}
spec:
  rules:
    - {name: no-push, commands: [git push], action: deny}
    - {name: other, tools: [x], action: deny}
`;
const second = 'kind: ToolPolicy\nmetadata: {name: second}\nspec: {rules: [{name: lone, action: deny, tools: [y]}]}\n';
const cases = `- {name: a, call: git push, expect: {action: deny, rule: team/no-push}}
- {name: b, call: git push, expect: {action: deny, rule: "no-push"}}
- {name: c, call: git push, expect: {action: deny, rule: second/lone}}
`;
const mine = `kind: ToolPolicy
metadata: {name: mine}
exempt:
  - {rule: baseline-git/force-push, reason: r}
  - {rule: "team/no-*", reason: r}
spec: {packs: [git]}
`;
let root: string;
let workspace: string;
let user: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'desk-'));
  workspace = join(root, 'project', '.countersign');
  user = join(root, 'policies');
  for (const folder of [workspace, user]) mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries({ 'team.yaml': team, 'second.yml': second, 'team.test.yaml': cases, 'notes.txt': 'x' }))
    writeFileSync(join(workspace, name), text);
  writeFileSync(join(user, 'mine.yaml'), mine);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const around = (more: Partial<Surroundings> = {}): Surroundings => ({
  open: [],
  folders: [
    { path: workspace, layer: 'workspace' },
    { path: user, layer: 'user' },
  ],
  seen: { tools: ['github/create_issue', 'shell', 'odd/`name`\u202e'], agents: ['codex'] },
  onlyNames: false,
  ...more,
});
const edited = (name: string, source: string, folder = workspace): EditedPolicy => ({
  path: join(folder, name),
  layer: folder === user ? 'user' : 'workspace',
  isTestFile: name.includes('.test.'),
  source,
});
const shown = ({ path, start, isShipped }: FileRange): string =>
  `${isShipped ? 'shipped ' : ''}${path.split('/').at(-1)} ${start.line}:${start.character}`;

describe('going to a rule', () => {
  test.each<[string, () => EditedPolicy, string, readonly string[]]>([
    ['from a test', () => edited('team.test.yaml', cases), 'team/no-', ['team.yaml 4:13']],
    ['from a test that leaves out the policy', () => edited('team.test.yaml', cases), '"no-p', ['team.yaml 4:13']],
    ['from an exemption to one of a folder, by a pattern', () => edited('mine.yaml', mine, user), 'team/no', ['team.yaml 4:13']],
    ['to a pack', () => edited('mine.yaml', mine, user), '[gi', ['shipped git.yaml 0:0']],
    ['from nothing', () => edited('mine.yaml', mine, user), 'reas', []],
  ])('%s', (_, policy, at, found) => {
    const { source } = policy();
    expect(desk.definitions(policy(), source.indexOf(at) + at.length, around()).map(shown)).toEqual(found);
  });

  test('from an exemption to one that we ship, whose text can be shown', () => {
    const [found] = desk.definitions(edited('mine.yaml', mine, user), mine.indexOf('force-push'), around());
    expect(shown(found!)).toMatch(/^shipped baseline-git\.yaml/);
    const line = desk.shippedText(found!.path).split('\n')[found!.start.line] ?? '';
    expect(line.slice(found!.start.character, found!.end.character)).toBe('force-push');
  });

  test('a shipped text is one of those that we ship, whatever the path says', () => {
    expect(() => desk.shippedText('/packs/../../package.json')).toThrow(/ENOENT/);
    expect(desk.shippedText('/anything/packs/git.yaml')).toContain('kind: ToolPolicy');
  });
});

describe('giving a rule another name', () => {
  const renamed = (policy: EditedPolicy, at: string, name: string, open: Surroundings['open'] = []): readonly string[] =>
    desk.rename(policy, policy.source.indexOf(at), name, around({ open })).map((edit) => `${shown(edit)} ${edit.text}`);

  test('changes the tests that expect it, by either name', () => {
    expect(renamed(edited('team.yaml', team), 'no-push', 'no-pushing')).toEqual([
      'team.yaml 4:13 no-pushing',
      'team.test.yaml 0:62 no-pushing',
      'team.test.yaml 1:58 no-pushing',
    ]);
  });

  test('works from a test as well', () => {
    expect(renamed(edited('team.test.yaml', cases), 'no-push}', 'x')).toHaveLength(3);
  });

  test('goes by what is in the editor, not by what is on the disk', () => {
    const open = [{ path: join(workspace, 'team.test.yaml'), source: `\n${cases}` }];
    expect(renamed(edited('team.yaml', `# more\n${team}`), 'no-push', 'x', open)[1]).toBe('team.test.yaml 1:62 x');
  });

  test('of a policy changes what names it', () => {
    expect(renamed(edited('second.yml', second), 'second', 'third')).toEqual(['second.yml 1:17 third', 'team.test.yaml 2:57 third']);
  });

  test.each([
    ['a name that is none', 'a b', /1 to 128 letters/],
    ['a name that is taken', 'other', /has a rule "other" already/],
  ])('refuses %s', (_, name, message) => {
    expect(() => renamed(edited('team.yaml', team), 'no-push', name)).toThrow(message);
  });

  test('puts a name in quotes that would be a number', () => {
    expect(renamed(edited('team.yaml', team), 'no-push', '2024')).toEqual([
      'team.yaml 4:13 "2024"',
      'team.test.yaml 0:62 2024',
      'team.test.yaml 1:58 2024',
    ]);
  });

  test('says so where there is nothing to rename', () => {
    expect(() => renamed(edited('mine.yaml', mine, user), 'baseline-git', 'x')).toThrow(/no rule/);
  });
});

test('uses of a rule are found in all folders', () => {
  const found = desk.references(edited('team.yaml', team), team.indexOf('no-push'), around(), true);
  expect(found.map(shown)).toEqual(['team.yaml 4:13', 'team.test.yaml 0:62', 'team.test.yaml 1:58', 'mine.yaml 4:17']);
});

describe('names', () => {
  const offered = (source: string): readonly string[] =>
    desk.complete(edited('new.yaml', source.replace('|', '')), source.indexOf('|'), around()).map(({ label }) => label);

  test('tools are ours, the agent’s and those in the log', () => {
    const found = offered('kind: ToolPolicy\nspec: {rules: [{name: a, tools: [|]}]}');
    expect(found.slice(0, 2)).toEqual(['shell', 'shell_output']);
    expect(found).toEqual(expect.arrayContaining(['github/create_issue', 'Bash', 'WebFetch']));
    expect(new Set(found).size).toBe(found.length);
    expect(found.filter((name) => name.startsWith('odd'))).toEqual([]);
  });

  test.each<[string, string, readonly string[]]>([
    ['servers of the log', 'spec: {mcpServer: |}', ['github']],
    ['agents of the log', 'spec: {agent: |}', ['claude-code', 'codex']],
    ['packs', 'kind: ToolPolicy\nspec: {packs: [|]}', ['git', 'strict', 'kubernetes']],
    ['rules of all layers', 'exempt: [{rule: |}]', ['team/no-push', 'baseline-git/force-push', 'kubernetes/']],
    ['what a tool is compared with', 'spec: {rules: [{conditions: [{cel: request.tool == "|"}]}]}', ['shell']],
    [
      'arguments of the rule’s tools',
      'spec: {rules: [{tools: [shell], conditions: [{cel: request.arguments.|}]}]}',
      ['command', 'timeout'],
    ],
    ['places', 'spec: {rules: [{conditions: [{cel: \'place("/x") == "|"\'}]}]}', ['system', 'home']],
    ['what a condition of a server sees', 'kind: ArtifactPolicy\nspec: {servers: [{conditions: [{cel: |}]}]}', ['artifact', 'request']],
    ['what of the server it sees', 'kind: ArtifactPolicy\nspec: {servers: [{conditions: [{cel: artifact.|}]}]}', ['kind', 'scans']],
    [
      'a severity of a finding',
      `kind: ArtifactPolicy\nspec: {servers: [{conditions: [{cel: 'artifact.scans.osv.findings.all(f, f.severity != "|")'}]}]}`,
      ['critical'],
    ],
    ['kinds of servers', `kind: ArtifactPolicy\nspec: {servers: [{conditions: [{cel: 'artifact.kind == "|"'}]}]}`, ['npm', 'image']],
  ])('%s', (_, source, some) => {
    const found = offered(source);
    for (const name of some) expect(found.some((label) => label.startsWith(name))).toBe(true);
  });
});

test('a file of a workspace is checked as one, and a test file as a test file', () => {
  expect(desk.problems(edited('mine.yaml', mine))[0]?.message).toContain('Exemptions are allowed');
  expect(desk.problems(edited('mine.yaml', mine, user))).toEqual([]);
  expect(desk.problems(edited('x.test.yaml', '- {name: a, expect: {action: allow}}'))[0]?.message).toContain('call');
});

test('problems that a JSON Schema finds as well are told apart', () => {
  const source = `${team}    - {name: x, action: den, conditions: [{cel: request.tol == "x"}]}\n`;
  expect(desk.problems(edited('team.yaml', source)).map(({ inSchema }) => inSchema)).toEqual([true]);
  const typed = source.replace('den,', 'deny,');
  expect(desk.problems(edited('team.yaml', typed)).map(({ inSchema }) => inSchema)).toEqual([undefined]);
});

describe('what works, and may not be what is meant', () => {
  const said = (source: string, folder = workspace): readonly string[] =>
    desk
      .remarks(edited('new.yaml', source, folder), around(), new Date('2026-06-01'), {
        root: join(root, 'project'),
        home: root,
        paths: ['a/b.ts'],
      })
      .map(({ start, end, message, severity }) => `${severity} ${start.line}:${start.character}-${end.character} ${message.slice(0, 40)}`);

  test('is said at its characters, with what is in other files', () => {
    const rule = '  rules: [{name: r, action: deny, tools: [shel], paths: {any: [nope/**, a/*]}}]\n';
    const source = `kind: ToolPolicy\nmetadata: {name: p}\nspec:\n${rule}`;
    expect(said(source)).toEqual([
      expect.stringMatching(/^hint 3:42-46 No built-in tool/),
      expect.stringMatching(/^hint 3:63-70 No file of this workspace/),
    ]);
  });

  test('an exemption of a rule that exists is nothing to remark on', () => {
    expect(said(mine, user)).toEqual([]);
    expect(said(mine.replace('force-push', 'forced-push'), user)).toEqual([
      expect.stringMatching(/^warning 3:11-35 No policy here has a rule/),
    ]);
  });

  test('an argument that may be missing is a hint, and one that no tool has is said once', () => {
    const when = (cel: string): string =>
      `kind: ToolPolicy\nmetadata: {name: p}\nspec:\n  rules: [{name: r, action: deny, tools: [shell], conditions: [{cel: '${cel}'}]}]\n`;
    expect(said(when('request.arguments.timeout > 5'))).toEqual([expect.stringMatching(/^hint .* Where the call has no request/)]);
    expect(said(when('request.arguments.timout > 5'))).toEqual([expect.stringMatching(/^warning /)]);
    expect(said(when('has(request.arguments.timeout) && request.arguments.timeout > 5'))).toEqual([]);
  });
});
