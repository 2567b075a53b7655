import type { PolicyFile } from './policy-set.ts';

/** Where a person only wants to observe: a folder with all below it, or everywhere. */
interface Observed {
  readonly folder?: string;
  /** Milliseconds since the epoch, exclusive. */
  readonly until?: number;
}

/** Whether the calls of a workspace are only observed at a time. */
export function isObserved(root: string, observed: readonly Observed[], now: number): boolean {
  return observed.some(({ folder, until }) => (until === undefined || now < until) && (folder === undefined || isInFolder(root, folder)));
}

/** Both absolute: the folder itself or anything below it. */
export function isInFolder(path: string, folder: string): boolean {
  const separator = folder.startsWith('/') ? '/' : '\\';
  return path === folder || path.startsWith(folder.endsWith(separator) ? folder : folder + separator);
}

/**
 * Policy files as they are in force where a person only wants to observe: they are judged as ever, and stop or ask nothing. Not loosened
 * are the organisation's (`enforced`: with the packs that it names), and what keeps an agent from Countersign itself: a record that
 * an agent may change, or a governor that it may end, would not even be an observation.
 */
export function onlyObserving(files: readonly PolicyFile[], enforced: readonly PolicyFile[]): readonly PolicyFile[] {
  const kept = new Set(enforced);
  return files.map((file) => (kept.has(file) || staysEnforced(file) ? file : { ...file, onlyObserves: true }));
}

/** What we ship is broken where it has problems: then nobody knows what it would protect. */
function staysEnforced({ layer, documents, problems }: PolicyFile): boolean {
  if (layer === 'organisation') return true;
  return layer === 'built-in' && (problems.length > 0 || documents.some(({ name }) => name === 'self-protection'));
}
