import { normalizePath } from './path-pattern.ts';
import { isGenerated, isSystemName, isWindowsSystemName } from './place-names.ts';

/** Where a path lies, in the words of the policies. */
export type Place =
  | 'system'
  | 'device'
  | 'disk'
  | 'home'
  | 'above'
  | 'workspace'
  | 'repository'
  | 'inside'
  | 'generated'
  | 'temporary'
  | 'elsewhere'
  | 'unknown';

/** Absolute paths with forward slashes. */
export interface PlaceRoots {
  readonly home: string;
  readonly workspace: string;
}

/**
 * Where an absolute path lies. `*` may stand for names: `build/*` is everything in `build`, and lies where `build` does. What is not
 * absolute lies nowhere known. The answer errs towards the place that is guarded more. `foldsCase`: names that differ in capitals only
 * are the same to the disk.
 */
export function placeOf(path: string, roots: PlaceRoots, foldsCase = false): Place {
  if (foldsCase) return placeOf(path.toLowerCase(), { home: roots.home.toLowerCase(), workspace: roots.workspace.toLowerCase() });
  if (/^[\\/]{2}[.?][\\/]/.test(path)) return 'disk';
  if (!path.startsWith('/') && !/^[A-Za-z]:([\\/]|$)/.test(path) && !path.startsWith('\\\\')) return 'unknown';
  const names = namesOf(path);
  const home = namesOf(roots.home);
  const workspace = namesOf(roots.workspace);
  return device(names) ?? own(names, workspace, home) ?? below(names, workspace, home);
}

/** Names from the root on; a drive is the first of them. What only stands for all that is in a folder is left out. */
function namesOf(path: string): readonly string[] {
  const names = normalizePath(path).split('/').filter(Boolean);
  let end = names.length;
  while (end > 0 && /^(\.?\*+|\{\*,\.\*\})$/.test(names[end - 1] ?? '')) end -= 1;
  const drive = names[0] === 'mnt' && /^[a-z]$/.test(names[1] ?? '') ? `${names[1]}:` : undefined;
  return drive === undefined ? names.slice(0, end) : [drive, ...names.slice(2, end)];
}

const harmlessDevice = /^(null|zero|full|u?random|tty|std(in|out|err)|ptmx|fd|pts|tcp|udp|console)$/;
const diskDevice = /^(sd[a-z*]|hd[a-z*]|x?vd[a-z*]|nvme|mmcblk|r?disk|dm-|md\d|loop|mapper$|zvol$|sr\d|sg\d|nbd|mtd|\*|mem$|kmem$|port$)/;

function device([first, second = '', ...rest]: readonly string[]): Place | undefined {
  if (first === 'proc' && /\/fd(\/|$)/.test(`/${rest.join('/')}`)) return 'device';
  if (first !== 'dev' || second === '') return undefined;
  if (second === 'shm') return rest.length > 0 ? 'temporary' : 'system';
  if (harmlessDevice.test(second)) return 'device';
  return diskDevice.test(second) ? 'disk' : undefined;
}

/** The workspace and what is in it. A home or a root that is itself the workspace stays what it is. */
function own(names: readonly string[], workspace: readonly string[], home: readonly string[]): Place | undefined {
  if (names.length === 0 || same(names, home) || isWithin(home, workspace)) return undefined;
  if (same(names, workspace)) return 'workspace';
  if (!isWithin(names, workspace)) return undefined;
  const rest = names.slice(workspace.length);
  if (rest.includes('.git')) return 'repository';
  return isGenerated(rest) ? 'generated' : 'inside';
}

function below(names: readonly string[], workspace: readonly string[], home: readonly string[]): Place {
  if (isWithin(home, names)) return same(home, names) ? 'home' : 'system';
  if (isTemporary(names)) return 'temporary';
  if (names.includes('.git')) return 'repository';
  if (isWithin(names, home)) return inHome(names, workspace, home);
  if (isOtherHome(names)) return 'home';
  if (isSystem(names)) return 'system';
  return isWithin(workspace, names) ? 'above' : 'elsewhere';
}

function inHome(names: readonly string[], workspace: readonly string[], home: readonly string[]): Place {
  const [first = ''] = names.slice(home.length);
  if (first.startsWith('.') || names.length === home.length + 1) return 'home';
  return isWithin(workspace, names) ? 'above' : 'elsewhere';
}

const temporaryRoots: readonly (readonly string[])[] = [
  ['tmp'],
  ['var', 'tmp'],
  ['private', 'tmp'],
  ['private', 'var', 'tmp'],
  ['var', 'folders'],
  ['private', 'var', 'folders'],
];

function isTemporary(names: readonly string[]): boolean {
  if (temporaryRoots.some((root) => names.length > root.length && isWithin(names, root))) return true;
  if (!isDrive(names[0])) return false;
  return /^[a-z]:\/(windows\/temp|users\/[^/]+\/appdata\/local\/temp|temp|tmp)\/./i.test(names.join('/'));
}

function isOtherHome([first = '', second, third, ...rest]: readonly string[]): boolean {
  if (isDrive(first))
    return second?.toLowerCase() === 'users' && third !== undefined && !(third.toLowerCase() === 'public' && rest.length > 0);
  if (first === 'root') return true;
  return /^(home|users)$/i.test(first) && second !== undefined && !(second === 'Shared' && third !== undefined);
}

function isSystem([first = '', second, ...rest]: readonly string[]): boolean {
  if (isDrive(first)) return second === undefined || isWindowsSystemName(second);
  // A folder right below the root is somebody's whole disk, application or data.
  if (second === undefined) return true;
  return isSystemName(first) && !(first.toLowerCase() === 'volumes' && rest.length > 0);
}

function isDrive(name: string | undefined): boolean {
  return name !== undefined && /^[A-Za-z]:$/.test(name);
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && isWithin(a, b);
}

/** Whether `names` is `folder` or lies below it. Windows does not tell case apart. */
function isWithin(names: readonly string[], folder: readonly string[]): boolean {
  if (names.length < folder.length) return false;
  const fold = isDrive(folder[0]);
  return folder.every((name, index) => {
    const other = names[index] ?? '';
    return other === name || (fold && other.toLowerCase() === name.toLowerCase());
  });
}
