import { expect, test } from 'vitest';
import { allCommandsMatch, anyCommandMatches } from '../../../src/engine/policy/command-pattern.ts';
import { compileCommandPatterns } from '../../../src/engine/policy/command-syntax.ts';
import { analyzeCommand } from '../../../src/engine/shell/analyze.ts';

const may = (patterns: string | readonly string[], command: string): boolean =>
  anyCommandMatches([patterns].flat().flatMap(compileCommandPatterns), analyzeCommand(command));
const must = (patterns: string | readonly string[], command: string, filesJudged = false): boolean =>
  allCommandsMatch([patterns].flat().flatMap(compileCommandPatterns), analyzeCommand(command), filesJudged);

// [rule, pattern, command, matches a rule that denies or asks, matches a rule that allows]
test.each<[string, string, string, boolean, boolean]>([
  ['the program by its base name', 'rm', '/bin/rm x', true, true],
  ['a pattern with a slash means that very path', '/bin/rm', 'rm x', false, false],
  ['a pattern with a slash means that very path', '/bin/rm', '/bin/rm x', true, true],
  ['another program', 'rm', 'ls rm', false, false],
  ['the name as a glob', 'python*', 'python3.12 x.py', true, true],
  ['an option anywhere', 'git push --force', 'git push origin main --force', true, true],
  ['an option before the words', 'git push --force', 'git --force push', true, true],
  ['a missing option', 'git push --force', 'git push origin main', false, false],
  ['another option that begins like it', 'git push --force', 'git push --force-with-lease', false, false],
  ['an option as a glob', 'git push --force*', 'git push --force-with-lease', true, true],
  ['a long option with a value', 'git push --force-with-lease', 'git push --force-with-lease=main', true, true],
  ['a cluster in another order', 'rm -rf', 'rm -fr x', true, true],
  ['a cluster in two options', 'rm -rf', 'rm -r x -f', true, true],
  ['a cluster with more', 'rm -rf', 'rm -vrf x', true, true],
  ['a choice of options, the first', 'curl {-T,--upload-file}', 'curl -T x', true, true],
  ['a choice of options, the second', 'curl {-T,--upload-file}', 'curl --upload-file x', true, true],
  ['a choice of options, neither', 'curl {-T,--upload-file}', 'curl -O x', false, false],
  ['a choice of an option and a word', 'sops {-d,decrypt} x', 'sops decrypt x', true, true],
  ['a choice of an option and a word, the option', 'sops {-d,decrypt} x', 'sops -d x', true, true],
  ['a choice of letters, in a cluster', 'tar -{x,t}', 'tar -zxf a', true, true],
  ['behind two hyphens, a word', 'kill -9 -- -1', 'kill -9 -- -1', true, true],
  ['behind two hyphens, another word', 'kill -9 -- -1', 'kill -9 -- -2', false, false],
  ['half a cluster', 'rm -rf', 'rm -r x', false, false],
  ['one letter in a cluster', 'rm -r', 'rm -rf x', true, true],
  ['a long option holds no letters', 'rm -r', 'rm --recursive-not x', false, false],
  ['words in order', 'terraform destroy', 'terraform destroy -auto-approve', true, true],
  ['words in order, not later', 'git push', 'git stash push', false, false],
  ['more arguments may follow', 'git push', 'git push origin main', true, true],
  ['fewer may not', 'git push origin', 'git push', false, false],
  ['a star inside a word', 'npm run test*', 'npm run test:unit', true, true],
  ['a question mark is one character', 'git push origin v?', 'git push origin v10', false, false],
  ['two stars stand for words', 'kubectl ** -n prod*', 'kubectl delete pod x -n production', true, true],
  ['two stars stand for none', 'kubectl ** prod*', 'kubectl production', true, true],
  ['an option may stand before its word', 'kubectl ** -n prod*', 'kubectl -n production get pods', true, true],
  ['an option with its value in one', 'kubectl ** -n prod*', 'kubectl get pods -nproduction', true, false],
  ['--name=value as one', 'kubectl ** --namespace=prod*', 'kubectl get pods --namespace=production', true, true],
  ['--name=value as two', 'kubectl ** --namespace=prod*', 'kubectl get pods --namespace production', true, true],
  ['--name=value of another value', 'kubectl ** --namespace=prod*', 'kubectl get pods --namespace=dev', false, false],
  ['--name value written with =', 'kubectl ** --namespace prod*', 'kubectl get pods --namespace=production', true, false],
  ['the value of an option in between', 'git push --force', 'git -C /x push --force', true, true],
  ['global options with values', 'git push -f', 'git -c a=b --git-dir /g push -f', true, true],
  ['the value of a global option is no subcommand', 'git push', 'git -C push status', false, false],
  ['the same letter behind the subcommand is another option', 'git commit amend', 'git commit -C HEAD amend', true, false],
  ['an unknown value of a global option', 'git push', 'git -C "$DIR" push', true, false],
  ['a value of an option that is not known may be skipped', 'git push', 'git --odd x push', true, false],
  ['kubectl', 'kubectl delete ns', 'kubectl --context c -n prod delete ns x', true, true],
  ['options that may stand anywhere', 'kubectl delete ns', 'kubectl delete -n prod ns x', true, true],
  ['docker', 'docker rm', 'docker -H tcp://h rm x', true, true],
  ['aws', 'aws s3 rb', 'aws --profile p --region r s3 rb s3://b', true, true],
  ['terraform', 'terraform destroy', 'terraform -chdir=d destroy', true, true],
  ['gh', 'gh repo delete', 'gh -R o/r repo delete', true, true],
  ['npm', 'npm publish', 'npm --prefix d publish', true, true],
  ['systemctl', 'systemctl stop', 'systemctl --user stop x', true, true],
  ['a program with the ending of Windows', 'git push', 'Git.EXE push', true, true],
  ['a path of Windows', 'git push', "'C:\\Program Files\\Git\\git.exe' push", true, true],
  ['another case, where file names do not tell it apart', 'rm', 'RM x', true, false],
  ['quotes in the command', 'git push', '"git" \'pu\'sh', true, true],
  ['quotes in the pattern', 'git commit "a b"', "git commit 'a b'", true, true],
  ['after -- nothing is an option', 'rm -f', 'rm -- -f', false, false],
  ['home', 'rm -rf ~', 'rm -rf $HOME', true, true],
  ['a wrapper', 'rm -rf', 'timeout 5 rm -rf x', true, true],
  ['sudo is not harmless', 'rm -rf', 'sudo rm -rf x', true, false],
  ['the wrapper itself', 'sudo', 'sudo rm x', true, false],
  ['a shell in a shell', 'git push', 'bash -lc "git push"', true, true],
  ['a pipe', 'rm', 'ls | xargs rm', true, false],
  ['a list', 'rm', 'ls && rm x', true, false],
  ['a substitution', 'rm', 'echo "$(rm x)"', true, false],
  ['find -exec', 'rm', 'find . -exec rm {} +', true, false],
  ['an unknown program', 'rm -rf', '$CMD x', true, false],
  ['an unknown option', 'git push --force', 'git push $ARGS', true, false],
  ['an unknown word that could be the option', 'git push --force', 'git push "$ARG"', true, false],
  ['an unknown word that cannot be the option', 'git push --force', 'git push "origin/$BRANCH"', false, false],
  ['an unknown word in the place of a word', 'git push', 'git "$VERB"', true, false],
  ['an unknown word before what is asked', 'git push', 'git "$X" push', true, false],
  ['an unknown argument after all that is asked', 'git commit', 'git commit -m "$MSG"', true, true],
  ['an unknown argument elsewhere', 'git push', 'git commit -m "$MSG"', false, false],
  ['names that could be an option', 'rm -rf', 'rm *', true, false],
  ['names that cannot be an option', 'rm -rf', 'rm ./*', false, false],
  ['text that is not understood', 'rm', 'if then "', true, false],
  ['a function of that name', 'ls', 'ls() { rm x; }; ls', true, false],
  ['a changed PATH', 'ls', 'PATH=/tmp ls', true, false],
  ['a changed PATH before', 'ls', 'export PATH=/tmp; ls', true, false],
  ['output in a file', 'ls', 'ls > ~/.bashrc', true, false],
  ['output nowhere', 'ls', 'ls 2>/dev/null 2>&1', true, true],
  ['no command at all', 'ls', '', false, false],
])('%s: %s | %s', (_, pattern, command, denies, allows) => {
  expect([may(pattern, command), must(pattern, command)]).toEqual([denies, allows]);
});

test('a rule that allows must allow every simple command', () => {
  expect(must(['ls', 'git status'], 'ls && git status')).toBe(true);
  expect(must(['ls', 'git status'], 'ls && git status; rm x')).toBe(false);
});

test('a document can leave wholly unknown programs to another', () => {
  const patterns = ['rm -rf'].flatMap(compileCommandPatterns);
  expect(anyCommandMatches(patterns, analyzeCommand('$CMD -rf x'), 'ignore')).toBe(false);
  expect(anyCommandMatches(patterns, analyzeCommand('rm "$X"'), 'ignore')).toBe(true);
});

test('output in a file is fine where the rule says which files', () => {
  expect(must('ls', 'ls > out.txt', true)).toBe(true);
});

test.each([
  ['', 'needs a program'],
  ['-rf', 'must begin with a program'],
  ['** x', 'must begin with a program'],
  ['git "push', 'quote without its end'],
  ['git {a', '"{" without "}"'],
  ['git [a', '"[" without "]"'],
])('a bad pattern is said to be one: %s', (pattern, message) => {
  expect(() => compileCommandPatterns(pattern)).toThrow(message);
});
