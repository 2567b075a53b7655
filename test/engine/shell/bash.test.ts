import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CommandAnalysis, Word } from '../../../src/engine/shell/analysis.ts';
import { analyzeCommand } from '../../../src/engine/shell/analyze.ts';
import { atLeastUnknown, everyday, followed } from './tricky-commands.ts';

const hasBash = spawnSync('bash', ['-c', 'exit 0']).status === 0;
let base = '';
let count = 0;

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'countersign-bash-'));
});

afterAll(() => rmSync(base, { recursive: true, force: true }));

test.runIf(hasBash)('whatever bash runs is found, with its arguments', { timeout: 120_000 }, () => {
  expect(followed.filter((text) => !finds(text, (analysis) => lost(analysis).length === 0)).map((text) => explain(text))).toEqual([]);
});

test.runIf(hasBash)('whatever bash runs is found, or said to be unknown', { timeout: 120_000 }, () => {
  const unfound = atLeastUnknown.filter((text) => !finds(text, (analysis) => analysis.dynamic || lost(analysis).length === 0));
  expect(unfound.map((text) => explain(text))).toEqual([]);
});

test.each(everyday)('no unknown program in %s', (text) => {
  const { invocations } = analyzeCommand(text, { cwd: '/w', home: '/home/me', readText: () => undefined });
  expect(invocations.filter(({ program }) => program === undefined)).toEqual([]);
});

let ran: readonly (readonly string[])[] = [];
let place = { cwd: '', home: '' };

/** Runs a text in a scratch folder and compares; a text that runs nothing proves nothing. */
function finds(text: string, enough: (analysis: CommandAnalysis) => boolean): boolean {
  place = scratch();
  const analysis = analyzeCommand(text, { ...place, readText });
  ran = runInBash(text);
  return ran.length > 0 && enough(analysis);
}

function explain(text: string): string {
  finds(text, () => true);
  return `${text}\n  ran ${JSON.stringify(ran)}\n  found ${analyzeCommand(text, { ...place, readText })
    .invocations.map(show)
    .join(' ¦ ')}`;
}

function show({ program, args }: CommandAnalysis['invocations'][number]): string {
  return [
    program ?? '?',
    ...args.map((arg) => (typeof arg === 'string' ? arg : `<${arg.parts.map((part) => part ?? '?').join('')}>`)),
  ].join(' ');
}

function scratch(): { readonly cwd: string; readonly home: string } {
  count += 1;
  const root = join(base, String(count));
  const [cwd, home, bin] = [join(root, 'work'), join(root, 'home'), join(root, 'bin')];
  for (const folder of [join(cwd, 'sub'), home, bin]) mkdirSync(folder, { recursive: true });
  const stub = join(bin, 'zap');
  // Each word ends with a zero byte, each call with a byte of its own.
  writeFileSync(stub, `#!/bin/bash\nprintf '%s\\0' "\${0##*/}" "$@" $'\\1' >> '${join(root, 'log')}'\n`);
  chmodSync(stub, 0o755);
  symlinkSync(stub, join(bin, 'zip9'));
  writeFileSync(join(root, 'log'), '');
  writeFileSync(join(cwd, 'script.sh'), '#!/bin/bash\n# a script\nzap from-a-script\n');
  chmodSync(join(cwd, 'script.sh'), 0o755);
  writeFileSync(join(cwd, 'sub', 'inner.sh'), 'zap inner\n');
  writeFileSync(join(cwd, 'list'), 'one two\n');
  writeFileSync(join(cwd, 'in0'), '');
  writeFileSync(join(cwd, 'mk'), 'V = a\nall: need\n\t@zap $(V)\nneed:\n\tzip9 need\n');
  return { cwd, home };
}

function runInBash(text: string): readonly (readonly string[])[] {
  const root = join(place.cwd, '..');
  const env = {
    PATH: `${join(root, 'bin')}:/usr/local/bin:/usr/bin:/bin:${join(process.execPath, '..')}`,
    HOME: place.home,
    TMPDIR: root,
    LC_ALL: 'C.UTF-8',
  };
  spawnSync('bash', ['-c', text], { cwd: place.cwd, env, timeout: 10_000, stdio: ['ignore', 'ignore', 'ignore'] });
  return readFileSync(join(root, 'log'), 'utf8')
    .split('\0\u0001\0')
    .filter((call) => call !== '')
    .map((call) => call.split('\0'));
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** The calls that no invocation stands for. */
function lost({ invocations }: CommandAnalysis): readonly (readonly string[])[] {
  return ran.filter(
    ([name = '', ...args]) =>
      !invocations.some(({ program, args: words }) => program !== undefined && program.split('/').at(-1) === name && matches(words, args)),
  );
}

function matches(words: readonly Word[], args: readonly string[]): boolean {
  const [word, ...rest] = words;
  if (word === undefined) return args.length === 0;
  if (typeof word !== 'string' && word.many)
    return (
      args.length >= 0 && Array.from({ length: args.length + 1 }, (_, index) => index).some((index) => matches(rest, args.slice(index)))
    );
  const [arg, ...others] = args;
  return arg !== undefined && pattern(word).test(arg) && matches(rest, others);
}

function pattern(word: Word): RegExp {
  const parts = typeof word === 'string' ? [word] : word.parts;
  const source = parts
    .map((part, index) => (part === undefined ? '[^]*' : escape(index === 0 ? part.replace(/^~(?=\/|$)/, place.home) : part)))
    .join('');
  return new RegExp(`^(?:${source}${parts[0]?.startsWith('~') === true ? `|${escape(parts[0])}` : ''})$`);
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
