import { statSync } from 'node:fs';
import type { Prices } from '../../engine/spend/price.ts';
import type { Home } from '../home.ts';
import { managedFiles, managedFolder } from '../install/claude-settings.ts';
import { claudeStateFile, readPrices } from '../prices.ts';

const lookMs = 1_000;

/** The prices in force, read anew when a file that sets them has changed: the same object until then. Throws as `readPrices` does. */
export function watchPrices(home: Home, managed = managedFolder(), now = (): number => performance.now()): () => Prices {
  let known: { readonly prices: Prices; readonly state: string } | undefined;
  let lookedAt = -Infinity;
  return () => {
    if (known !== undefined && now() - lookedAt < lookMs) return known.prices;
    lookedAt = now();
    // Anew each time: a drop-in may have come.
    const files = [home.config, claudeStateFile(), ...managedFiles(managed)];
    const state = files.map((file) => `${file} ${stateOf(file)}`).join('\n');
    if (known === undefined || known.state !== state) {
      known = undefined;
      known = { prices: readPrices(home, claudeStateFile(), managed), state };
    }
    return known.prices;
  };
}

function stateOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? '' : `${found.ino}:${found.size}:${found.mtimeMs}`;
}
