import { describe, expect, test } from 'vitest';
import { decideStart, scansWanted } from '../../../src/engine/artifact/decide-start.ts';
import { pinnedSource } from '../../../src/engine/artifact/image-pin.ts';
import { planOf } from '../../../src/engine/artifact/plan.ts';
import { scanOf, type Scan, type Severity } from '../../../src/engine/artifact/scan.ts';
import { approvedScans } from '../../../src/engine/artifact/scan-demand.ts';
import { signersKey, type ServerStart, type Source } from '../../../src/engine/artifact/start.ts';
import { pinningOf, toolsTrust } from '../../../src/engine/artifact/tools-trust.ts';
import type { Layer } from '../../../src/engine/decision.ts';
import { parsePolicyFile } from '../../../src/engine/policy/parse-file.ts';
import { testRequest } from '../../../src/engine/policy/test-request.ts';
import type { PolicyFile } from '../../../src/engine/policy/policy-set.ts';

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
const integrity = `sha512-${'A'.repeat(86)}==`;
const npm: Source = { kind: 'npm', name: '@scope/files', version: '1.2.3', integrity, tree: digest('1'), packages: 9 };
const start = (source: Source = npm, more: Partial<ServerStart> = {}): ServerStart => ({
  server: 'files',
  command: ['npx', '-y', '@scope/files'],
  source,
  ...more,
});
const at = testRequest({ time: '2026-06-01T00:00:00Z', user: { home: '/home/ada', roles: ['tester'] } });

function policy(spec: string, layer: Layer = 'user', trusted = true, name = 'p'): PolicyFile {
  const file = parsePolicyFile({
    path: `${name}.yaml`,
    layer,
    trusted,
    source: `kind: ArtifactPolicy\nmetadata: {name: ${name}}\nspec: ${spec}\n`,
  });
  return file;
}
const ofDatabase: Source = { kind: 'image', image: 'o/db:1', digest: digest('a'), risky: [] };
const listing = (source: string, more = ''): string => `{servers: [{name: files, source: ${source}${more}}]}`;
const right = `{npm: "@scope/files", version: 1.2.3, integrity: ${integrity}}`;
const shipped = policy('{defaultAction: abstain, unpinned: require_approval}', 'built-in', true, 'mcp-servers');
const said = (files: readonly PolicyFile[], about: ServerStart = start()): string => {
  const problems = files.flatMap((file) => file.problems);
  expect(problems).toEqual([]);
  const { action, reason } = decideStart({ files }, about, at);
  return `${action}: ${reason}`;
};

