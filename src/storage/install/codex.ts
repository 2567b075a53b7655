import { createHash } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { switchesHooksOff, withoutBlock, withSettings } from '../../agents/codex/config-toml.ts';
import { codexHooks, isOurs, requirementsFile, trustText, type CodexHook } from '../../agents/codex/hooks-config.ts';
import { proveCodex } from './codex-proof.ts';
import { launchedCommand } from './hook-command.ts';
import type { FileEdit, Installer, InstallWish } from './installer.ts';
import { hasMember, removeMember, setMember } from './json-edit.ts';
import { readIfThere } from './rendered-files.ts';

export const codexInstaller: Installer = {
  agent: 'codex',
  title: 'Codex',
  choices: [
    {
      name: 'no-tty',
      question: 'What is typed into a command that still runs is seen by no hook. Switch that off (features.unified_exec_tty)?',
    },
    { name: 'no-web-search', question: 'Web search runs at OpenAI and is seen by no hook. Switch it off (web_search)?' },
  ],
  consent:
    'Codex runs hooks only once a person has trusted them. To install is to trust these: their hashes are written to config.toml, as "/hooks" would.',
  edits,
  managed: (wish) => ({
    file: '/etc/codex/requirements.toml',
    text: requirementsFile(launchedCommand(wish), wish.home.agents),
    how: 'An administrator puts this where no project and no person can change it. Codex asks for no trust then.',
  }),
  prove: proveCodex,
  silencers: (folder) => [
    {
      file: join(folder, '.codex', 'config.toml'),
      effect: (text) => (switchesHooksOff(text) ? 'it switches the hooks off for this folder ([features] hooks = false)' : undefined),
    },
  ],
};

/** `$CODEX_HOME` with its links resolved, as Codex does; else `~/.codex`. */
export function codexHome(environment: NodeJS.ProcessEnv): string {
  const configured = environment['CODEX_HOME'];
  if (configured) return existsSync(configured) ? realpathSync(configured) : configured;
  return join(environment['HOME'] || homedir(), '.codex');
}

function edits(wish: InstallWish): readonly FileEdit[] {
  const home = codexHome(wish.environment);
  const file = join(home, 'hooks.json');
  const ours = codexHooks(launchedCommand(wish));
  return [
    { file, put: (text) => withHooks(text ?? '', ours, file), takeOut: (text) => withoutHooks(text) },
    {
      file: join(home, 'config.toml'),
      put: (text = '') =>
        withSettings(text, {
          // Where ours stand among a person's own is part of their name.
          trust: trustOf(withHooks(readIfThere(file) ?? '', ours, file), ours, file),
          noTty: wish.choices.includes('no-tty'),
          noWebSearch: wish.choices.includes('no-web-search'),
        }),
      takeOut: withoutBlock,
    },
  ];
}

const hooksFile = z.object({ hooks: z.optional(z.record(z.string(), z.array(z.unknown()))) });

function groupsOf(text: string, file: string): Readonly<Record<string, readonly unknown[]>> {
  try {
    return z.parse(hooksFile, text.trim() === '' ? {} : JSON.parse(text)).hooks ?? {};
  } catch (cause) {
    throw new Error(`${file} is not what Codex reads. Correct it first`, { cause });
  }
}

/** Ours come last: others keep the places that their trust goes by. */
function withHooks(text: string, ours: readonly CodexHook[], file: string): string {
  const groups = groupsOf(text, file);
  return ours.reduce(
    (current, { event, group }) => setMember(current, ['hooks', event], [...(groups[event] ?? []).filter((one) => !isOurs(one)), group]),
    text.trim() === '' ? '{}\n' : text,
  );
}

function withoutHooks(text: string): string {
  const groups = Object.entries(groupsOf(text, 'hooks.json'));
  const without = groups.reduce((current, [event, all]) => {
    const rest = all.filter((one) => !isOurs(one));
    if (rest.length === all.length) return current;
    return rest.length === 0 ? removeMember(current, ['hooks', event]) : setMember(current, ['hooks', event], rest);
  }, text);
  const isEmpty = hasMember(without, ['hooks']) && Object.keys(groupsOf(without, 'hooks.json')).length === 0;
  const left = isEmpty ? removeMember(without, ['hooks']) : without;
  return Object.keys(z.parse(z.record(z.string(), z.unknown()), JSON.parse(left))).length === 0 ? '' : left;
}

function trustOf(text: string, ours: readonly CodexHook[], file: string): ReadonlyMap<string, string> {
  const groups = groupsOf(text, file);
  return new Map(
    ours.map((hook) => [
      `${file}:${hook.key}:${(groups[hook.event] ?? []).findIndex(isOurs)}:0`,
      `sha256:${createHash('sha256').update(trustText(hook)).digest('hex')}`,
    ]),
  );
}
