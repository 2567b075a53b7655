import { type Stats, existsSync, readdirSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Where a session is written down. The folder is named after where the session began, each odd character replaced; one that has
 * moved since, or has a very long path, is found only by looking everywhere.
 */
export function findTranscript(folder: string, session: string, cwd: string, everywhere: boolean): string | undefined {
  const projects = join(folder, 'projects');
  const likely = join(projects, cwd.replace(/[^A-Za-z0-9]/g, '-'), `${session}.jsonl`);
  if (existsSync(likely)) return likely;
  if (!everywhere || !existsSync(projects)) return undefined;
  return readdirSync(projects)
    .map((name) => join(projects, name, `${session}.jsonl`))
    .find((path) => existsSync(path));
}

/** The transcripts of a session's subagents, given its own. */
export function subagentsOf(transcript: string): readonly string[] {
  const folder = join(transcript.replace(/\.jsonl$/, ''), 'subagents');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => join(folder, name));
}

/**
 * Every transcript of that folder. `newSince`: only those of projects that got or lost a file since then, which is quick: the
 * folder of a project says so.
 */
export async function allTranscripts(folder: string, newSince = 0): Promise<readonly string[]> {
  const projects = join(folder, 'projects');
  const found: string[] = [];
  for (const project of await namesIn(projects)) {
    const path = join(projects, project);
    if (newSince > 0 && ((await statOf(path))?.mtimeMs ?? 0) < newSince) continue;
    for (const name of await namesIn(path)) {
      found.push(...(name.endsWith('.jsonl') ? [join(path, name)] : subagentsOf(join(path, name))));
    }
  }
  return found;
}

/** `undefined` for what is not there any more. */
export function statOf(path: string): Promise<Stats | undefined> {
  return stat(path).catch(() => undefined);
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    // It is a file, or is gone meanwhile.
    return [];
  }
}