test.each<[string, readonly PolicyFile[], ServerStart, RegExp]>([
  ['no policy', [], start(), /^abstain: $/],
  [
    'a package that nobody listed is asked about',
    [shipped],
    start(),
    /^require_approval: .*@scope\/files 1\.2\.3 from npm \(9 packages\).*pinned/,
  ],
  [
    'so is what a shell would fetch',
    [shipped],
    start({ kind: 'program', path: 'sh', fetches: true }),
    /^require_approval: .*cannot be held/,
  ],
  ['a program of the machine is not', [shipped], start({ kind: 'program', path: '/opt/x', fetches: false }), /^abstain/],
  ['listed as it is', [shipped, policy(listing(right))], start(), /^allow/],
  ['another version', [policy(listing(right))], start({ ...npm, version: '1.2.4' }), /^deny: .*should be version 1\.2\.3/],
  ['another package', [policy(listing(right))], start({ ...npm, name: '@evil/files' }), /^deny: .*should be @scope\/files from npm/],
  ['another archive', [policy(listing(right))], start({ ...npm, integrity: `sha512-${'B'.repeat(86)}==` }), /^deny: .*\(integrity\)/],
  [
    'other files',
    [policy(listing(`{npm: "@scope/files", version: 1.2.3, tree: "${digest('2')}"}`))],
    start(),
    /^deny: .*its files have another hash/,
  ],
  [
    'any of two entries',
    [policy(`{servers: [{name: files, source: {npm: other, version: 1.0.0}}, {name: files, source: ${right}}]}`)],
    start(),
    /^allow/,
  ],
  ['not listed where a policy says what to do', [policy('{defaultAction: deny}')], start(), /^deny: .*does not list it/],
  ['not listed where it says nothing', [policy('{}')], start(), /^require_approval/],
  ['a workspace tightens', [policy(listing(right)), policy('{defaultAction: deny}', 'workspace', true, 'w')], start(), /^deny/],
  [
    'a workspace that nobody trusted does not spare the question',
    [shipped, policy(listing(right), 'workspace', false)],
    start(),
    /^require_approval/,
  ],
  ['one that is trusted does', [shipped, policy(listing(right), 'workspace', true)], start(), /^allow/],
  ['only observed', [policy('{mode: observe, defaultAction: deny}')], start(), /^deny/],
  ['signed by nobody that was checked', [policy(listing(right, ', signedBy: [{ssh: "a@b"}]'))], start(), /^deny: .*not verified/],
  [
    'signed',
    [policy(listing(right, ', signedBy: [{ssh: "a@b"}]'))],
    start(npm, { signed: new Map([[signersKey([{ ssh: 'a@b' }]), { ok: true, by: 'a@b' }]]) }),
    /^allow/,
  ],
  [
    'signed by whom another entry asks for',
    [policy(listing(right, ', signedBy: [{ssh: "a@b"}]'))],
    start(npm, { signed: new Map([[signersKey([{ ssh: 'c@d' }]), { ok: true, by: 'c@d' }]]) }),
    /^deny/,
  ],
  [
    'an image by its digest',
    [policy(listing(`{image: "o/files@${digest('a')}"}`))],
    start({ kind: 'image', image: 'o/files:1', digest: digest('a'), risky: [] }),
    /^allow/,
  ],
  [
    'an image by its tag',
    [policy(listing(`{image: "o/files@${digest('a')}"}`))],
    start({ kind: 'image', image: 'o/files:1', risky: [] }),
    /^deny: .*the configuration has to name it as o\/files@sha256:/,
  ],
  [
    'an image with options that open it',
    [policy(listing(`{image: "o/files@${digest('a')}"}`))],
    start({ kind: 'image', image: 'o/files', digest: digest('a'), risky: ['--privileged'] }),
    /^require_approval: .*--privileged/,
  ],
  [
    'a file by its hash',
    [policy(listing(`{file: ~/s.js, sha256: ${'c'.repeat(64)}}`))],
    start({ kind: 'file', path: '/home/ada/s.js', sha256: 'c'.repeat(64) }),
    /^allow/,
  ],
  [
    'a file that was changed',
    [policy(listing(`{file: ~/s.js, sha256: ${'c'.repeat(64)}}`))],
    start({ kind: 'file', path: '/home/ada/s.js', sha256: 'd'.repeat(64) }),
    /^deny: .*another hash/,
  ],
  [
    'a remote server by its origin',
    [policy(listing('{url: "https://mcp.example/x"}'))],
    start({ kind: 'url', url: 'https://mcp.example/y' }),
    /^allow/,
  ],
  [
    'elsewhere',
    [policy(listing('{url: "https://mcp.example"}'))],
    start({ kind: 'url', url: 'https://mcp.example.evil.example' }),
    /^deny/,
  ],
  [
    'what the lock has not',
    [policy(listing(right))],
    start(npm, { lock: { path: 'mcp.lock', digest: digest('e'), trusted: true, differs: 'it should be version 2.0.0' } }),
    /^deny: .*not what mcp\.lock has/,
  ],
  ['what a trusted lock has', [shipped], start(npm, { lock: { path: 'mcp.lock', digest: digest('e'), trusted: true } }), /^abstain/],
  [
    'an image whose digest only an untrusted lock has',
    [shipped],
    start(ofDatabase, { command: ['docker', 'run', 'o/db:1'], lock: { path: 'mcp.lock', digest: digest('e'), trusted: false } }),
    /^require_approval: .*o\/db:1@sha256:a{12}….*nobody here has accepted/,
  ],
  [
    'an image whose digest the line has, too',
    [shipped],
    start(ofDatabase, {
      command: ['docker', 'run', `o/db@${digest('a')}`],
      lock: { path: 'mcp.lock', digest: digest('e'), trusted: false },
    }),
    /^abstain/,
  ],
  [
    'an image of a trusted lock',
    [shipped],
    start(ofDatabase, { command: ['docker', 'run', 'o/db:1'], lock: { path: 'mcp.lock', digest: digest('e'), trusted: true } }),
    /^abstain/,
  ],
  [
    'what a lock has that nobody trusted',
    [shipped],
    start(npm, { lock: { path: 'mcp.lock', digest: digest('e'), trusted: false } }),
    /^require_approval/,
  ],
])('%s', (_, files, about, expected) => {
  expect(said(files, about)).toMatch(expected);
});

