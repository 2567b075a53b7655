import * as z from 'zod/mini';
import { severities, type Scan } from '../../engine/artifact/scan.ts';
import type { Source } from '../../engine/artifact/start.ts';
import { keepText, keptScans } from './evidence.ts';

export function keepScan(root: string, source: Source, result: Scan): string {
  return keepText(root, source, `scan-${result.name}.json`, `${JSON.stringify(result, undefined, 2)}\n`);
}

const shape = z.union([
  z.object({
    name: z.string(),
    at: z.string(),
    findings: z.array(z.object({ severity: z.enum(severities), id: z.string(), title: z.string() })),
    max: z.enum(severities),
  }),
  z.object({ name: z.string(), at: z.string(), unavailable: z.string() }),
]);

/** What scanners said of these bytes. A result that cannot be read any more, or that is another scanner's, is one that said nothing. */
export function scansOf(root: string, source: Source): readonly Scan[] {
  return keptScans(root, source).map(({ name: file, text }) => {
    const name = file.replace(/^scan-|\.json$/g, '');
    const found = readScan(text);
    return found?.name === name ? found : { name, at: '', unavailable: 'its result cannot be read' };
  });
}

function readScan(text: string): Scan | undefined {
  try {
    return z.parse(shape, JSON.parse(text));
  } catch {
    return undefined;
  }
}
