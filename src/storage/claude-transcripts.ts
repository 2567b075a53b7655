import { existsSync, readdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
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

/** Every transcript of that folder. */
export async function allTranscripts(folder: string): Promise<readonly string[]> {
  const projects = join(folder, 'projects');
  const found: string[] = [];
  for (const project of await namesIn(projects)) {
    for (const name of await namesIn(join(projects, project))) {
      const path = join(projects, project, name);
      found.push(...(name.endsWith('.jsonl') ? [path] : subagentsOf(path)));
    }
  }
  return found;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    // It is a file, or is gone meanwhile.
    return [];
  }
}
