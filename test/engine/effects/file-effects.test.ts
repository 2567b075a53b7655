import { expect, test } from 'vitest';
import { fileEffects } from '../../../src/engine/effects/file-effects.ts';
import type { FileEffect } from '../../../src/engine/effects/effect.ts';
import { textOf } from '../../../src/engine/effects/word.ts';
import { analyzeCommand } from '../../../src/engine/shell/analyze.ts';

/** `write d/a @from`; `delete-all x` takes what is below along; `?` where it is only a guess. */
function show({ mode, target, recursive, moved, guessed, from }: FileEffect): string {
  const word = typeof target === 'string' ? target : target.parts.map((part) => part ?? '*').join('');
  const verb = moved === true ? 'move' : mode === 'delete' && recursive === true ? 'delete-all' : mode;
  return `${verb}${guessed === true ? '?' : ''} ${word}${from === undefined ? '' : ` @${textOf(from)}`}`;
}

const all = (text: string): readonly string[] => [...new Set(fileEffects(analyzeCommand(text)).map(show))];
const sure = (text: string): readonly string[] => all(text).filter((effect) => !effect.includes('? '));

test.each<[string, readonly string[]]>([
  ['rm a b', ['delete a', 'delete b']],
  ['rm -rf -- -x a', ['delete-all -x', 'delete-all a']],
  ['rm --recursive a', ['delete-all a']],
  ['rm --recurs a', ['delete-all a']],
  ['sudo rm -fr /', ['delete-all /']],
  ['rm -rf build/*', ['delete-all build/*']],
  ['rmdir a', ['delete a']],
  ['rd /s /q C:/x', ['delete-all C:/x']],
  ['del /s a', ['delete-all a']],
  ['unlink a', ['delete a']],
  ['shred -u -n 3 a', ['delete a']],
  ['truncate -s 0 a', ['delete a']],
  ['truncate -s +1M a', ['write a']],
  ['rimraf dist', ['delete-all dist']],
  ['find src test -type f', ['read src', 'read test']],
  ['find . -delete', ['delete-all .']],
  ['find -delete', ['delete-all .']],
  ['find . -name "*.pyc" -delete', ['delete-all ./**/*.pyc']],
  ['find . -type d \\( -name a -o -name b \\) -delete', ['delete-all ./**/a', 'delete-all ./**/b']],
  ['find . -name a -o -delete', ['delete-all .']],
  ['find . ! -name a -delete', ['delete-all .']],
  ['find . -name node_modules -prune -exec rm -rf {} +', ['read ./**/node_modules', 'delete-all ./**/node_modules']],
  ['mkfs.ext4 -L x /dev/sda1', ['write /dev/sda1']],
  ['wipefs -a /dev/sda', ['write /dev/sda']],
  ['dd if=/dev/zero of=/dev/sda bs=1M', ['read /dev/zero', 'write /dev/sda']],
])('deleting: %s', (text, expected) => {
  expect(sure(text)).toEqual(expected);
});

test.each<[string, readonly string[]]>([
  ['cp a b', ['read a', 'write b']],
  ['cp a b d', ['read a', 'read b', 'write d/a', 'write d/b']],
  ['cp -r x/a ~/', ['read x/a', 'write ~/a']],
  ['cp -t d a', ['read a', 'write d/a']],
  ['cp --target-directory=d a', ['read a', 'write d/a']],
  ['mv a b', ['read a', 'write b', 'move a']],
  ['mv a /dev/null', ['read a', 'write /dev/null', 'delete-all a']],
  ['ln -sf a b', ['read a', 'write b']],
  ['ln -s x/a', ['read x/a', 'write ./a']],
  ['install -m 755 a /usr/local/bin/', ['read a', 'write /usr/local/bin/a']],
  ['rsync -a src/ dst/', ['read src/', 'write dst/src']],
  ['rsync -a --delete src/ dst', ['read src/', 'write dst', 'delete-all dst']],
  ['rsync -an --delete src/ dst', ['read src/', 'read dst']],
  ['rsync -a host:x y', ['write y']],
  ['rsync -a x host:y', ['read x']],
  ['scp a me@host:b', ['read a']],
  ['scp host:b .', ['write ./b']],
  ['kubectl cp pod:/x ./y', ['write ./y']],
])('copying: %s', (text, expected) => {
  expect(sure(text)).toEqual(expected);
});

test.each<[string, readonly string[]]>([
  ['echo a > b', ['write b']],
  ['cat < a', ['read a']],
  ['source .env', ['read .env']],
  ['set -a; . ./.env; set +a', ['read ./.env']],
  [`cp ${'a '.repeat(100)}d`, ['read a', 'write d/a']],
  [`pwsh -c 'Remove-Item -Recurse a'`, ['delete-all a']],
  ['echo x | tee -a f g', ['write f', 'write g']],
  ['sed s/a/b/ f', ['read f']],
  ['sed -i s/a/b/ f g', ['write f', 'write g']],
  ['sed -i.bak -e s/a/b/ f', ['write f']],
  ['sed -n "w out" f', ['read f', 'write out']],
  ['perl -pi -e s/a/b/ f', ['write f']],
  ['sort -o a b', ['read b', 'write a']],
  ['chmod -R 777 a', ['write a']],
  ['chown me a b', ['write a', 'write b']],
  ['chmod -w a', ['write a']],
  ['chmod -R g+w a', ['write a']],
  ['sqlite3 a.db .tables', ['read a.db']],
  ['touch a', ['write a']],
  ['mkdir -p -m 700 a/b', ['write a/b']],
  ['split -b 1 a p', ['read a', 'write p']],
  ['patch -p1 f < p', ['write f', 'read p']],
  ["apply_patch '*** Begin Patch\n*** Update File: a\n*** Delete File: b\n*** End Patch'", ['write a', 'delete b']],
  ['vim +10 a', ['write a']],
  ['openssl enc -in a -out b', ['read a', 'write b']],
  ['ssh-keygen -t ed25519 -f k -N ""', ['write k', 'write k.pub']],
  ['ssh-keygen -l -f k', ['read k']],
  ['gpg -o a -d b', ['read b', 'write a']],
  ['sqlite3 a.db "delete from x"', ['write a.db']],
  ['uniq a b', ['read a', 'write b']],
  ['docker run --rm -v /x:/y -v vol:/z alpine', []],
])('writing: %s', (text, expected) => {
  expect(sure(text)).toEqual(expected);
});

