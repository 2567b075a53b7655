import { claudeCodeReach } from './claude-code/reach.ts';
import { clineReach } from './cline/reach.ts';
import { codexReach } from './codex/reach.ts';
import { copilotCliReach } from './copilot-cli/reach.ts';
import { cursorReach } from './cursor/reach.ts';
import { geminiReach } from './gemini/reach.ts';
import { kiroReach } from './kiro/reach.ts';
import { opencodeReach } from './opencode/reach.ts';
import { qwenReach } from './qwen/reach.ts';
import { vscodeReach } from './vscode/reach.ts';
import { windsurfReach } from './windsurf/reach.ts';
import type { Reach } from './reach.ts';

/** What can be governed of each agent: apart from the registry, because no program needs it to decide. */
export const reaches: readonly Reach[] = [
  claudeCodeReach,
  codexReach,
  copilotCliReach,
  vscodeReach,
  geminiReach,
  qwenReach,
  opencodeReach,
  clineReach,
  cursorReach,
  windsurfReach,
  kiroReach,
];
