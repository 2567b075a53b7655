import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { withoutTag } from '../../engine/artifact/docker-run.ts';
import { imageByDigest, planOf, type Plan } from '../../engine/artifact/plan.ts';
import type { Source } from '../../engine/artifact/start.ts';
import { binOf } from './bin.ts';
import { holdPackage } from './held-package.ts';
import { lockText, readMcpLock, type LockedServer } from './mcp-lock.ts';
import type { Npm } from './npm.ts';
import { fileDigest } from './tree.ts';

export interface Measuring {
  readonly server: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The server's. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** For what is installed: nothing of it comes from the server's configuration. */
  readonly person: Readonly<Record<string, string>>;
  /** Of our own home. */
  readonly root: string;
  /** Of the repository. */
  readonly workspace: string;
  /** In the place of npm itself. */
  readonly run?: Npm;
}

/** What was found, and how exactly that is started. */
export interface Measured {
  readonly source: Source;
  readonly command: string;
  readonly args: readonly string[];
}

/** Looks at what a command line would start; what a runner would download is installed. Rejects where it must not start as it is. */
export async function measure(measuring: Measuring): Promise<Measured> {
  const { command, args } = measuring;
  if (/^https?:\/\//i.test(command)) return { source: { kind: 'url', url: command }, command, args };
  const plan = planOf(command, args);
  if (plan.kind === 'npm') return measurePackage(plan, measuring);
  if (plan.kind === 'image') return measureImage(plan, measuring);
  return { source: sourceOf(plan, measuring), command, args };
}

async function measurePackage(
  plan: Extract<Plan, { kind: 'npm' }>,
  { server, root, workspace, person, run }: Measuring,
): Promise<Measured> {
  const { name, spec, bin, args } = plan;
  const locked = lockFor(plan, readMcpLock(workspace)?.servers[server]);
  const held = await holdPackage(root, { name, spec, ...(locked === undefined ? {} : { lock: locked }) }, person, run);
  const { version, integrity, tree, packages } = held;
  return {
    source: { kind: 'npm', name, version, integrity, tree, packages },
    command: process.execPath,
    args: [binOf(held, bin), ...args],
  };
}

/** A tag is another image tomorrow: where the repository has locked it, its digest is started. */
function measureImage(plan: Extract<Plan, { kind: 'image' }>, { server, workspace, command, args }: Measuring): Measured {
  const locked = plan.digest === undefined ? readMcpLock(workspace)?.servers[server] : undefined;
  if (locked === undefined || !('image' in locked) || locked.image !== withoutTag(plan.image)) return { source: plan, command, args };
  return { source: { ...plan, digest: locked.digest }, command, args: imageByDigest(command, args, locked.digest) };
}

/** Of another package, or asked for otherwise, it says nothing about what to install; that it differs is judged later. */
function lockFor({ name, spec }: Extract<Plan, { kind: 'npm' }>, locked: LockedServer | undefined): string | undefined {
  if (locked === undefined || 'image' in locked) return undefined;
  return locked.npm === name && locked.spec === spec ? lockText(locked) : undefined;
}

const largest = 512 * 1024 * 1024;

function sourceOf(plan: Exclude<Plan, { kind: 'npm' | 'image' }>, { cwd, env }: Measuring): Source {
  if (plan.kind === 'pypi') return plan;
  if (plan.kind === 'script') return fileSource(resolve(cwd, plan.file)) ?? { kind: 'program', path: plan.file, fetches: false };
  const { program, fetches } = plan;
  const path = fetches ? undefined : onPath(program, cwd, env);
  return (path === undefined ? undefined : fileSource(path)) ?? { kind: 'program', path: program, fetches };
}

function fileSource(path: string): Source | undefined {
  if (!isFile(path)) return undefined;
  const real = realpathSync(path);
  const lock = ['package-lock.json', 'uv.lock', 'poetry.lock', 'pnpm-lock.yaml', 'yarn.lock']
    .map((name) => join(dirname(real), name))
    .find((one) => existsSync(one));
  return { kind: 'file', path: real, sha256: fileDigest(real), ...(lock === undefined ? {} : { lock: `sha256:${fileDigest(lock)}` }) };
}

function isFile(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isFile() === true && stat.size <= largest;
}

/** As the system looks for a program. */
function onPath(program: string, cwd: string, env: Measuring['env']): string | undefined {
  if (isAbsolute(program) || /[\\/]/.test(program)) return resolve(cwd, program);
  const endings = process.platform === 'win32' ? ['', '.exe', '.cmd'] : [''];
  return (env['PATH'] ?? env['Path'] ?? '')
    .split(delimiter)
    .flatMap((folder) => endings.map((ending) => join(folder, program + ending)))
    .find(canRun);
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return isFile(path);
  } catch {
    return false;
  }
}
