import { weakens } from '../../agents/claude-code/config-change.ts';
import { hookFacts } from '../../agents/claude-code/installation.ts';
import type { Weakens } from '../../governor/office.ts';
import { readIfThere } from '../../storage/install/rendered-files.ts';

/** Reads the changed settings file and says why it would silence hooks on that port. Throws when it cannot be read: then it is refused. */
export function weakensHooks(port: number): Weakens {
  return (file, source) => weakens({ source, file, text: readIfThere(file) }, hookFacts(port));
}
