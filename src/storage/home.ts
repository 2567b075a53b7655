import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';

/** Where everything lies that Countersign keeps. All paths are absolute. */
export interface Home {
  readonly root: string;
  readonly config: string;
  readonly hookToken: string;
  readonly clientToken: string;
  readonly discovery: string;
  /** How launchers ask the running governor. */
  readonly hookLine: string;
  readonly leader: string;
  readonly audit: string;
  /** The key that signs the log; its public half is beside it with `.pub`. */
  readonly auditKey: string;
  /** What time stamp authorities said of the log's checkpoints. */
  readonly timeStamps: string;
  readonly state: string;
  /** What agents' records say was used. */
  readonly spend: string;
  readonly policies: string;
  readonly agents: string;
  readonly backups: string;
  readonly log: string;
  /** MCP servers over the network that agents reach through us. */
  readonly remotes: string;
  /** What the governor listens on: a Unix socket's path or a Windows pipe's name. */
  readonly socket: string;
}

/** Beside the log, also of a copy. */
export const timeStampsFile = 'timestamps.jsonl';

type Environment = Readonly<Record<string, string | undefined>>;

/** `$COUNTERSIGN_HOME`, else `~/.countersign`. Looks at no disk. */
export function homeOf(environment: Environment = process.env): Home {
  const root = rootOf(environment);
  return {
    root,
    config: join(root, 'config.json'),
    hookToken: join(root, 'hook-token'),
    clientToken: join(root, 'client-token'),
    discovery: join(root, 'governor.json'),
    hookLine: join(root, 'hook-line'),
    leader: join(root, 'leader.db'),
    audit: join(root, 'audit.db'),
    auditKey: join(root, 'audit-key'),
    timeStamps: join(root, timeStampsFile),
    state: join(root, 'state.db'),
    spend: join(root, 'spend.db'),
    policies: join(root, 'policies'),
    agents: join(root, 'agents'),
    backups: join(root, 'backups'),
    log: join(root, 'logs', 'governor.log'),
    remotes: join(root, 'mcp-remotes.json'),
    socket: socketOf(root, environment),
  };
}

/** The same, created where it is missing, and refused where others could change it. */
export function openHome(environment: Environment = process.env): Home {
  const home = homeOf(environment);
  for (const folder of [home.root, home.policies, home.agents, home.backups, join(home.root, 'logs'), ...socketFolder(home)]) {
    ensurePrivateFolder(folder);
  }
  return home;
}

function rootOf(environment: Environment): string {
  const configured = environment['COUNTERSIGN_HOME'];
  if (configured === undefined || configured === '') return join(homedir(), '.countersign');
  if (!isAbsolute(configured)) throw new Error(`COUNTERSIGN_HOME must be an absolute path, but is "${configured}".`);
  return resolve(configured);
}

/** The longest path that fits into a socket address everywhere (macOS: 104 bytes with the final zero). */
const longestSocketPath = 100;

function socketOf(root: string, environment: Environment): string {
  const hash = createHash('sha256').update(root).digest('hex').slice(0, 16);
  if (process.platform === 'win32') return `\\\\.\\pipe\\countersign-${hash}`;
  const inside = join(root, 'run', 'governor.sock');
  if (Buffer.byteLength(inside) <= longestSocketPath) return inside;
  return join(environment['XDG_RUNTIME_DIR'] || tmpdir(), `countersign-${hash}`, 'governor.sock');
}

function socketFolder(home: Home): readonly string[] {
  return process.platform === 'win32' ? [] : [dirname(home.socket)];
}

/** Creates the folder for its owner alone. Throws when it exists and belongs to, or can be changed by, someone else. */
export function ensurePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // The last part itself must be a folder: a link put there by someone else could point anywhere.
  const stat = lstatSync(folder);
  if (!stat.isDirectory()) throw new Error(`${folder} is not a folder. Move it away, or set COUNTERSIGN_HOME to another place.`);
  if (process.getuid === undefined) return;
  if (stat.uid !== process.getuid()) {
    throw new Error(
      `${folder} belongs to another user (${stat.uid}). Give it to yourself (chown), or set COUNTERSIGN_HOME to a folder of yours.`,
    );
  }
  if ((stat.mode & 0o022) !== 0) {
    throw new Error(
      `${folder} can be changed by other users. Run: chmod 700 '${folder}' — after checking that nobody has put anything there.`,
    );
  }
  if ((stat.mode & 0o077) !== 0) chmodSync(folder, 0o700);
}
