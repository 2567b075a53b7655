/** Files that a patch text names, relative to where it is applied. */
export interface PatchFiles {
  readonly written: readonly string[];
  readonly deleted: readonly string[];
}

/** Understands unified diffs (`+++ b/x`) and the format of agents' patch tools (`*** Update File: x`). */
export function filesOfPatch(text: string): PatchFiles {
  const written = new Set<string>();
  const deleted = new Set<string>();
  let old = '';
  for (const line of text.split('\n')) {
    const agents = /^\*\*\* (Add File|Update File|Delete File|Move to): (.+?)\s*$/.exec(line);
    if (agents?.[2] !== undefined) (agents[1] === 'Delete File' ? deleted : written).add(agents[2]);
    const from = /^--- (.+?)(?:\t.*)?\s*$/.exec(line)?.[1];
    if (from !== undefined) old = from;
    const to = /^\+\+\+ (.+?)(?:\t.*)?\s*$/.exec(line)?.[1];
    if (to === '/dev/null') deleted.add(withoutPrefix(old));
    else if (to !== undefined) written.add(withoutPrefix(to));
  }
  return { written: [...written], deleted: [...deleted] };
}

/** `a/` and `b/` are git's own. */
function withoutPrefix(path: string): string {
  return path.replace(/^[ab]\//, '');
}
