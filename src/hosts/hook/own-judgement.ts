import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { claudeCode } from '../../agents/claude-code/agent.ts';
import { weakens } from '../../agents/claude-code/config-change.ts';
import { hookFacts } from '../../agents/claude-code/installation.ts';
import type { HookReply } from '../../channel/messages.ts';
import { Governor } from '../../governor/governor.ts';
import { readConfig } from '../../storage/config.ts';
import { openHome } from '../../storage/home.ts';
import { openMachine } from '../../storage/machine.ts';
import { hasCode } from '../../storage/private-file.ts';
import type { HookQuestion } from './question.ts';

/**
 * The answer where no governor can be reached: the same engine, policies and log in this process. Nobody can be asked from
 * here, so what would need a person is refused.
 */
export async function judge({ agent, message, isInstalled }: HookQuestion): Promise<HookReply> {
  const home = openHome();
  const { ports, keepPolicy } = openMachine(home, shippedPolicies());
  const governor = new Governor(ports, new Map([[claudeCode.name, claudeCode]]), {
    alone: true,
    keepPolicy,
    weakens: (file, source) => weakens({ source, file, text: textOf(file) }, hookFacts(readConfig(home).port ?? 0)),
  });
  return (await governor.hook(agent, message, { via: 'command', ...(isInstalled ? { pid: process.ppid } : {}) })).command;
}

/** Beside the bundle, and in the sources three folders up. */
function shippedPolicies(): string {
  const here = fileURLToPath(import.meta.url);
  const folder = here.endsWith('.ts') ? join(dirname(here), '..', '..', '..', 'policies') : join(dirname(here), '..', 'policies');
  // A folder that is not there would be one without rules.
  if (!existsSync(join(folder, 'self-protection.yaml')))
    throw new Error(`${folder} lacks the built-in policies; install Countersign again.`);
  return folder;
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
