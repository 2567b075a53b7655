import { spawnSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** One program that bash started: its name and arguments. */
export type Ran = readonly string[];

/** The programs that texts may really use: they only change text or start a shell. */
const tools = ['bash', 'env', 'xargs', 'rev', 'tr', 'xxd'];

/** What every stub does: write down how it was called, at once, so that stubs of one pipe do not write into each other's lines. */
const stub = '#!/bin/sh\nprintf "%s\\0" "${0##*/}" "$@" "\n" >> "$STUB_LOG"\n';

/**
 * What real bash runs for each text. Nothing real can be reached: PATH is a folder of stubs and a few text tools, the working
 * directory and HOME are an empty scratch folder. One bash takes all the texts, each in a subshell of its own.
 */
export function runInBash(texts: readonly string[], stubs: readonly string[]): readonly (readonly Ran[])[] {
  const root = mkdtempSync(join(tmpdir(), 'countersign-bash-'));
  try {
    prepare(root, texts, stubs);
    const loop =
      'for t in "$ROOT"/text/*; do export STUB_LOG="$ROOT/log/${t##*/}"; (ulimit -t 2; cd "$ROOT/home" && . "$t") </dev/null >/dev/null 2>&1; done; wait';
    const env = { PATH: join(root, 'bin'), HOME: join(root, 'home'), ROOT: root, LC_ALL: 'C.UTF-8' };
    const { error, signal } = spawnSync(find('bash'), ['--norc', '--noprofile', '-c', loop], {
      env,
      timeout: 60_000 + 100 * texts.length,
      stdio: 'ignore',
    });
    if (error !== undefined || signal !== null) throw error ?? new Error(`bash was ended by ${signal}`);
    return texts.map((_, index) => readLog(join(root, 'log', nameOf(index))));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Whether this machine has what the texts need. */
export function hasBash(): boolean {
  return process.platform !== 'win32' && [...tools, ...Object.keys(passing)].every((tool) => where(tool) !== undefined);
}

function prepare(root: string, texts: readonly string[], stubs: readonly string[]): void {
  for (const folder of ['bin', 'home', 'log', 'text']) mkdirSync(join(root, folder));
  const bin = join(root, 'bin');
  for (const tool of tools) symlinkSync(find(tool), join(bin, tool));
  writeFileSync(join(root, 'stub'), stub);
  chmodSync(join(root, 'stub'), 0o755);
  for (const name of new Set([...stubs, ...Object.keys(passing)])) writeStub(root, name);
  texts.forEach((text, index) => writeFileSync(join(root, 'text', nameOf(index)), `${text}\n`));
}

/** Stubs that run the real program as well, where a disguise needs it and its arguments can do no harm. */
const passing: Readonly<Record<string, string>> = {
  base64: 'case "$1" in -d | --decode) ;; *) exit 0 ;; esac',
  cat: 'case "$1" in "" | /dev/fd/*) ;; *) exit 0 ;; esac',
  find: '[ "$1 $2 $3" = ". -maxdepth 0" ] || exit 0',
};

function writeStub(root: string, name: string): void {
  const path = join(root, 'bin', name);
  const guard = passing[name];
  if (guard === undefined) return linkSync(join(root, 'stub'), path);
  writeFileSync(path, `${stub}${guard}\nexec ${find(name)} "$@"\n`);
  chmodSync(path, 0o755);
}

function readLog(path: string): readonly Ran[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n\0')
    .filter((entry) => entry !== '')
    .map((entry) => entry.split('\0').slice(0, -1));
}

function nameOf(index: number): string {
  return String(index).padStart(6, '0');
}

function find(tool: string): string {
  const found = where(tool);
  if (found === undefined) throw new Error(`This machine has no ${tool}`);
  return found;
}

function where(tool: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, tool))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
