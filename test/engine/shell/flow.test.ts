import { expect, test } from 'vitest';
import { analyzeCommand } from '../../../src/engine/shell/analyze.ts';
import type { Invocation, Word } from '../../../src/engine/shell/analysis.ts';

const textOf = (word: Word): string => (typeof word === 'string' ? word : word.parts.map((part) => part ?? '?').join(''));
const files: Readonly<Record<string, string>> = {
  '/w/x.sh': 'echo hi\nrm -rf "$1"\n$WHO knows\n',
  '/w/sub/y.sh': '#!/bin/sh\nrm y\n',
  '/w/tool': '\0ELF',
  '/w/x.py': 'import os, sys\nos.system("rm py")\nos.system(sys.argv[1])\n',
  '/w/package.json': JSON.stringify({ scripts: { pretest: 'rm before', test: 'vitest', build: 'rm -rf dist && tsc' } }),
  '/w/d/package.json': JSON.stringify({ scripts: { build: 'rm sub', again: 'npm run again', 'a:b': 'rm b', 'a:c': 'rm c' } }),
  '/w/n/package.json': JSON.stringify({ scripts: { build: 'cd m && npm run build' } }),
  '/w/n/m/package.json': JSON.stringify({ scripts: { build: 'cd m && npm run build' } }),
  '/w/n/m/m/package.json': JSON.stringify({ scripts: { build: 'rm deep' } }),
  '/w/d/Makefile': 'all:\n\trm made\n',
  '/w/justfile': 'default: build\n\n# text\nbuild arg="x":\n    @rm -rf {{arg}}\n',
  '/w/Taskfile.yml':
    'version: 3\ntasks:\n  build:\n    deps: [clean]\n    cmds:\n      - task: other\n  clean: rm one\n  other:\n    cmd: rm two\n',
  '/w/Makefile': 'D = dist\nall: clean\n\t@tsc\nclean:\n\trm -rf $(D)\n',
};
const analyze = (text: string) => analyzeCommand(text, { cwd: '/w', home: '/home/me', readText: (path) => files[path] });
const found = (text: string, program: string): readonly Invocation[] => analyze(text).invocations.filter((one) => one.program === program);

test.each<[string, readonly (readonly string[])[]]>([
  ['x', [[]]],
  ['cd a && x', [['a']]],
  ['cd a && cd b && x', [['a/b']]],
  ['cd a; x', [['a', '.']]],
  ['cd a || exit 1; x', [['a']]],
  ['cd ..; cd c && x', [['../c', 'c']]],
  ['(cd a && true); x', [[]]],
  ['cd /tmp && x', [['/tmp']]],
  ['cd && x', [['~']]],
  ['cd "$D" && x', [['./?']]],
  ['pushd a && x', [['a']]],
  ['bash -c "cd a && x"', [['a']]],
  ['if cd a; then x; fi', [['a']]],
  ['env -C a x', [['a']]],
  ['f() { cd a; }; f && x', [['a']]],
])('directories of x in %s', (text, expected) => {
  expect(found(text, 'x').map((one) => one.directories.map(textOf))).toEqual(expected);
});

test.each<[string, readonly string[], boolean]>([
  ['bash x.sh a', ['-rf a'], true],
  ['./x.sh a', ['-rf a'], true],
  ['cd sub && ./y.sh', ['y'], true],
  ['. sub/y.sh', ['y'], true],
  ['npm test', ['before'], true],
  ['npm run build -- --x', ['-rf dist'], true],
  ['yarn build', ['-rf dist'], true],
  ['npm run other', [], true],
  ['npm --prefix d run build', ['sub'], true],
  ['npm run --prefix d build', ['sub'], true],
  ['npm run build --prefix d x', ['sub x'], true],
  ['npm run build -- --prefix d', ['-rf dist'], true],
  ['yarn --cwd d build', ['sub'], true],
  ['pnpm -C d build', ['sub'], true],
  ['cd d && npm run build', ['sub'], true],
  ['cd d && npm run again', [], true],
  ['cd n && npm run build', ['deep'], true],
  ['make -C d', ['made'], true],
  ['concurrently "npm:build" "npm:pretest"', ['-rf dist', 'before'], true],
  ['cd d && run-s "a:*" build', ['b', 'c', 'sub'], true],
  ['just', ['-rf ?'], true],
  ['task build', ['one', 'two'], true],
  ['bash -n x.sh', [], true],
  ['bash -nv x.sh', [], true],
  ['bash -n +n x.sh', ['-rf '], true],
  ['bash -norc x.sh', ['-rf '], true],
  ['make', ['-rf dist'], true],
  ['make clean D=src', ['-rf src'], true],
  ['python3 x.py', ['py'], true],
  ["echo 'rm z' > new.sh; bash new.sh", ['z'], false],
])('what rm gets in the files of %s', (text, expected, fromFile) => {
  const removed = found(text, 'rm');
  expect(removed.map((one) => one.args.map(textOf).join(' '))).toEqual(expected);
  expect(removed.every((one) => one.fromFile === fromFile)).toBe(true);
});

