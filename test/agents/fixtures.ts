import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A message as the real client sent it. */
export interface Recording {
  /** `PreToolUse.Bash` */
  readonly name: string;
  readonly message: Readonly<Record<string, unknown>>;
}

const root = join(import.meta.dirname, '..', 'fixtures');

/** Every message recorded from that version of the agent. */
export function recordings(agent: string, version: string): readonly Recording[] {
  const folder = join(root, agent, version);
  return readdirSync(folder)
    .sort()
    .map((file) => ({ name: file.replace(/\.json$/, ''), message: JSON.parse(readFileSync(join(folder, file), 'utf8')) }));
}

/** One of them. */
export function recording(agent: string, version: string, name: string): Recording['message'] {
  return JSON.parse(readFileSync(join(root, agent, version, `${name}.json`), 'utf8'));
}

/** Every message recorded from the real client of that name, in `test/agents/recordings`. */
export function recorded(agent: string, version: string): readonly Recording[] {
  const folder = join(import.meta.dirname, 'recordings', agent, version);
  return readdirSync(folder)
    .sort()
    .map((file) => ({ name: file.replace(/\.json$/, ''), message: JSON.parse(readFileSync(join(folder, file), 'utf8')) }));
}
