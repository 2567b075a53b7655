import { claudeCodeReach } from './claude-code/reach.ts';
import { codexReach } from './codex/reach.ts';
import { copilotCliReach } from './copilot-cli/reach.ts';
import { geminiReach } from './gemini/reach.ts';
import { qwenReach } from './qwen/reach.ts';
import type { Reach } from './reach.ts';
import { vscodeReach } from './vscode/reach.ts';

/** What can be governed of each agent: apart from the registry, because no program needs it to decide. */
export const reaches: readonly Reach[] = [claudeCodeReach, codexReach, copilotCliReach, vscodeReach, geminiReach, qwenReach];
