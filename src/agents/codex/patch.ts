/** What a patch of Codex's would do. Paths as they stand there: absolute, or below the session's folder. */
export interface Patch {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly content: string;
}

/**
 * Codex's reader forgives blanks around its marks. A line of a file that looks like a mark counts as one, which can only name too many
 * files, never too few.
 */
export function readPatch(text: string): Patch {
  const added = new Set<string>();
  const changed = new Set<string>();
  const content: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [, mark = '', path = ''] = /^\s*\*\*\* (Add File|Update File|Delete File|Move to):\s*(.*?)\s*$/i.exec(line) ?? [];
    if (path !== '') (mark.toLowerCase() === 'add file' ? added : changed).add(path);
    else if (line.startsWith('+')) content.push(line.slice(1));
  }
  return { added: [...added], changed: [...changed], content: content.join('\n') };
}