const scan = (name: string, severity: Severity = 'none', time = '2026-05-31T00:00:00Z'): Scan =>
  scanOf(name, time, severity === 'none' ? [] : [{ severity, id: 'X-1', title: 'bad' }]);
const broken: Scan = { name: 'osv', at: '2026-05-31T00:00:00Z', unavailable: 'no network' };
const demand = '{required: [osv], maxSeverity: medium, maxAge: 30d}';
const scanned = (more = ''): PolicyFile => policy(listing(right, `, scans: ${demand}${more}`));

describe('what scanners said of the very bytes', () => {
  test.each<[string, readonly PolicyFile[], readonly Scan[] | undefined, RegExp]>([
    ['is enough', [scanned()], [scan('osv', 'medium')], /^allow: .*\(scans: osv \(2026-05-31T00:00:00Z\): 1 found, the worst medium\)/],
    ['is missing', [scanned()], [scan('npm-audit')], /^deny: .*"osv" has not looked at it.*"countersign mcp scan files" look anew/],
    ['was not looked up', [scanned()], undefined, /^deny: .*"osv" has not looked/],
    ['is not available', [scanned()], [broken], /^deny: .*"osv" could not look \(no network\)/],
    ['is too old', [scanned()], [scan('osv', 'none', '2026-05-01T23:59:59Z')], /^deny: .*older than 30d, of 2026-05-01/],
    ['is as old as it may be', [scanned()], [scan('osv', 'none', '2026-05-02T00:00:00Z')], /^allow/],
    ['is of a time that nobody can read', [scanned()], [scan('osv', 'none', 'yesterday')], /^deny: .*when "osv" looked is not known/],
    ['is of the future', [scanned()], [scan('osv', 'none', '2026-06-02T00:00:00Z')], /^deny: .*when "osv" looked is not known/],
    ['is too bad', [scanned()], [scan('osv', 'high')], /^deny: .*"osv": 1 found, the worst high/],
    ['is of a severity that nobody knows', [scanned()], [scan('osv', 'unknown')], /^deny: .*the worst unknown/],
    ['is too bad by one that nobody asked', [scanned()], [scan('osv'), scan('npm-audit', 'critical')], /^deny: .*"npm-audit": 1 found/],
    ['is not available of one that nobody asked', [scanned()], [scan('osv'), { ...broken, name: 'other' }], /^allow/],
    [
      'is a list that is full, so that it may lack the worst',
      [scanned()],
      [
        scanOf(
          'osv',
          '2026-05-31T00:00:00Z',
          Array.from({ length: 500 }, (_, i) => ({ severity: 'low' as const, id: `${i}`, title: '' })),
        ),
      ],
      /^deny: .*500 found, the worst low/,
    ],
    [
      'is asked about where the policy says so',
      [policy(listing(right, ', scans: {required: [osv], otherwise: require_approval}'))],
      [],
      /^require_approval: .*has not looked/,
    ],
    ['is asked of every server', [policy(`{scans: ${demand}, defaultAction: abstain}`)], [], /^deny: .*has not looked/],
    ['is there for every server', [policy(`{scans: ${demand}, defaultAction: abstain}`)], [scan('osv')], /^abstain/],
    [
      'is asked of one server otherwise',
      [policy(`{scans: ${demand}, servers: [{name: files, source: ${right}, scans: {required: []}}]}`)],
      [],
      /^allow/,
    ],
    [
      'is enough for one of two entries',
      [policy(`{servers: [{name: files, source: ${right}, scans: ${demand}}, {name: files, source: ${right}, scans: {required: [a]}}]}`)],
      [scan('a')],
      /^allow/,
    ],
  ])('%s', (_, files, scans, expected) => {
    expect(said(files, start(npm, scans === undefined ? {} : { scans }))).toMatch(expected);
  });

  test('makes nothing else of what starts', () => {
    expect(said([scanned()], start({ ...npm, version: '1.2.4' }, { scans: [scan('osv')] }))).toMatch(/^deny: .*should be version 1\.2\.3/);
  });

  test('can be exempted by name', () => {
    const source = 'kind: ToolPolicy\nmetadata: {name: e}\nspec: {}\nexempt: [{rule: p/(scans), reason: known}]\n';
    const exempt = parsePolicyFile({ path: 'e.yaml', layer: 'user', trusted: true, source });
    expect(said([scanned(), exempt], start(npm, { scans: [] }))).toMatch(/^allow/);
  });

  test('is looked up only where something in force goes by it', () => {
    const wanted = (file: PolicyFile) => scansWanted({ files: [file] }, 'files');
    expect([shipped, policy(listing(right)), scanned(), policy(`{scans: ${demand}}`)].map(wanted)).toEqual([false, false, true, true]);
    expect(wanted(policy(listing(right, ', conditions: [{cel: "true"}]')))).toBe(true);
    expect(scansWanted({ files: [scanned()] }, 'other')).toBe(false);
  });
});

