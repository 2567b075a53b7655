import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** What git would say about a folder, read from its files: starting git would cost more than the whole decision. */
export interface GitFacts {
  /** Empty where none is checked out (a detached HEAD), or where it cannot be read. */
  readonly branch: string;
  /** The URL of `origin`, else of the first remote; without a user and password. Empty where there is none. */
  readonly remote: string;
}

const nothing: GitFacts = { branch: '', remote: '' };

export function gitFacts(root: string): GitFacts {
  const folder = gitFolder(join(root, '.git'));
  if (folder === undefined) return nothing;
  return { branch: branchOf(textAt(join(folder, 'HEAD'))), remote: remoteOf(textAt(join(commonFolder(folder), 'config'))) };
}

/** `.git` is a folder, or in a worktree and a submodule a file that names one. */
function gitFolder(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  if (stat.isDirectory()) return path;
  const target = /^gitdir: (.+)$/m.exec(textAt(path))?.[1];
  return target === undefined ? undefined : resolve(dirname(path), target.trim());
}

/** A worktree has its own HEAD, and shares the configuration of the repository that it belongs to. */
function commonFolder(folder: string): string {
  const common = textAt(join(folder, 'commondir')).trim();
  return common === '' ? folder : resolve(folder, common);
}

function branchOf(head: string): string {
  return /^ref: refs\/heads\/(.+)$/m.exec(head)?.[1]?.trim() ?? '';
}

function remoteOf(config: string): string {
  const remotes = new Map<string, string>();
  for (const { section, key, value } of settingsIn(config)) {
    const name = /^remote "(.*)"$/.exec(section)?.[1];
    if (name !== undefined && key === 'url' && !remotes.has(name)) remotes.set(name, value);
  }
  return withoutCredentials(remotes.get('origin') ?? [...remotes.values()][0] ?? '');
}

/** A token in a remote's URL is a secret: it must reach neither a policy's condition nor the log. */
function withoutCredentials(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, '$1');
}

/** `user.email` and the like, from the text of a git configuration; includes are not followed. */
export function gitSetting(config: string, section: string, key: string): string | undefined {
  return settingsIn(config)
    .filter((setting) => setting.section.toLowerCase() === section && setting.key === key)
    .at(-1)?.value;
}

function settingsIn(config: string) {
  let section = '';
  return config.split(/\r?\n/).flatMap((line) => {
    const heading = /^\s*\[([^\]]+)\]/.exec(line);
    if (heading !== null) section = heading[1] ?? '';
    const [, key, value] = /^\s*(?:\[[^\]]+\]\s*)?([A-Za-z][A-Za-z0-9-]*)\s*=\s*(.*)$/.exec(line) ?? [];
    return key === undefined ? [] : [{ section, key: key.toLowerCase(), value: plain(value ?? '') }];
  });
}

/** Without quotes and a comment behind it. */
function plain(value: string): string {
  return /^"((?:[^"\\]|\\.)*)"/.exec(value)?.[1] ?? value.replace(/\s+[#;].*$/, '').trim();
}

/** Empty where the file cannot be read: facts about git are extras, never a reason to fail. */
export function textAt(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
