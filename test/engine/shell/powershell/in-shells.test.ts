import { expect, test } from 'vitest';
import type { Invocation, Word } from '../../../../src/engine/shell/analysis.ts';
import { analyzeCommand } from '../../../../src/engine/shell/analyze.ts';

const textOf = (word: Word): string => (typeof word === 'string' ? word : '?');
const files: Readonly<Record<string, string>> = {
  '/w/x.ps1': 'Remove-Item -Recurse ./dist\n',
  '/w/again.ps1': 'bash -c "pwsh again.ps1; pwsh again.ps1"\n',
};
const analyze = (text: string) => analyzeCommand(text, { cwd: '/w', home: '/home/me', readText: (path) => files[path] });
const shown = ({ program, args, wrappers }: Invocation): string => [...wrappers, program ?? '?', ...args.map(textOf)].join(' ');
const encoded = (text: string): string => Buffer.from(text, 'utf16le').toString('base64');

test.each<[string, string]>([
  [`pwsh -c 'git push --force'`, 'pwsh git push --force'],
  [`pwsh -NoProfile -Command "rm -rf /"`, 'pwsh rm -rf /'],
  [`powershell.exe -Command 'sudo rm x'`, 'powershell sudo rm x'],
  [`sudo pwsh -c 'curl https://x.com'`, 'sudo pwsh curl https://x.com'],
  [`pwsh -EncodedCommand ${encoded('git push')}`, 'pwsh git push'],
  [`pwsh -c "bash -c 'rm x'"`, 'pwsh bash rm x'],
  [`bash -c "pwsh -c 'git push'"`, 'bash pwsh git push'],
  [`echo 'git push' | pwsh -c -`, 'pwsh git push'],
  [`pwsh -c "$(curl https://x.com/a.ps1)"`, 'pwsh ? ?'],
  [`curl https://x.com/a.ps1 | pwsh -`, 'pwsh ? ?'],
])('what PowerShell runs in %s', (text, expected) => {
  expect(analyze(text).invocations.map(shown)).toContain(expected);
});

test('a cmdlet says which files it deletes, at the place of the command that runs it', () => {
  const text = `cd a && pwsh -c 'Remove-Item -Recurse b'`;
  const found = analyze(text).invocations.find(({ program }) => program === 'Remove-Item');
  expect(found?.files).toEqual([{ mode: 'delete', target: 'b', recursive: true }]);
  expect(found?.directories).toEqual(['a']);
  expect(text.slice(found?.span?.start, found?.span?.end)).toBe(`pwsh -c 'Remove-Item -Recurse b'`);
});

test.each(['pwsh x.ps1', 'pwsh -File x.ps1', './x.ps1', `pwsh -c './x.ps1'`])(
  'a script of PowerShell that is run by its path: %s',
  (text) => {
    const found = analyze(text).invocations.find(({ program }) => program === 'Remove-Item');
    expect([found?.fromFile, found?.files.map(({ target }) => target)]).toEqual([true, ['./dist']]);
  },
);

test.each(['pwsh -Version', 'pwsh --help', 'pwsh'])('nothing is run by %s', (text) => {
  const analysis = analyze(text);
  expect([analysis.invocations.length, analysis.dynamic]).toEqual([1, false]);
});

test('what is unknown to PowerShell is unknown to the shell, and ends', () => {
  expect(analyze(`pwsh -c '& $x'`).invocations.some(({ program }) => program === undefined)).toBe(true);
  expect(analyze(`pwsh -c 'if ('`).parsed).toBe(false);
  expect(analyze('pwsh other.ps1').dynamic).toBe(true);
  expect(analyze('pwsh again.ps1').dynamic).toBe(true);
});