test('an unknown program in a file is said, and is no invocation', () => {
  const analysis = analyze('bash x.sh a');
  expect(analysis.invocations.some(({ program }) => program === undefined)).toBe(false);
  expect(analysis.unknown.length).toBeGreaterThan(0);
});

test.each<[string, boolean]>([
  ['./gradlew test', false],
  ['./tool', false],
  ['pytest', false],
  ['bash other.sh', true],
  ['source other.sh', true],
])('a file that cannot be read: %s: unknown %s', (text, dynamic) => {
  expect(analyze(text).dynamic).toBe(dynamic);
});

test.each<[string, string, string]>([
  ['ls; rm x', 'rm', 'rm x'],
  ['ls && bash -c "rm x; ls"', 'rm', 'bash -c "rm x; ls"'],
  ['echo $(rm x)', 'rm', 'rm x'],
  ['echo `rm x`', 'rm', 'rm x'],
  ["echo 'rm x' | sh; ls", 'rm', 'sh'],
  ['f() { rm x; }; f', 'rm', 'rm x'],
  ['sudo env rm x # y', 'rm', 'sudo env rm x'],
])('the part of %s that runs %s', (text, program, part) => {
  expect(found(text, program).map(({ span }) => text.slice(span?.start, span?.end))).toEqual([part]);
});

test.each<[string, readonly string[]]>([
  ['x=$(a); ls $x', ['the output of a command is not known before it runs']],
  ['ls "$X"', ['"$X" has no value that is known before it runs']],
  ['$X', ['the name of the program is not known ($X)']],
  ['bash other.sh', ['the script other.sh was not read']],
])('why something is unknown in %s', (text, reasons) => {
  expect(analyze(text).unknown.map(({ reason }) => reason)).toEqual(expect.arrayContaining([...reasons]));
});

test('a value of the environment in a script leaves the commands around it known', () => {
  const analysis = analyze('bash -c "cd $D && npm test $ARGS"');
  expect(analysis.invocations.map((one) => [one.program, ...one.args.map(textOf)])).toEqual([
    ['bash', '-c', 'cd ? && npm test ?'],
    ['cd', '?'],
    ['npm', 'test', '?'],
  ]);
  expect(analysis.invocations.at(-1)?.text).toBe('npm test …');
});

test('the output of a command in a script may be any command', () => {
  expect(analyze('bash -c "cd $(cat f) && ls"').invocations.some(({ program }) => program === undefined)).toBe(true);
});

test.each<[string, readonly string[]]>([
  ['x=a; q && x=b; p $x', ['?']],
  ['x=a; q || x=b; p $x', ['?']],
  ['x=a; true || x=b; p $x', ['a']],
  ['x=a; if q; then x=b; fi; p $x', ['?']],
  ['x=a; if q; then x=b; else x=b; fi; p $x', ['b']],
  ['x=a; case $q in y) x=b;; esac; p $x', ['?']],
  ['x=a; (x=b); p $x', ['a']],
  ['x=a; x=b & p $x', ['a']],
  ['x=a; true | x=b; p $x', ['a']],
  ['x=a; while q; do p $x; x=b; done', ['?']],
  ['x=a; for i in $(q); do p $x; x=b; done', ['?']],
  ['x=a; for i in 1 2; do p $x; x=b; done', ['?', '?']],
  ['x=a; for i in 1; do x=b; done; p $x', ['?']],
  ['f() { p $x; x=b; f; }; x=a; f', ['a', '?']],
  ['f() { x=b; }; x=a; f; p $x', ['b']],
  ['f() { local x=b; }; x=a; f; p $x', ['a']],
  ['x=a; x=b true; p $x', ['a']],
  ['x=a; read x < y; p $x', ['?']],
  ['x=a; source y; p $x', ['?']],
  ["x=a; bash -c 'p $x'", ['?']],
  ["export x=a; bash -c 'p $x'", ['a']],
])('what p gets in %s', (text, expected) => {
  expect(found(text, 'p').map((one) => one.args.map(textOf).join(' '))).toEqual(expected);
});

