import { filesOfPatch } from '../engine/effects/patch.ts';

/** What a patch in the format of agents' tools (`*** Update File: x`) touches: each file that is written, moved to or deleted, and what is added. */
export function patchedBy(patch: string): { readonly paths: readonly string[]; readonly added: string } {
  const lines = patch.split('\n');
  const { written, deleted } = filesOfPatch(patch);
  const headers = lines.flatMap((line) => header.exec(line)?.[1] ?? []);
  const added = lines.flatMap((line) => (line.startsWith('+') && !line.startsWith('+++ ') ? line.slice(1) : []));
  return { paths: [...new Set([...written, ...deleted, ...headers])], added: added.join('\n') };
}

/** Clients take blanks before a header (Copilot CLI 1.0.102 does): a path too many is better than one too few. */
const header = /^\s*\*\*\*\s*(?:Add File|Update File|Delete File|Move to)\s*:\s*(.+?)\s*$/i;
