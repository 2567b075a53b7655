import { expect, test } from 'vitest';
import type { GitState, Request } from '../../../src/engine/request.ts';
import { noCommand, plainInvocation, type Word } from '../../../src/engine/shell/analysis.ts';
import type { TestCall } from '../../../src/engine/policy/schema.ts';
import { Subject } from '../../../src/engine/policy/subject.ts';
import { testRequest } from '../../../src/engine/policy/test-request.ts';
import type { TouchedFile } from '../../../src/engine/policy/touched.ts';

const show = ({ path, known, recursive, place }: TouchedFile): string =>
  `${place}${recursive ? ' all' : ''}${known ? '' : ' unknown'}${path === '' ? '' : ` ${path}`}`;
const touched = (call: string | TestCall, more: Partial<Request> = {}): Subject['touched'] =>
  new Subject({ ...testRequest(call), ...more }).touched;
const deletes = (call: string | TestCall): readonly string[] => touched(call).deletes.map(show);
const writes = (call: string | TestCall): readonly string[] => touched(call).writes.map(show);

const w = '/home/user/project';
const unknownWord: Word = { parts: [undefined], many: false, names: false, text: '$X' };

test.each<[string, readonly string[]]>([
  ['rm -rf node_modules dist', [`generated all ${w}/node_modules`, `generated all ${w}/dist`]],
  ['rm -rf build/*', [`generated all ${w}/build/*`]],
  ['rm -rf *', [`workspace all ${w}/*`]],
  ['rm -rf ./*', [`workspace all ${w}/*`]],
  ['rm -rf .', [`workspace all ${w}`]],
  ['rm -rf ..', ['home all /home/user']],
  ['rm -rf ~', ['home all /home/user']],
  ['rm -rf ~/', ['home all /home/user']],
  ['rm -rf "$HOME"/*', ['home all /home/user/*']],
  ['rm -rf ~other', ['home all /home/other']],
  ['rm -rf /', ['system all /']],
  ['rm -rf /*', ['system all /*']],
  ['rm -rf .git', [`repository all ${w}/.git`]],
  ['rm src/a.ts', [`inside ${w}/src/a.ts`]],
  ['rm -rf /tmp/x', ['temporary all /tmp/x']],
  ['rm -rf "$(mktemp -d)"', ['temporary all /tmp/?']],
  ['T=$(mktemp -d); cd "$T" && rm -rf *', ['temporary all /tmp/?/*']],
  ['d=$(mktemp -d) && ls && rm -rf "$d"', ['temporary all /tmp/?']],
  ['rm -rf "$X"', ['unknown all unknown']],
  ['rm -rf "$X/"*', ['unknown all unknown']],
  ['rm -rf "$X/build"', ['unknown all unknown']],
  ['rm -rf "build/$X"', [`generated all unknown ${w}/build`]],
  ['rm -rf "/tmp/$X"', ['system all unknown /tmp']],
  ['rm -rf ~/"$X"', ['home all unknown /home/user']],
  ['find . -name "*.pyc" -delete', [`generated all ${w}/**/*.pyc`]],
  ['find . -delete', [`workspace all ${w}`]],
  ['git clean -fdx', [`workspace all ${w}`]],
  ['git -C sub clean -fd', [`inside all ${w}/sub`]],
  ['mv ~/.ssh /tmp/x', ['home /home/user/.ssh']],
  ['mv src/a.ts src/b.ts', []],
  ['mv "$F" b', []],
])('what is deleted, and where it lies: %s', (command, expected) => {
  expect(deletes(command)).toEqual(expected);
});

test.each<[string | TestCall, readonly string[]]>([
  ['echo x > /etc/hosts', ['system /etc/hosts']],
  ['echo x >> ~/.bashrc', ['home /home/user/.bashrc']],
  ['dd if=x of=/dev/sda', ['disk /dev/sda']],
  ['cp a b', [`inside ${w}/b`]],
  ['cp a /tmp', ['temporary /tmp/a']],
  ['cmd > "$OUT"', ['unknown unknown']],
  ['unknown-tool --out=x', []],
  [{ tool: 'write', paths: { write: ['~/.zshrc'] } }, ['home /home/user/.zshrc']],
  [{ tool: 'edit', paths: { write: ['${workspace}/src/a.ts'] } }, [`inside ${w}/src/a.ts`]],
  [{ tool: 'read', paths: { read: ['~/.zshrc'] } }, []],
  [{ tool: 'put_file', mcpServer: 'fs', paths: { read: ['/etc/x'], write: ['/etc/x'] } }, ['system /etc/x']],
  [{ tool: 'readTextFile', mcpServer: 'fs', paths: { read: ['/etc/x'], write: ['/etc/x'] } }, []],
  [{ tool: 'read_and_update', mcpServer: 'fs', paths: { read: ['/etc/x'], write: ['/etc/x'] } }, ['system /etc/x']],
])('what is written, by commands and by tools: %j', (call, expected) => {
  expect(writes(call)).toEqual(expected);
});

test('a tool that deletes counts as deleting what it names', () => {
  expect(deletes({ tool: 'delete_directory', mcpServer: 'fs', paths: { read: ['~/x'], write: ['~/x'] } })).toEqual([
    'home all /home/user/x',
  ]);
});

