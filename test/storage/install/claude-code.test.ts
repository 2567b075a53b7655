import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { homeOf, openHome } from '../../../src/storage/home.ts';
import {
  installClaudeCode,
  planClaudeCode,
  renderClaudeCode,
  uninstallClaudeCode,
  type ClaudeCodeOptions,
} from '../../../src/storage/install/claude-code.ts';

// The real client takes a second where the machine is busy.
vi.setConfig({ testTimeout: 60_000 });

/** The real client, offline. */
const program = join(import.meta.dirname, '..', '..', '..', 'node_modules', '.bin', 'claude');
const token = 'ab'.repeat(32);

let dir: string;
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'csi-')));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** `configDir` as the person set CLAUDE_CONFIG_DIR; without, `~/.claude`. */
function optionsOf(configDir?: string, more: Partial<ClaudeCodeOptions> = {}): ClaudeCodeOptions {
  const environment = {
    HOME: join(dir, 'home'),
    COUNTERSIGN_HOME: join(dir, 'state'),
    ...(configDir === undefined ? {} : { CLAUDE_CONFIG_DIR: configDir }),
  };
  mkdirSync(environment.HOME, { recursive: true });
  const home = openHome(environment);
  return {
    home,
    version: '0.1.0',
    port: 4123,
    token,
    runtime: process.execPath,
    script: '/opt/countersign/hook.mjs',
    program: clientIn(environment.HOME),
    environment,
    ...more,
  };
}

/** The client with that home, whatever the test's own environment says. */
function clientIn(home: string): string {
  const script = join(dir, 'claude');
  writeFileSync(
    script,
    `#!/bin/sh\nexport HOME='${home}' DISABLE_AUTOUPDATER=1 CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1\nexec '${program}' "$@"\n`,
    { mode: 0o755 },
  );
  return script;
}

function claude(options: ClaudeCodeOptions, ...args: string[]): string {
  return execFileSync(options.program ?? 'claude', args, { encoding: 'utf8', env: { ...process.env, ...options.environment } });
}

