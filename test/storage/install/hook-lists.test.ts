import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { homeOf } from '../../../src/storage/home.ts';
import { installFiles, misplaced, planFiles, uninstallFiles } from '../../../src/storage/install/file-install.ts';
import { geminiInstaller } from '../../../src/storage/install/gemini.ts';
import type { Installer, InstallWish } from '../../../src/storage/install/installer.ts';
import { qwenInstaller } from '../../../src/storage/install/qwen.ts';

interface Scratch extends Disposable {
  readonly wish: InstallWish;
  readonly file: string;
}

function scratch(installer: Installer, text?: string): Scratch {
  const dir = mkdtempSync(join(tmpdir(), 'cs-'));
  const wish: InstallWish = {
    home: homeOf({ COUNTERSIGN_HOME: join(dir, '.countersign') }),
    version: '1.0.0',
    runtime: '/opt/node/bin/node',
    script: '/opt/it’s here/hook.mjs',
    environment: { HOME: dir },
    choices: [],
  };
  const [{ file } = { file: '' }] = installer.edits(wish);
  if (text !== undefined) {
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, text);
  }
  return { wish, file, [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }) };
}

/** Written by hand, with somebody else's hooks. */
const theirs = `{ "ui": {"theme":"x" },
   "hooks": {"BeforeTool": [ {"matcher":"x",  "hooks":[{"type":"command","command":"mine"}]} ], "PreToolUse":[]}
}`;

describe.each([
  { installer: geminiInstaller, gate: 'BeforeTool' },
  { installer: qwenInstaller, gate: 'PreToolUse' },
])('$installer.title', ({ installer, gate }) => {
  test.each([[undefined], ['{}'], ['{}\n'], [theirs]])('what there was is there again afterwards, byte for byte: %j', async (before) => {
    using lab = scratch(installer, before);
    await installFiles(installer, lab.wish);
    expect(misplaced(installer, lab.wish)).toEqual([]);
    uninstallFiles(installer, lab.wish);
    expect(existsSync(lab.file) ? readFileSync(lab.file, 'utf8') : undefined).toBe(before);
  });

  test('others keep their hooks, and what a person writes meanwhile stays', async () => {
    using lab = scratch(installer, theirs);
    await installFiles(installer, lab.wish);
    const installed = readFileSync(lab.file, 'utf8');
    expect(JSON.parse(installed)).toMatchObject({
      ui: { theme: 'x' },
      hooks: { BeforeTool: [{ hooks: [{ command: 'mine' }] }, ...(gate === 'BeforeTool' ? [{}] : [])] },
    });
    writeFileSync(lab.file, installed.replace('"theme":"x"', '"theme":"y"'));
    uninstallFiles(installer, lab.wish);
    const after: unknown = JSON.parse(readFileSync(lab.file, 'utf8'));
    expect(after).toMatchObject({
      ui: { theme: 'y' },
      hooks: { BeforeTool: [{ matcher: 'x', hooks: [{ type: 'command', command: 'mine' }] }] },
    });
    expect(JSON.stringify(after)).not.toContain('/agents/hook');
  });

  test('doing it again changes nothing, nor does another version; a line of an earlier kind is replaced', async () => {
    using lab = scratch(installer);
    await installFiles(installer, lab.wish);
    expect(await planFiles(installer, lab.wish)).toEqual([]);
    expect(misplaced(installer, { ...lab.wish, runtime: '/opt/newer/node', script: '/opt/newer/hook.mjs' })).toEqual([]);
    const launcher = join(lab.wish.home.agents, 'hook');
    const installed = readFileSync(lab.file, 'utf8');
    writeFileSync(lab.file, installed.replaceAll(launcher, '/opt/it’s here/hook.mjs'));
    expect(misplaced(installer, lab.wish)).toEqual([lab.file]);
    await installFiles(installer, lab.wish);
    expect(readFileSync(lab.file, 'utf8').split(launcher)).toHaveLength(installer.agent === 'gemini-cli' ? 8 : 10);
    expect(readFileSync(lab.file, 'utf8')).not.toContain('/opt/');
  });

  test.each([['{ // why\n "hooks": {} }'], ['[]'], ['{"hooks":{"SessionStart":{}}}'], ['{']])(
    '%j is left as it is, and the file is named',
    async (text) => {
      using lab = scratch(installer, text);
      await expect(installFiles(installer, lab.wish)).rejects.toThrow(`${lab.file} could not be changed`);
      expect(readFileSync(lab.file, 'utf8')).toBe(text);
    },
  );
});

const hookName =
  geminiInstaller.managed?.(scratchWish())?.text.match(/"command": ("(?:[^"\\]|\\.)*BeforeTool(?:[^"\\]|\\.)*")/)?.[1] ?? '""';

test.each<[string, string, string | undefined]>([
  ['{"hooksConfig":{"enabled":false}}', '{"disableAllHooks":true}', 'switches all hooks off'],
  ['{\n// quiet\n"hooksConfig": {"enabled": false /* all */}}', '{"disableAllHooks":true // quiet\n}', 'switches all hooks off'],
  ['{"hooks":{"enabled":false}}', '{"disableAllHooks":true}', 'switches all hooks off'],
  ['{"hooksConfig":{"enabled":true,"disabled":["other"]}}', '{"disableAllHooks":false}', undefined],
  ['{"hooksConfig":"//", "x":"enabled"}', '{"disableAllHooks":"true"}', undefined],
  ['{', '[', undefined],
])('settings that switch hooks off are seen: %s, %s', (gemini, qwen, said) => {
  for (const [installer, text] of [
    [geminiInstaller, gemini],
    [qwenInstaller, qwen],
  ] as const) {
    const effects = (installer.silencers?.('/srv/project', { HOME: '/home/dev' }) ?? []).map(({ effect }) => effect(text));
    expect(effects.map((effect) => effect?.includes(said ?? '?') ?? said)).toEqual(
      said === undefined ? [undefined, undefined] : [true, true],
    );
  }
});

test('a hook that is switched off by its name, which is its command, is seen', () => {
  const [silencer] = geminiInstaller.silencers?.('/srv/project', { HOME: '/home/dev' }) ?? [];
  expect(hookName.length).toBeGreaterThan(20);
  expect(silencer?.effect(`{"hooksConfig":{"disabled":[${hookName}]}}`)).toContain('switches a hook of Countersign off');
});

function scratchWish(): InstallWish {
  return {
    home: homeOf({ COUNTERSIGN_HOME: '/home/dev/.countersign' }),
    version: '1.0.0',
    runtime: '/opt/node',
    script: '/opt/hook.mjs',
    environment: { HOME: '/home/dev' },
    choices: [],
  };
}
