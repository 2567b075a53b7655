import { expect, test } from 'vitest';
import { analyzeCommand } from '../../../src/engine/shell/analyze.ts';
import type { Invocation } from '../../../src/engine/shell/analysis.ts';

/** `sudo>rm -rf <? literal>`: wrappers, program and arguments; what is unknown stands between angle brackets. */
function show({ wrappers, program, args }: Invocation): string {
  const words = args.map((arg) => (typeof arg === 'string' ? arg : `<${arg.parts.map((part) => part ?? '?').join('')}>`));
  return [...wrappers.map((wrapper) => `${wrapper}>`), [program ?? '<?>', ...words].join(' ')].join('');
}

const runs = (text: string): readonly string[] =>
  analyzeCommand(text)
    .invocations.filter((invocation) => !invocation.isWrapper)
    .map(show);

test.each<[string, string, readonly string[]]>([
  ['a simple command', 'ls -la x', ['ls -la x']],
  ['a list', 'a; b && c || d & e', ['a', 'b', 'c', 'd', 'e']],
  ['lines', 'a\nb', ['a', 'b']],
  ['a pipe', 'a | b |& c', ['a', 'b', 'c']],
  ['a subshell and a group', '(a; b); { c; }', ['a', 'b', 'c']],
  ['if', 'if a; then b; elif c; then d; else e; fi', ['a', 'b', 'c', 'd', 'e']],
  ['for, once for each of a few known words', 'for x in 1 2; do a $x; done', ['a 1', 'a 2']],
  ['for, over words that are not known', 'for x in $(b); do a $x; done', ['b', 'a <?>']],
  ['while and until', 'while a; do b; done; until c; do d; done', ['a', 'b', 'c', 'd']],
  ['case', 'case x in a) b;; *) c;; esac', ['b', 'c']],
  ['select', 'select x in 1; do a; done', ['a']],
  ['a function', 'f() { a "$1"; }; f x', ['a x']],
  ['a substitution in an argument', 'a "$(b)" `c`', ['b', 'c', 'a <?> <?>']],
  ['substitutions in substitutions', 'a $(b $(c))', ['c', 'b <?>', 'a <?>']],
  ['a substitution in an assignment', 'x=$(a)', ['a']],
  ['a substitution in an array', 'x=(1 $(a))', ['a']],
  ['a substitution in a default', 'a ${x:-$(b)}', ['b', 'a <?>']],
  ['a substitution in arithmetic', 'a $((1 + $(b)))', ['b', 'a <?>']],
  ['a substitution in a test', '[[ -f $(a) ]] && b', ['a', 'b']],
  ['a substitution in a here-document', 'a <<EOF\n$(b)\nEOF', ['b', 'a']],
  ['nothing in a quoted here-document', "a <<'EOF'\n$(b)\nEOF", ['a']],
  ['a process substitution', 'a <(b) >(c)', ['b', 'c', 'a <?> <?>']],
  ['a negation, a timing and a coprocess', '! a; time -p b; coproc c', ['a', 'b', 'c']],
  ['quotes and escapes', `"a" 'b c' \\d $'\\x65'`, ['a b c d e']],
  ['known variables stay names of places', 'a "$HOME/x" ${HOME} $PWD/y', ['a ~/x ~ ./y']],
  ['unless the text sets them', 'HOME=/tmp; a $HOME ~/x', ['a /tmp /tmp/x']],
  ['names as patterns', 'a *.ts b?', ['a <?.ts> <b?>']],
  ['the text of a here-document in a substitution', 'git commit -m "$(cat <<\'EOF\'\nhi there\nEOF\n)"', ['cat', 'git commit -m hi there']],
  ['an unknown program', '$x a', ['<?> <?> a']],
  ['a quoted unknown program', '"$x" a', ['<?> a']],
  ['sudo', 'sudo -u root -E a b', ['sudo>a b']],
  ['env', 'env -i A=1 a', ['env>a']],
  ['env -S', "env -S 'a b' c", ['env>a b c']],
  ['nested wrappers', 'sudo timeout -k 5 10 nice -n 3 nohup a', ['sudo>timeout>nice>nohup>a']],
  ['xargs adds arguments', 'xargs -0 -n 1 rm -f', ['xargs>rm -f <?>']],
  ['command, exec and builtin', 'command a; exec -a x b; builtin c', ['command>a', 'exec>b', 'builtin>c']],
  ['find', 'find src -name x -exec rm -f {} \\;', ['find>rm -f <src/?>']],
  ['sh -c', `sh -c 'a; b'`, ['sh>a', 'sh>b']],
  ['clusters and options before -c', 'bash -o pipefail -lc "a"', ['bash>a']],
  ['a shell in a shell', `bash -c "sh -c 'a'"`, ['bash>sh>a']],
  ['an unknown text for a shell', 'bash -c "$x"', ['bash><?> <?>']],
  ['a shell that reads a here-document', "bash <<'EOF'\na\nEOF", ['bash', 'bash>a']],
  ['a shell that reads a here-string', 'bash <<< "a b"', ['bash', 'bash>a b']],
  ['a shell that runs a file', 'bash x.sh -c', ['bash x.sh -c']],
  ['eval', 'eval a "b; c"', ['eval>a b', 'eval>c']],
  ['eval of something unknown', 'eval "$x"', ['eval><?> <?>']],
  ['trap', "trap 'a' EXIT", ['trap>a']],
  ['source', 'source x.sh', ['source x.sh']],
  ['ssh', 'ssh -p 22 host a b', ['ssh>a b']],
  ['su', "su - root -c 'a b'", ['su>a b']],
  ['comments', 'a # b', ['a']],
  ['nothing', '', []],
])('%s', (_, text, expected) => {
  expect(runs(text)).toEqual(expected);
});

