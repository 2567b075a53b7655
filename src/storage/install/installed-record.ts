import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Home } from '../home.ts';
import { ensurePrivateFolder } from '../home.ts';
import { writePrivately } from '../private-file.ts';
import type { InstallWish } from './installer.ts';
import { plainText } from './plain-text.ts';

const record = z.object({
  version: z.literal(1),
  runtime: z.string(),
  script: z.string(),
  isElectron: z.boolean(),
  environment: z.record(z.string(), z.string()),
  choices: z.array(z.string()),
});

/** What an installation went by, so that a governor can tell later whether everything is still in place. */
export function saveInstalled(agent: string, { home, runtime, script, isElectron, environment, choices }: InstallWish): void {
  ensurePrivateFolder(home.agents);
  const own = Object.entries(environment).filter(([name, value]) => value !== undefined && /^(HOME|[A-Z_]+_(HOME|DIR)|TMPDIR)$/.test(name));
  const kept = { version: 1, runtime, script, isElectron: isElectron === true, environment: Object.fromEntries(own), choices };
  writePrivately(fileOf(home, agent), `${JSON.stringify(kept, null, 2)}\n`);
}

/** `undefined` where that agent is not installed, or nobody can say how. */
export function installedAs(home: Home, agent: string, version: string): InstallWish | undefined {
  try {
    const { version: _, ...known } = z.parse(record, JSON.parse(plainText(fileOf(home, agent)) ?? ''));
    return { ...known, home, version };
  } catch {
    return undefined;
  }
}

/** When that was, in milliseconds since the epoch; `undefined` where that agent is not installed. */
export function installedSince(home: Home, agent: string): number | undefined {
  return statSync(fileOf(home, agent), { throwIfNoEntry: false })?.mtimeMs;
}

/** Answers how many agents are still installed like that. */
export function forgetInstalled(home: Home, agent: string): number {
  rmSync(fileOf(home, agent), { force: true });
  const names = existsSync(home.agents) ? readdirSync(home.agents) : [];
  return names.filter((name) => name.endsWith('.json') && name !== 'claude-code.json').length;
}

function fileOf(home: Home, agent: string): string {
  return join(home.agents, `${agent}.json`);
}