describe('conditions of an entry', () => {
  test.each<[string, string, RegExp]>([
    ['see what starts', 'artifact.kind == "npm" && artifact.version.startsWith("1.2") && artifact.packages < 10', /^allow/],
    ['see the command', 'artifact.command[0] == "npx" && artifact.server == "files"', /^allow/],
    ['see scans', 'artifact.scans.osv.max == "high" && artifact.scans.osv.findings.all(f, f.id == "X-1")', /^allow/],
    ['know when somebody looked', 'request.time - timestamp(artifact.scans.osv.at) < duration("48h")', /^allow/],
    ['see the person', '"tester" in request.user.roles', /^allow/],
    ['are false', 'artifact.scans.osv.found == 0', /^deny: .*the condition `artifact\.scans\.osv\.found == 0` is false/],
    ['are about a scan that is not there', 'artifact.scans.other.max == "none"', /^deny: .*could not be evaluated \(.*other/],
    ['are about a scan that could not look', 'artifact.scans["lame"].max == "none"', /^deny: .*could not be evaluated/],
  ])('%s: %s', (_, cel, expected) => {
    const about = start(npm, { scans: [scan('osv', 'high'), { ...broken, name: 'lame' }] });
    expect(said([policy(listing(right, `, conditions: [{cel: '${cel}'}]`))], about)).toMatch(expected);
  });

  test('of a ToolPolicy know no artifact', () => {
    const source =
      'kind: ToolPolicy\nmetadata: {name: t}\nspec: {rules: [{name: r, action: deny, conditions: [{cel: \'artifact.kind == "npm"\'}]}]}\n';
    const { problems } = parsePolicyFile({ path: 't.yaml', layer: 'user', trusted: true, source });
    expect(problems.map(({ message }) => message)).toEqual(['CEL: Unknown variable: artifact']);
  });
});

describe('an image', () => {
  const listed = (more = '', image = 'o/files'): string => listing(`{image: "${image}@${digest('a')}"${more}}`);
  const run = (line: string): Source => {
    const plan = planOf('docker', ['run', ...line.split(' ')]);
    if (plan.kind !== 'image') throw new Error(line);
    return plan;
  };
  const pinned = (file: PolicyFile, line: string): Source => pinnedSource({ files: [file] }, 'files', run(line));

  test.each<[string, string, string, RegExp]>([
    ['its options are what the policy pins', '-i -v /data:/d -e TOKEN', '["-e TOKEN", "--volume /data:/d", -i]', /^allow/],
    ['one more', '-i --privileged', '[-i]', /^deny: .*it is started with --privileged/],
    ['one with another value', '-v /:/d', '["-v /data:/d"]', /^deny: .*started with --volume=\/:\/d/],
    ['one less', '-i', '[-i, --read-only]', /^deny: .*it is started without --read-only/],
    ['another variable', '-e NODE_OPTIONS=--require=/x', '[]', /^deny: .*started with --env=NODE_OPTIONS/],
    ['the same twice', '-u 1 -u 0 -u 1', '["-u 1", "-u 0"]', /^deny: .*more often/],
    ['the last one counts', '-u 1 -u 0', '["-u 0", "-u 1"]', /^deny: .*another order/],
  ])('%s: %s', (_, options, wanted, expected) => {
    const file = policy(listed(`, options: ${wanted}`));
    expect(said([file], start(pinned(file, `${options} o/files:1`)))).toMatch(expected);
  });

  test('by its tag is taken for the digest that the policy has, and options that open it are asked about', () => {
    const file = policy(listed());
    expect(said([file], start(pinned(file, '-i o/files:1')))).toMatch(/^allow: .*o\/files:1@sha256:aaaaaaaaaaaa…, as policy/);
    expect(said([file], start(pinned(file, '-v /:/h o/files')))).toMatch(/^require_approval: .*-v \/:\/h: that opens/);
  });

  test.each<[string, PolicyFile, string, string | undefined]>([
    ['has another name', policy(listed('', 'o/other')), 'o/files:1', undefined],
    ['names another digest itself', policy(listed()), `o/files@${digest('b')}`, digest('b')],
    ['is pinned by a workspace that nobody trusts', policy(listed(), 'workspace', false), 'o/files:1', undefined],
    ['is pinned by one that is trusted', policy(listed(), 'workspace', true), 'o/files:1', digest('a')],
    ['is pinned by a policy that only observes', policy(listed().replace('{', '{mode: observe, ')), 'o/files:1', undefined],
  ])('%s', (_, file, line, expected) => {
    expect(pinned(file, line)).toMatchObject(expected === undefined ? run(line) : { kind: 'image', digest: expected });
    expect('digest' in pinned(file, line)).toBe(expected !== undefined);
  });
});

test('an approval is for what was found, not for when somebody looked', () => {
  const late = scan('osv', 'high', '2026-06-01T00:00:00Z');
  expect(approvedScans([late])).toEqual(approvedScans([scan('osv', 'high')]));
  const another = scanOf('osv', late.at, [{ severity: 'high', id: 'X-2', title: 'bad' }]);
  expect(approvedScans([another])).not.toEqual(approvedScans([late]));
  expect(approvedScans([broken])).toEqual({ osv: 'not available' });
});

test('an exemption of the user reaches what we ship', () => {
  const exempt = parsePolicyFile({
    path: 'e.yaml',
    layer: 'user',
    trusted: true,
    source: 'kind: ToolPolicy\nmetadata: {name: e}\nspec: {}\nexempt: [{rule: mcp-servers/(unpinned), reason: in a container}]\n',
  });
  expect(said([shipped, exempt])).toBe('abstain: ');
});

test('a file with a problem lets nothing start', () => {
  expect(decideStart({ files: [policy('{servers: 3}')] }, start(), at).action).toBe('deny');
});

describe('what is wrong is said with its place', () => {
  test.each<[string, string]>([
    ['{servers: [{name: x, source: {npm: a}}]}', '3:36 An npm package needs "version": without it anything may come under its name'],
    ['{servers: [{name: x, source: {npm: a, version: latest}}]}', '3:54 A version is exact, such as 1.2.3'],
    ['{servers: [{name: x, source: {file: s.js, sha256: x}}]}', '3:57 A sha256 has 64 digits of 0-9 and a-f'],
    ['{servers: [{name: x, source: {image: o/x}}]}', '3:44 An image is named with its digest: name@sha256:…'],
    [
      '{servers: [{name: x, source: {npm: a, url: "https://x"}}]}',
      '3:36 A source is exactly one of npm, image, file, url; this one has npm and url',
    ],
    ['{servers: [{name: x, source: {}}]}', '3:36 A source is exactly one of npm, image, file, url; this one has none'],
    ['{servers: [{name: x, source: {url: "https://x", version: 1.2.3}}]}', '3:36 "version" does not go with "url"'],
    ['{servers: [{name: x, source: {url: "https://x"}, signedBy: [{}]}]}', '3:67 A signer is exactly one of sigstore, ssh'],
    ['{servers: [{name: x, sorce: {}}]}', '3:28 Unknown field "sorce", did you mean "source"?'],
    [
      "{servers: [{name: x, source: {url: 'https://x'}, conditions: [{cel: 'artifact.kind = 1'}]}]}",
      '3:90 CEL: Unexpected character: =; write "=="',
    ],
    [
      `{servers: [{name: x, source: {image: "o/x@${digest('a')}", options: [--new]}}]}`,
      '3:36 Its "options" are not all understood: each is one option of docker run with its value',
    ],
    ['{servers: [{name: x, source: {npm: a, version: 1.2.3, options: []}}]}', '3:36 "options" does not go with "npm"'],
    ['{scans: {required: [Osv]}}', '3:27 A scanner is called like npm-audit: a-z, 0-9 and "-"'],
    ['{scans: {maxSeverity: high}}', '3:8 The field "required" is missing; it is a list'],
    ['{defaultActions: deny}', '3:8 Unknown field "defaultActions", did you mean "defaultAction"?'],
  ])('%s', (spec, expected) => {
    const found = policy(spec).problems.map(({ position, message }) => `${position.line}:${position.column} ${message}`);
    expect(found).toEqual([expected]);
  });
});

test.each<[string, readonly PolicyFile[], string]>([
  ['no policy says anything', [shipped], 'reviewed'],
  ['one does', [policy(listing(right, ', tools: any'))], 'any'],
  [
    'two do: the stricter',
    [policy(listing(right, ', tools: any')), policy(listing(right, ', tools: pinned'), 'workspace', false, 'w')],
    'pinned',
  ],
  ['a workspace that nobody trusts loosens nothing', [policy(listing(right, ', tools: any'), 'workspace', false)], 'reviewed'],
  [
    'one that only observes says nothing',
    [policy(`{mode: observe, servers: [{name: files, source: ${right}, tools: pinned}]}`)],
    'reviewed',
  ],
])('how tools that changed are taken: %s', (_, files, expected) => {
  expect(toolsTrust({ files }, 'files')).toBe(expected);
});

test('how a server is held is the strictest of all folders, with every source that a policy that counts has', () => {
  const image = `{image: "ghcr.io/o/files@${digest('a')}"}`;
  const file = `{file: /opt/files.js, sha256: "${digest('b')}"}`;
  const mine = policy(listing(right, ', tools: any'));
  const one = { files: [mine, policy(listing(image), 'workspace', false, 'w'), policy(`{mode: observe, ${listing(file).slice(1)}`)] };
  const other = { files: [mine, policy(listing(file, ', tools: pinned'), 'workspace', true, 'v')] };
  expect(pinningOf([one], 'files')).toEqual({
    tools: 'reviewed',
    sources: [`@scope/files 1.2.3 ${integrity}`, `ghcr.io/o/files@${digest('a')}`],
  });
  expect(pinningOf([one, other], 'files')).toEqual({
    tools: 'pinned',
    sources: [`@scope/files 1.2.3 ${integrity}`, `ghcr.io/o/files@${digest('a')}`, `/opt/files.js ${digest('b')}`],
  });
  expect(pinningOf([one], 'another')).toEqual({ tools: 'reviewed', sources: [] });
});