/** Every file below `folder` with its digest, every folder, every link; but for what the client itself churns: its own backups of `.claude.json`. */
function tree(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/(^|\/)(backups|\.claude\.json)(\/|$)/.test(relative(folder, path)))
    .map((path) => `${relative(folder, path)} ${describePath(path)}`)
    .sort();
}
function describePath(path: string): string {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return readlinkSync(path);
  return stat.isDirectory() ? 'folder' : `${stat.mode.toString(8)} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
}

const settingsText = '{\n    "model": "opus",\n\t"permissions": {"allow": ["Bash(ls)"]}, "enabledPlugins": {"a@b": false}\n}\n';

describe('installed and taken out again, the person’s files are byte for byte what they were', () => {
  test.each<[string, (config: string) => void]>([
    ['a client never used', () => undefined],
    ['a folder with nothing in it', (config) => mkdirSync(config, { recursive: true })],
    [
      'settings in the person’s own layout',
      (config) => {
        mkdirSync(config, { recursive: true });
        writeFileSync(join(config, 'settings.json'), settingsText, { mode: 0o640 });
      },
    ],
    [
      'settings that are a link into other files of theirs',
      (config) => {
        mkdirSync(config, { recursive: true });
        writeFileSync(join(dir, 'dotfiles.json'), settingsText);
        symlinkSync(join(dir, 'dotfiles.json'), join(config, 'settings.json'));
      },
    ],
  ])('%s', async (_, prepare) => {
    for (const configDir of [undefined, join(dir, 'elsewhere')]) {
      const options = optionsOf(configDir, { disableSkillShellExecution: true });
      const config = configDir ?? join(dir, 'home', '.claude');
      prepare(config);
      const before = tree(config);
      await installClaudeCode(options);
      expect(tree(config)).not.toEqual(before);
      expect(JSON.parse(readFileSync(join(config, 'settings.json'), 'utf8'))).toMatchObject({
        enabledPlugins: { 'countersign@countersign': true },
        disableSkillShellExecution: true,
      });
      const { edited, left } = uninstallClaudeCode(options);
      expect({ edited, left }).toEqual({ edited: [], left: [] });
      expect(tree(config)).toEqual(before);
      expect(readdirSync(options.home.agents)).toEqual([]);
      rmSync(join(dir, 'dotfiles.json'), { force: true });
    }
  });

  test('the other plugins of the person stay', async () => {
    const options = optionsOf();
    const market = join(dir, 'other');
    mkdirSync(join(market, '.claude-plugin'), { recursive: true });
    mkdirSync(join(market, 'p', '.claude-plugin'), { recursive: true });
    writeFileSync(
      join(market, '.claude-plugin', 'marketplace.json'),
      '{"name":"other","owner":{"name":"x"},"plugins":[{"name":"p","source":"./p"}]}',
    );
    writeFileSync(join(market, 'p', '.claude-plugin', 'plugin.json'), '{"name":"p","version":"1.0.0"}');
    claude(options, 'plugin', 'marketplace', 'add', market);
    claude(options, 'plugin', 'install', 'p@other');
    const before = tree(join(dir, 'home', '.claude'));
    await installClaudeCode(options);
    expect(uninstallClaudeCode(options).edited).toEqual([]);
    expect(tree(join(dir, 'home', '.claude'))).toEqual(before);
  });
});

test('what the person changed in between stays, and only ours goes', async () => {
  const options = optionsOf();
  const settings = join(dir, 'home', '.claude', 'settings.json');
  mkdirSync(join(dir, 'home', '.claude'));
  writeFileSync(settings, settingsText);
  await installClaudeCode(options);
  writeFileSync(settings, readFileSync(settings, 'utf8').replace('"opus"', '"sonnet"'));
  expect(uninstallClaudeCode(options)).toMatchObject({ edited: [settings], left: [] });
  expect(JSON.parse(readFileSync(settings, 'utf8'))).toEqual({
    model: 'sonnet',
    permissions: { allow: ['Bash(ls)'] },
    enabledPlugins: { 'a@b': false },
  });
});

test('rewritten with the same meaning, a file still becomes exactly what it was', async () => {
  const options = optionsOf();
  const settings = join(dir, 'home', '.claude', 'settings.json');
  mkdirSync(join(dir, 'home', '.claude'));
  writeFileSync(settings, settingsText);
  await installClaudeCode(options);
  writeFileSync(settings, JSON.stringify(JSON.parse(readFileSync(settings, 'utf8'))));
  expect(uninstallClaudeCode(options).edited).toEqual([]);
  expect(readFileSync(settings, 'utf8')).toBe(settingsText);
});

test('installed for two folders of the client, it goes out of both', async () => {
  const elsewhere = join(dir, 'elsewhere');
  await installClaudeCode(optionsOf(elsewhere));
  await installClaudeCode(optionsOf());
  const { edited, left } = uninstallClaudeCode(optionsOf());
  expect({ edited, left }).toEqual({ edited: [], left: [] });
  expect([tree(elsewhere), tree(join(dir, 'home', '.claude')), readdirSync(join(dir, 'state', 'backups'))]).toEqual([[], [], []]);
});

test('a broken file is left for the person, with its copy', async () => {
  const options = optionsOf();
  await installClaudeCode(options);
  const settings = join(dir, 'home', '.claude', 'settings.json');
  writeFileSync(settings, '{,}');
  expect(uninstallClaudeCode(options).left).toEqual([settings]);
  expect(readFileSync(settings, 'utf8')).toBe('{,}');
  expect(readdirSync(options.home.backups)).toEqual(['claude-code']);
});

test('settings that the client would ignore stop the installation before it changes anything', async () => {
  const options = optionsOf();
  mkdirSync(join(dir, 'home', '.claude'));
  writeFileSync(join(dir, 'home', '.claude', 'settings.json'), '// mine\n{}');
  const before = tree(dir);
  await expect(installClaudeCode(options)).rejects.toThrow(/settings\.json is not valid JSON/);
  await expect(planClaudeCode(options)).rejects.toThrow(/settings\.json is not valid JSON/);
  expect(tree(dir)).toEqual(before);
});

test('twice is once, for both', async () => {
  const options = optionsOf();
  const config = join(dir, 'home', '.claude');
  await installClaudeCode(options);
  await installClaudeCode(options);
  expect(await planClaudeCode(options)).toEqual([]);
  uninstallClaudeCode(options);
  expect(tree(config)).toEqual([]);
  expect(uninstallClaudeCode(options)).toEqual({ restored: [], edited: [], left: [] });
});

test('installed again after the person changed something, their change survives the end', async () => {
  const options = optionsOf();
  const settings = join(dir, 'home', '.claude', 'settings.json');
  await installClaudeCode(options);
  writeFileSync(settings, readFileSync(settings, 'utf8').replace('{', '{"model":"opus",'));
  await installClaudeCode(options);
  uninstallClaudeCode(options);
  expect(JSON.parse(readFileSync(settings, 'utf8'))).toEqual({ model: 'opus' });
});

test.each([['marketplace'], ['install'], ['list']])(
  'after a crash at "%s", installing completes it, and so does taking it out',
  async (step) => {
    const options = optionsOf(undefined, { disableSkillShellExecution: true });
    const config = join(dir, 'home', '.claude');
    mkdirSync(config);
    writeFileSync(join(config, 'settings.json'), settingsText);
    const before = tree(config);
    const dying = join(dir, 'dying');
    writeFileSync(dying, `#!/bin/sh\n[ "$2" = ${step} ] && { echo "killed" >&2; exit 1; }\nexec '${options.program}' "$@"\n`, {
      mode: 0o755,
    });
    await expect(installClaudeCode({ ...options, program: dying })).rejects.toThrow('killed');
    uninstallClaudeCode(options);
    expect(tree(config)).toEqual(before);

    await expect(installClaudeCode({ ...options, program: dying })).rejects.toThrow('killed');
    await installClaudeCode(options);
    expect(claude(options, 'plugin', 'list', '--json')).toContain('"enabled": true');
    uninstallClaudeCode(options);
    expect(tree(config)).toEqual(before);
  },
);

