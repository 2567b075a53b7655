import { expect, test } from 'vitest';
import { isPowerShell, powershellInner, type PowerShellInner } from '../../../../src/engine/shell/powershell/inner.ts';

const encoded = Buffer.from('Remove-Item "ä"', 'utf16le').toString('base64');
const unknown = { kind: 'unknown', reason: expect.any(String) };

test.each<[string, readonly string[], PowerShellInner | typeof unknown | undefined]>([
  ['pwsh', ['-c', 'ls'], { kind: 'script', text: 'ls' }],
  ['pwsh', ['-NoProfile', '-NonInteractive', '-Command', 'ls', '-r'], { kind: 'script', text: 'ls -r' }],
  ['pwsh', ['-com', 'ls'], { kind: 'script', text: 'ls' }],
  ['powershell', ['/c', 'ls'], { kind: 'script', text: 'ls' }],
  ['powershell', ['-ep', 'bypass', '-w', 'hidden', '-c', 'ls'], { kind: 'script', text: 'ls' }],
  ['powershell', ['-ExecutionPolicy:Bypass', 'ls', 'x'], { kind: 'script', text: 'ls x' }],
  ['pwsh', ['x.ps1', '-c', 'y'], { kind: 'file', path: 'x.ps1', args: ['-c', 'y'] }],
  ['pwsh', ['-f', 'x.ps1'], { kind: 'file', path: 'x.ps1', args: [] }],
  ['pwsh', ['-EncodedCommand', encoded], { kind: 'script', text: 'Remove-Item "ä"' }],
  ['pwsh', ['-e', encoded], { kind: 'script', text: 'Remove-Item "ä"' }],
  ['pwsh', ['-enc', 'not base64!'], unknown],
  ['pwsh', ['-enc', 'QQ=='], unknown],
  ['pwsh', ['-enc'], unknown],
  ['pwsh', ['-Other', 'x'], unknown],
  ['pwsh', ['-c', '-'], { kind: 'input' }],
  ['pwsh', [], { kind: 'input' }],
  ['pwsh', ['-NoProfile'], { kind: 'input' }],
  ['pwsh', ['-Version'], undefined],
  ['pwsh', ['--help'], undefined],
])('%s %j', (name, args, expected) => {
  expect(powershellInner(name, args)).toEqual(expected);
});

test('arguments that are not known make it unknown', () => {
  const word = { parts: [undefined], many: false, names: false, text: '$x' };
  expect(powershellInner('pwsh', [word])).toEqual(unknown);
  expect(powershellInner('pwsh', ['-c', 'rm', word])).toEqual(unknown);
});

test.each([
  ['pwsh', true],
  ['PowerShell.exe', true],
  ['powershell', true],
  ['powershell_ise', false],
  ['bash', false],
])('%s: %s', (name, expected) => {
  expect(isPowerShell(name)).toBe(expected);
});