test('links are followed to the place that is meant', () => {
  const resolve = (path: string): string => path.replace(`${w}/link`, '/etc');
  expect(touched('rm -rf link/x', { resolve }).deletes.map(({ place }) => place)).toEqual(['system']);
  expect(touched('rm -rf link/', { resolve }).deletes.map(({ place }) => place)).toEqual(['system']);
  expect(touched('echo > link/x', { resolve }).writes.map(({ place }) => place)).toEqual(['system']);
});

test('a link that is deleted goes alone', () => {
  expect(touched('rm link', { resolve: (path) => path.replace(`${w}/link`, '/etc') }).deletes.map(({ place }) => place)).toEqual([
    'inside',
  ]);
});

test('a workspace behind a link is still the workspace', () => {
  const resolve = (path: string): string => path.replace('/home/user', '/data/user');
  expect(touched('rm src/a; rm -rf *', { resolve }).deletes.map(({ place }) => place)).toEqual(['inside', 'workspace']);
});

test.each<[string, readonly string[], GitState]>([
  ['rm src/a.ts', [`${w}/src/a.ts`], 'clean'],
  ['rm -rf src/*', [`${w}/src`], 'clean'],
  ['rm -rf src/*.ts', [`${w}/src`], 'clean'],
  ['rm -rf /tmp/x', [], 'unknown'],
  ['rm -rf ~/x', [], 'unknown'],
])('git is asked about what lies in the workspace only: %s', (command, looked, state) => {
  const asked: string[] = [];
  const gitState = (path: string): GitState => {
    asked.push(path);
    return 'clean';
  };
  const { deletes: found } = touched(command, { gitState });
  expect(asked).toEqual([]);
  expect(found.map(({ git }) => git)).toEqual([state]);
  expect(found.map(({ git }) => git)).toEqual([state]);
  expect(asked).toEqual(looked);
});

test('a call gets sixteen looks at git, and what is not looked at is unknown', () => {
  const command = `rm ${Array.from({ length: 20 }, (_, index) => `f${index}`).join(' ')}`;
  const states = touched(command, { gitState: () => 'clean' }).deletes.map(({ git }) => git);
  expect(states.filter((state) => state === 'clean')).toHaveLength(16);
  expect(states.slice(16)).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
});

test('conditions see the paths that a command surely reads and writes', () => {
  const subject = touched('cp a b; odd c; cat "$X" *.ts');
  expect(subject.surelyRead).toEqual([`${w}/a`]);
  expect(subject.surelyWritten).toEqual([`${w}/b`]);
});

test.each<[string, readonly Word[], string]>([
  ['a container of its own', ['run', '--rm', 'alpine', 'rm'], 'elsewhere'],
  ['a container that gets a folder of ours', ['run', '-v', '.:/var', 'alpine', 'rm'], 'inside'],
  ['a container that gets everything', ['run', '-v', '/:/var', 'alpine', 'rm'], 'system'],
  ['a mount in its long form', ['run', '--mount', 'type=bind,src=/etc,dst=/var', 'alpine', 'rm'], 'system'],
  ['a folder of ours lies below', ['run', '-v', '.:/var/x/y', 'alpine', 'rm'], 'unknown'],
  ['a volume with a name', ['run', '-v', 'data:/var', 'alpine', 'rm'], 'elsewhere'],
  ['a mount that is not known', ['run', '-v', unknownWord, 'alpine', 'rm'], 'unknown'],
  ['a container with the rights of the machine', ['run', '--privileged', 'alpine', 'rm'], 'unknown'],
  ['one that runs already', ['exec', 'c', 'rm'], 'system'],
])('%s: what is deleted in it lies %s', (_, args, place) => {
  const docker = { ...plainInvocation, program: 'docker', args, isWrapper: true, text: 'docker' };
  const rm = { ...plainInvocation, program: 'rm', args: ['-rf', '/var/x'], wrappers: ['docker'], text: 'rm' };
  const subject = new Subject(testRequest('docker'), { ...noCommand, invocations: [docker, rm] });
  expect(subject.touched.deletes.map((file) => file.place)).toEqual([place]);
});

test.each<[string, readonly Word[], string, readonly string[]]>([
  ['in a folder', ['sub'], '*', [`inside all ${w}/sub/*`]],
  ['in one of two', ['.', '/etc'], 'x', [`inside all ${w}/x`, 'system all /etc/x']],
  ['in a folder that is not known', [unknownWord], 'x', ['unknown all unknown']],
  ['in a folder that is not known, with an absolute path', [unknownWord], '/etc/x', ['system all /etc/x']],
])('a command that runs %s', (_, directories, target, expected) => {
  const rm = { ...plainInvocation, program: 'rm', args: ['-rf', target], text: 'rm', directories };
  const subject = new Subject(testRequest('rm'), { ...noCommand, invocations: [rm] });
  expect(subject.touched.deletes.map(show)).toEqual(expected);
});

test('a name that is not known yet is not all that is in a folder', () => {
  const name: Word = { parts: ['/tmp/', undefined], many: false, names: true, text: '$(mktemp -d)' };
  const rm = { ...plainInvocation, program: 'rm', args: ['-rf', name], text: 'rm' };
  expect(new Subject(testRequest('rm'), { ...noCommand, invocations: [rm] }).touched.deletes.map(show)).toEqual(['temporary all /tmp/?']);
});