test.each([
  ['2.1.294 (Claude Code)', /2\.1\.294 lets a tool call run when its hook fails.*2\.1\.295/],
  ['2.0.999 (Claude Code)', /Update it/],
  ['1.9.0', /Update it/],
  ['hello', /no version/],
])('a client that says "%s" is refused, and nothing is changed', async (printed, message) => {
  const old = join(dir, 'old-claude');
  writeFileSync(old, `#!/bin/sh\necho '${printed}'\n`, { mode: 0o755 });
  const options = { ...optionsOf(), program: old };
  const before = tree(dir);
  await expect(installClaudeCode(options)).rejects.toThrow(message);
  await expect(planClaudeCode(options)).rejects.toThrow(message);
  expect(tree(dir)).toEqual(before);
});

test('a client that is not there is named', async () => {
  await expect(installClaudeCode({ ...optionsOf(), program: join(dir, 'nothing') })).rejects.toThrow(/was not found/);
});

test('the plan shows every file with its change, and never the token', async () => {
  const options = optionsOf();
  mkdirSync(join(dir, 'home', '.claude'));
  writeFileSync(join(dir, 'home', '.claude', 'settings.json'), settingsText);
  const before = tree(dir);
  const plan = await planClaudeCode(options);
  expect(plan.map(({ file }) => relative(dir, file)).sort()).toEqual([
    'home/.claude/settings.json',
    'state/agents/claude-code/.claude-plugin/marketplace.json',
    'state/agents/claude-code/plugins/countersign/.claude-plugin/plugin.json',
    'state/agents/claude-code/plugins/countersign/.mcp.json',
    'state/agents/claude-code/plugins/countersign/hooks/hooks.json',
    'state/agents/claude-code/strict-mcp.json',
  ]);
  expect(plan.find(({ file }) => file.endsWith('settings.json'))).toMatchObject({
    before: settingsText,
    after: expect.stringContaining('"countersign@countersign": true'),
  });
  expect(JSON.stringify(plan)).not.toContain(token);
  expect(tree(dir)).toEqual(before);
});

test('nobody else on the machine can read the token, not in the client’s copy either', async () => {
  const options = optionsOf();
  await installClaudeCode(options);
  const copies = readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .map((path) => join(dir, path))
    .filter((path) => lstatSync(path).isFile() && readFileSync(path, 'utf8').includes(token));
  expect(copies.length).toBeGreaterThan(1);
  for (const copy of copies) expect((statSync(copy).mode & 0o077).toString(8)).toBe('0');
});

test('another port is written without the client, and the client reads it from there', async () => {
  const options = optionsOf();
  await installClaudeCode(options);
  const hooks = join(homeOf({ ...options.environment }).agents, 'claude-code', 'plugins', 'countersign', 'hooks', 'hooks.json');
  expect(renderClaudeCode({ ...options, port: 4999, program: join(dir, 'nothing') })).toEqual([hooks]);
  expect(readFileSync(hooks, 'utf8')).toContain('http://127.0.0.1:4999/');
  expect(renderClaudeCode({ ...options, port: 4999 })).toEqual([]);
  expect(claude(options, 'plugin', 'list', '--json')).toContain(join(options.home.agents, 'claude-code'));
});

test('a member that the person had already is theirs', async () => {
  const options = optionsOf(undefined, { disableSkillShellExecution: true });
  const settings = join(dir, 'home', '.claude', 'settings.json');
  mkdirSync(join(dir, 'home', '.claude'));
  writeFileSync(settings, '{"disableSkillShellExecution":false}');
  await installClaudeCode(options);
  expect(JSON.parse(readFileSync(settings, 'utf8'))).toMatchObject({ disableSkillShellExecution: false });
  writeFileSync(settings, readFileSync(settings, 'utf8').replace('{', '{"model":"opus",'));
  uninstallClaudeCode(options);
  expect(JSON.parse(readFileSync(settings, 'utf8'))).toEqual({ model: 'opus', disableSkillShellExecution: false });
});
