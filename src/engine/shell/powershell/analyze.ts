import type { CommandAnalysis } from '../analysis.ts';
import { Gathering, outermost, type Place, type PowerShellSurroundings } from './gathering.ts';
import { runScript } from './runner.ts';

const maxChars = 65_536;

/**
 * What a PowerShell text would run, without running anything. Never throws. Only what is plainly literal is known; whatever else stands
 * there makes the analysis `dynamic`, and where it may run something, adds an invocation whose program is unknown.
 *
 * `within`: for a text that another command runs (`bash -c "pwsh -c …"`), where that one stands.
 */
export function analyzePowerShell(text: string, surroundings: PowerShellSurroundings, within: Partial<Place> = {}): CommandAnalysis {
  const gathering = new Gathering(text, surroundings);
  try {
    if (text.length > maxChars) gathering.fail('it is longer than 64 KiB');
    else runScript(gathering, text, { ...outermost, ...within });
  } catch {
    // The stack may overflow on hostile input: nothing is known then.
    gathering.fail('it cannot be read');
  }
  return gathering.result();
}
