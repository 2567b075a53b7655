import { weakens } from '../../agents/claude-code/config-change.ts';
import { hookFacts } from '../../agents/claude-code/installation.ts';
import { agents } from '../../agents/registry.ts';
import type { HookReply } from '../../channel/messages.ts';
import { Governor } from '../../governor/governor.ts';
import { readConfig } from '../../storage/config.ts';
import { openHome } from '../../storage/home.ts';
import { openMachine } from '../../storage/machine.ts';
import { shippedPolicies } from '../../storage/shipped-policies.ts';
import { readIfThere } from '../../storage/install/rendered-files.ts';
import { clientOf } from './client-of.ts';
import type { HookQuestion } from './question.ts';

/**
 * The answer where no governor can be reached: the same engine, policies and log in this process. Nobody can be asked from
 * here, so what would need a person is refused.
 */
export async function judge({ agent, event, message, isInstalled }: HookQuestion): Promise<HookReply> {
  const home = openHome();
  // Closed before the process ends: what a call saves in passing (its counts) would be lost.
  using machine = openMachine(home, shippedPolicies());
  const { ports, keepPolicy } = machine;
  const governor = new Governor(ports, agents, {
    alone: true,
    keepPolicy,
    weakens: (file, source) => weakens({ source, file, text: readIfThere(file) }, hookFacts(readConfig(home).port ?? 0)),
  });
  const context = { via: 'command', ...(event === undefined ? {} : { event }), ...(isInstalled ? { pid: clientOf(agent) } : {}) } as const;
  return (await governor.hook(agent, message, context)).command;
}