test.each<[string, readonly string[]]>([
  ['tar xzf a.tgz -C d', ['read a.tgz', 'write . @d']],
  ['tar -czf a.tgz src', ['write a.tgz', 'read src']],
  ['tar cf a b --remove-files', ['write a', 'read b', 'delete-all b']],
  ['tar -tf a', ['read a']],
  ['unzip -o a.zip -d d', ['read a.zip', 'write d']],
  ['unzip -l a.zip', ['read a.zip']],
  ['gunzip a.gz', ['read a.gz', 'write a', 'move a.gz']],
  ['zip -r a.zip b', ['write a.zip', 'read b']],
  ['7z x a.7z -od', ['read a.7z', 'write d']],
])('archives: %s', (text, expected) => {
  expect(sure(text)).toEqual(expected);
});

test.each<[string, readonly string[]]>([
  ['git rm -r a', ['delete-all a']],
  ['git rm --cached a', ['read a']],
  ['git -C d clean -fdx', ['delete-all . @d']],
  ['git clean -n', []],
  ['git clean -fd a', ['delete-all a']],
  ['git checkout -- a', ['write a']],
  ['git checkout main b', ['write b']],
  ['git checkout .', ['write .']],
  ['git checkout main', []],
  ['git checkout -b x', []],
  ['git restore a', ['write a']],
  ['git restore --staged a', ['read a']],
  ['git reset --hard HEAD~1', ['write .']],
  ['git mv a b', ['move a', 'write b']],
  ['git clone https://h.x/o/r.git', ['write r']],
  ['git clone git@h.x:o/r.git d', ['write d']],
  ['git worktree remove ../x', ['delete-all ../x']],
  ['git config --global a.b c', ['write ~/.gitconfig']],
  ['git config core.hooksPath x', ['write .git/config']],
  ['git config --get a.b', []],
  ['git commit -m "rm -rf /"', []],
])('git: %s', (text, expected) => {
  expect(sure(text)).toEqual(expected);
});

test.each<[string, readonly string[]]>([
  ['curl -o a https://h/x', ['write a']],
  ['curl -sSLO https://h/x', ['write x']],
  ['curl --output-dir d -O https://h/x', ['write x @d']],
  ['curl -d @a https://h', ['read a']],
  ['curl -d a=b https://h', []],
  ['curl -F "f=@a;type=text/plain" https://h', ['read a']],
  ['curl -T a https://h', ['read a']],
  ['curl file:///etc/passwd', ['read /etc/passwd']],
  ['wget -O a https://h/x', ['write a']],
  ['curl --outp a https://h/x', ['write a']],
  ['curl --output="$X/a" https://h/x', ['write */a']],
  ['wget -P d https://h/x', ['write x @d']],
  ['wget --post-file=a https://h', ['write h', 'read a']],
  ['aws s3 cp a s3://b/c', ['read a']],
  ['aws s3 cp s3://b/c d', ['write d']],
])('transfers: %s', (text, expected) => {
  expect(sure(text)).toEqual(expected);
});

test.each<[string, readonly string[]]>([
  ['cat a -n b', ['read a', 'read b']],
  ['grep -r x src', ['read src']],
  ['./run a', ['read ./run', 'either? a']],
  ['x --out=a', ['either? a']],
  ['git diff a', ['read a', 'read? diff']],
  ['x=a', ['either? a']],
  ['for f in a b; do true; done', ['either? a', 'either? b']],
  ['cd a', ['read a']],
  ['echo ~/.ssh/id_rsa', []],
  ['cp --odd=a b c', ['write? c/b', 'read? a']],
  ['docker run -v /x:/y alpine', ['either? /x']],
  ['docker run --mount type=bind,source=/x,target=/y alpine', ['either? /x']],
])('guesses count: %s', (text, expected) => {
  expect(all(text)).toEqual(expect.arrayContaining([...expected]));
});

test('what find finds goes through a pipe into xargs', () => {
  const text = 'find . -name "*.pyc" | xargs rm -f';
  const analysis = analyzeCommand(text);
  const [find, xargs, rm] = analysis.invocations;
  if (find === undefined || xargs === undefined || rm === undefined) throw new Error('three commands');
  const command = { start: 23, end: 34 };
  const invocations = [
    { ...find, span: { start: 0, end: 20 } },
    { ...xargs, span: command },
    { ...rm, span: command },
  ];
  const shown = (other: string): readonly string[] => fileEffects({ ...analysis, text: other, invocations }).map(show);
  expect(shown(text)).toContain('delete ./**/*.pyc');
  expect(shown(text.replace('|', ';'))).not.toContain('delete ./**/*.pyc');
});
