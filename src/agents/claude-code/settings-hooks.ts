import { gateName } from './gate.ts';
import type { Handler, Settings } from './settings-schema.ts';
import type { Spot } from './settings-spot.ts';

/** Hooks of other people that matter to ours. None of them is a reason to refuse: a plugin's hooks are beyond their reach. */
export function foreignHooks(settings: Settings, url: string): readonly Spot[] {
  const repeated = eventsWith(settings, (handler) => isOurs(handler, url)).map((event) => ({
    path: ['hooks', event],
    message: `its ${event} hooks repeat one of Countersign's on their own terms; the installed one stays in force`,
  }));
  // Hooks run side by side on the same call: another one can change the arguments after we allowed them.
  const rewriting = eventsWith(settings, (handler) => !isOurs(handler, url))
    .filter((event) => event === 'PreToolUse' || event === 'PermissionRequest')
    .map((event) => ({ path: ['hooks', event], message: `its ${event} hooks may change a call after Countersign allowed it` }));
  return [...repeated, ...rewriting];
}

function eventsWith(settings: Settings, matches: (handler: Handler) => boolean): readonly string[] {
  const events = Object.entries(settings.hooks ?? {});
  return events.filter(([, matchers]) => matchers.some(({ hooks }) => hooks.some(matches))).map(([event]) => event);
}

/** The address, the gate, or the command that our plugin names. */
function isOurs(handler: Handler, url: string): boolean {
  if (handler.type === 'http') return handler['url'] === url;
  if (handler.type === 'mcp_tool') return handler['server'] === gateName;
  const args = handler['args'];
  return handler.type === 'command' && Array.isArray(args) && args.includes('claude-code') && args.includes('--installed');
}
