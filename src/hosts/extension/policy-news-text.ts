import { basename } from 'node:path';
import type { AuditEntry } from '../../engine/audit/entry.ts';
import { isInFolder } from '../../engine/policy/observing.ts';
import { withoutLinks } from './complaints.ts';

/** What an entry says of a policy file of a folder. */
export interface PolicyChangeNews {
  readonly folder: string;
  readonly file: string;
  readonly digest: string;
  /** The version that it took the place of. */
  readonly before?: string;
  /** In words. The names in them were chosen by whoever wrote the file. */
  readonly changes: string;
  readonly isGone: boolean;
}

/** What is new in a workspace's policy of these folders; nothing where an entry only says that a known version is in force. */
export function newsOf({ detail = {} }: Pick<AuditEntry, 'detail'>, folders: readonly string[]): PolicyChangeNews | undefined {
  const { path: file, layer, digest, before, changes, removed } = detail;
  if (layer !== 'workspace' || typeof file !== 'string' || typeof digest !== 'string' || typeof changes !== 'string') return undefined;
  // The policies of a folder above hold as well.
  const folder = folders.find((one) => isInFolder(file, one) || isInFolder(one, file.replace(/[\\/]\.countersign[\\/][^\\/]*$/, '')));
  if (folder === undefined) return undefined;
  return { folder, file, digest, changes, isGone: removed === true, ...(typeof before === 'string' ? { before } : {}) };
}

export function newsText({ file, changes, isGone }: PolicyChangeNews, asks: boolean): string {
  const name = withoutLinks(basename(file));
  const said = withoutLinks(changes);
  if (isGone) return `${name} of this folder’s policies is gone, and no longer in force: ${said}.`;
  const trust = asks ? ' Its autoApprove does not count before you trust this version.' : '';
  return `This folder’s policies changed, and hold from now on (${name}): ${said}.${trust}`;
}
