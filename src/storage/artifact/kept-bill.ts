import { hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sbomText, type Bill } from '../../engine/artifact/sbom.ts';
import type { Source } from '../../engine/artifact/start.ts';
import { billName, isKept, keepText } from './evidence.ts';
import { artifactPlaces } from './places.ts';

/**
 * The bill of materials of a package that we hold, kept with its evidence. `undefined`: it has none, or none could be made; nothing is decided by it.
 */
export function keptBill(root: string, source: Source): Bill | undefined {
  if (source.kind !== 'npm') return undefined;
  const lock = join(artifactPlaces(root).packages, source.tree.replace('sha256:', ''), 'package-lock.json');
  if (!existsSync(lock)) return undefined;
  try {
    const { text, components } = sbomText(readFileSync(lock, 'utf8'));
    if (!isKept(root, source, billName)) keepText(root, source, billName, text);
    return { components, sha256: hash('sha256', text) };
  } catch {
    return undefined;
  }
}
