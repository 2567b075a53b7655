import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { withoutTag } from '../../engine/artifact/docker-run.ts';
import { planOf, type Plan } from '../../engine/artifact/plan.ts';
import { forgetPackage, holdPackage } from '../../storage/artifact/held-package.ts';
import { imageDigest } from '../../storage/artifact/image-digest.ts';
import {
  lockText,
  lockWithDigest,
  mcpLockPath,
  readMcpLock,
  type LockedPackage,
  type LockedServer,
  type McpLock,
} from '../../storage/artifact/mcp-lock.ts';
import { platformName } from '../../storage/artifact/places.ts';
import { openHome } from '../../storage/home.ts';
import { findServers } from '../../storage/install/mcp-servers.ts';
import { writePrivately } from '../../storage/private-file.ts';
import { StateDatabase } from '../../storage/state-db.ts';
import { workspaceRoot } from '../../storage/surroundings.ts';
import { type ExitCode, parse, type Terminal, WrongUsage } from './command.ts';
import { refuseAgents } from './governor.ts';
import { table } from './table.ts';

type Npm = Extract<Plan, { readonly kind: 'npm' }>;
/** `program`: the person's own, whatever path a repository's file names. */
type Lockable = Npm | (Extract<Plan, { readonly kind: 'image' }> & { readonly program: 'docker' | 'podman' });

/** Writes down for the repository what its MCP servers are, so that everybody who works on it runs the same bytes. */
export async function lockServers(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parse(args, { update: { type: 'boolean' }, trust: { type: 'boolean' } });
  refuseAgents('"countersign mcp lock"');
  const workspace = workspaceRoot(process.cwd());
  if (values.trust) return trustLock(workspace, terminal);
  const plans = choose(plansHere(terminal), positionals);
  if (plans.size === 0) {
    terminal.out('No MCP server here is started from a package of npm or an image: there is nothing to lock.');
    return 0;
  }
  const before = readMcpLock(workspace);
  const servers: Record<string, LockedServer> = { ...before?.servers };
  for (const [name, plan] of plans) servers[name] = await locked(plan, values.update === true ? undefined : before?.servers[name], values);
  write(workspace, { version: 1, servers });
  terminal.out(
    table(
      ['SERVER', 'WHAT', 'VERSION', 'INTEGRITY', `FILES (${platformName()})`],
      [...plans.keys()].map((name) => row(name, servers[name])),
    ),
  );
  return trustLock(workspace, terminal);
}

/** Whoever looked at it says so: then servers that are what it says need no question. */
function trustLock(workspace: string, terminal: Terminal): ExitCode {
  const found = lockWithDigest(workspace);
  if (found === undefined) throw new Error(`${mcpLockPath(workspace)} does not exist. "countersign mcp lock" writes it.`);
  const state = new StateDatabase(openHome().state);
  try {
    state.trustFile(found.path, found.digest);
  } finally {
    state.close();
  }
  terminal.out(
    `Trusted in this version: ${found.path} (${found.digest}). Servers that are what it says start unasked; others of these names do not start.`,
  );
  return 0;
}

/** By their names, those that a package of npm or an image is behind. */
function plansHere(terminal: Terminal): ReadonlyMap<string, Lockable> {
  const found = findServers({ folder: process.cwd(), environment: process.env });
  for (const file of found.unread) terminal.err(`${file} cannot be read: what servers stand in it is not known.`);
  const plans = new Map<string, Lockable>();
  for (const { name, command } of found.servers) {
    const [program = '', ...args] = command;
    const plan = planOf(program, args);
    if (plan.kind === 'npm') plans.set(name, plan);
    if (plan.kind === 'image')
      plans.set(name, { ...plan, program: /podman(\.exe)?$/i.test(args[0] === 'run' ? program : (args[1] ?? '')) ? 'podman' : 'docker' });
  }
  return plans;
}

function choose(plans: ReadonlyMap<string, Lockable>, names: readonly string[]): ReadonlyMap<string, Lockable> {
  const unknown = names.find((name) => !plans.has(name));
  if (unknown !== undefined) throw new WrongUsage(`no MCP server "${unknown}" is started from a package of npm or an image here`);
  return names.length === 0 ? plans : new Map([...plans].filter(([name]) => names.includes(name)));
}

async function locked(plan: Lockable, before: LockedServer | undefined, values: { readonly update?: boolean }): Promise<LockedServer> {
  if (plan.kind === 'npm') return lockedPackage(plan, before !== undefined && 'npm' in before ? before : undefined, values);
  const image = withoutTag(plan.image);
  if (plan.digest !== undefined) return { image, digest: plan.digest };
  if (before !== undefined && 'image' in before && before.image === image) return before;
  return { image, digest: await imageDigest({ program: plan.program, image: plan.image, pull: values.update === true }) };
}

async function lockedPackage(
  { name, spec }: Npm,
  before: LockedPackage | undefined,
  { update }: { readonly update?: boolean },
): Promise<LockedServer> {
  const { root } = openHome();
  if (update === true) forgetPackage(root, { name, spec });
  const isSame = before?.npm === name && before.spec === spec;
  const held = await holdPackage(root, { name, spec, ...(isSame ? { lock: lockText(before) } : {}) }, process.env);
  const { version, integrity, tree, lock } = held;
  const trees = { ...(isSame ? before.trees : {}), [platformName()]: tree };
  return { npm: name, spec, version, integrity, trees, packageLock: JSON.parse(lock) };
}

function write(workspace: string, lock: McpLock): void {
  const path = mcpLockPath(workspace);
  mkdirSync(dirname(path), { recursive: true });
  writePrivately(path, `${JSON.stringify(lock, undefined, 1)}\n`);
}

function row(name: string, server: LockedServer | undefined): readonly string[] {
  if (server === undefined) return [name, '', '', '', ''];
  if ('image' in server) return [name, server.image, '', server.digest, ''];
  return [name, server.npm, server.version, server.integrity, server.trees[platformName()] ?? ''];
}
