import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hookUrl } from '../../agents/claude-code/hooks-config.ts';
import type { Home } from '../../storage/home.ts';
import { hasCode, writePrivately } from '../../storage/private-file.ts';

/** Makes the installed hooks name another port. Sessions that start from now on use it. Nothing happens where none are installed. */
export function renamePort(home: Pick<Home, 'agents'>, port: number): void {
  const file = join(home.agents, 'claude-code', 'plugins', 'countersign', 'hooks', 'hooks.json');
  const before = textOf(file);
  if (before !== undefined) writePrivately(file, before.replaceAll(/http:\/\/127\.0\.0\.1:\d+\/v1\/hooks\/claude-code/g, hookUrl(port)));
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