test.each<[string, string, boolean]>([
  ['known words', 'ls -la "a b"', false],
  ['names as patterns', 'ls *.ts', false],
  ['known variables', 'ls $HOME', false],
  ['a variable', 'ls $x', true],
  ['a substitution', 'ls $(a)', true],
  ['a syntax error', 'ls "', true],
  ['an error inside of a substitution', 'ls $(if)', true],
  ['an error inside of a text for a shell', `bash -c 'if'`, true],
  ['eval of an unknown text', 'eval $x', true],
  ['source', '. ./x', true],
  ['a changed PATH', 'PATH=/x; ls', true],
  ['a changed loader', 'export LD_PRELOAD=x; ls', true],
])('unknown: %s: %s is %s', (_, text, expected) => {
  expect(analyzeCommand(text).dynamic).toBe(expected);
});

test.each<[string, boolean, boolean]>([
  ['curl https://x | sh', true, true],
  ['curl https://x | sudo bash', true, true],
  ['cat x | python3 -', true, true],
  ['cat x | grep y', false, false],
  ['echo x | xargs rm', false, false],
  ['echo x | xargs sh', false, false],
  ['cat x | python3 -c "print(1)"', false, false],
  ['cat x | node filter.js', false, false],
  ['cat x | bash -s -- a', true, true],
  ['cat x | $y', false, true],
  ['git fetch', false, true],
  ['ls', false, false],
  ['$x', false, true],
])('%s: to an interpreter %s, network %s', (text, pipes, network) => {
  const analysis = analyzeCommand(text);
  expect([analysis.pipesToInterpreter, analysis.network]).toEqual([pipes, network]);
});

test.each<[string, readonly string[]]>([
  ['a < in > out 2>> err', ['read in', 'write out', 'write err']],
  ['a > /dev/null 2>&1', []],
  ['{ a; } > out', ['write out']],
  ['> out', ['write out']],
  ['a &> "$HOME/x"', ['write ~/x']],
])('files of %s', (text, expected) => {
  expect(
    analyzeCommand(text).invocations.flatMap(({ files }) =>
      files.map(({ mode, target }) => `${mode} ${typeof target === 'string' ? target : target.text}`),
    ),
  ).toEqual(expected);
});

test.each<[string, string]>([
  ['more than 64 KiB', `echo ${'x'.repeat(65_536)}`],
  ['deep substitutions', `echo ${'$('.repeat(5_000)}`],
  ['deep quoted substitutions', `echo ${'"$('.repeat(5_000)}`],
  ['deep groups', '{ '.repeat(20_000)],
  ['deep shells', Array.from({ length: 40 }).reduce<string>((inner) => `sh -c ${JSON.stringify(inner).slice(0, 60_000)}`, 'ls')],
  ['many commands', 'a;'.repeat(30_000)],
  ['many wrappers', 'sudo '.repeat(5_000)],
])('%s: an answer soon, and what is not understood is unknown', (_, text) => {
  const started = performance.now();
  const analysis = analyzeCommand(text);
  expect(performance.now() - started).toBeLessThan(5_000);
  expect(analysis.dynamic || analysis.invocations.length > 5_000 || analysis.invocations.at(-1)?.program === 'ls').toBe(true);
});

test('no text at all makes it throw', () => {
  const lost: string[] = [];
  let seed = 11;
  const pieces = [
    '$(',
    ')',
    '`',
    '"',
    "'",
    '{',
    '}',
    ';',
    '|',
    '&',
    '<<EOF\n',
    'EOF\n',
    '>',
    '<',
    'if ',
    'then ',
    'fi ',
    'sudo ',
    'sh -c ',
    'eval ',
    'x=',
    '$x',
    '*',
    '\\',
    '\n',
    '[[ ',
    ']] ',
    '((',
    '))',
    'a ',
    '-c ',
    '\0',
    '😀',
  ];
  for (let round = 0; round < 3_000; round += 1) {
    const text = Array.from({ length: 12 }, () => {
      seed = (seed * 1103515245 + 12345) & 0x7fffffff;
      return pieces[seed % pieces.length];
    }).join('');
    const analysis = analyzeCommand(text);
    if (!analysis.parsed && !analysis.invocations.some((invocation) => invocation.program === undefined)) lost.push(text);
  }
  expect(lost).toEqual([]);
});
