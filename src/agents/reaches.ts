import { claudeCodeReach } from './claude-code/reach.ts';
import { codexReach } from './codex/reach.ts';
import type { Reach } from './reach.ts';

/** What can be governed of each agent: apart from the registry, because no program needs it to decide. */
export const reaches: readonly Reach[] = [claudeCodeReach, codexReach];