test('input that is known is kept', () => {
  expect(found('echo "drop table x" | psql', 'psql').map(({ input }) => input)).toEqual(['drop table x\n']);
  expect(found("psql <<'EOF'\nselect 1\nEOF", 'psql').map(({ input }) => input)).toEqual(['select 1\n']);
});

test('assignments for one command are kept, and make it another', () => {
  const [one] = found('LD_PRELOAD=/x.so A=1 ls', 'ls');
  expect([one?.assignments, one?.disguised]).toEqual([['LD_PRELOAD=/x.so', 'A=1'], true]);
});

test('a script of a package that runs itself is gone through once', () => {
  const analysis = analyze('cd d && npm run again');
  expect([analysis.parsed, analysis.invocations.length]).toEqual([true, 3]);
});

test.each<[string, string]>([
  ['rm -rf "$(mktemp -d)"', '/tmp/?'],
  ['d=$(mktemp -d) && echo x && rm -rf "$d"', '/tmp/?'],
  ['d=$(mktemp -d -t foo); rm -rf "$d/x"', '/tmp/?/x'],
  ['d=$(mktemp -d --tmpdir foo.XXX); rm -rf "$d"', '/tmp/?'],
  ['d=$(mktemp -d /tmp/foo.XXXX); rm -rf "$d"', '/tmp/foo.?'],
  ['d=$(mktemp -d ./foo.XXXX); rm -rf "$d"', './foo.?'],
  ['d=$(mktemp -d -p /var/x); rm -rf "$d"', '/var/x/?'],
  ['d=$(mktemp -d "$T"); rm -rf "$d"', '?'],
  ["alias mktemp='echo /'; rm -rf $(mktemp)", '?'],
])('the name of a temporary file is not known, its folder is: %s', (text, expected) => {
  expect(found(text, 'rm').map((one) => one.args.map(textOf).slice(-1))).toEqual([[expected]]);
});

test('a folder that was just made is a place to be in', () => {
  expect(found('T=$(mktemp -d); cd "$T" && x', 'x').map((one) => one.directories.map(textOf))).toEqual([['/tmp/?']]);
});

const runs = (text: string): readonly string[] =>
  analyze(text).invocations.map(({ program, args, wrappers }) => [...wrappers, program ?? '?', ...args.map(textOf)].join(' '));

test.each<[string, string]>([
  [`PS4='$(rm x)' bash -x x.sh`, 'PS4 rm x'],
  ["export PS4='`rm x`'; set -x", 'PS4 rm x'],
  [`tmux new -d 'rm x'`, 'tmux rm x'],
  [String.raw`tmux new -d 'rm x' \; split-window 'rm y'`, 'tmux rm y'],
  ['cmd /s /c "\\"del x\\""', 'cmd del x'],
  [`tmux send-keys -t a 'rm x' Enter`, 'tmux rm x'],
  [String.raw`screen -S x -X stuff 'rm x\n'`, 'screen rm x'],
  ['nohup /tmp/x &', 'nohup /tmp/x'],
  ['cmd /c del x', 'cmd del x'],
  ['cmd.exe /c "del /s /q x & rmdir /s y"', 'cmd rmdir /s y'],
  ['cmd //c "git push --force | more"', 'cmd git push --force'],
  [String.raw`cmd /c 'del "%USERPROFILE%\a b" > nul'`, 'cmd del ~/a b'],
  ['cmd /c "cd /d x && del y"', 'cmd del y'],
  ['cmd /c "type x"', 'cmd cat x'],
  ['cmd /c "del/q x & rd,/s y"', 'cmd del /q x'],
  ['cmd /c "del/q x & rd,/s y"', 'cmd rd /s y'],
  ['cmd /c del "a b"', 'cmd del a b'],
  ['cmd /c "for %i in (a) do del %i"', 'cmd ? ?'],
  ['cmd /c "%X%"', 'cmd ? ?'],
  ['cmd /c "$X"', 'cmd ? ?'],
])('what %s runs', (text, expected) => {
  expect(runs(text)).toContain(expected);
});

test.each([`PS4='+ \${BASH_SOURCE}:\${LINENO}: ' bash -x y`, 'cmd', 'cmd x > y'])('nothing unknown is run by %s', (text) => {
  expect(analyze(text).invocations.every(({ program }) => program !== undefined)).toBe(true);
});
