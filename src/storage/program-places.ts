import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What the governor runs from, links resolved: the bundles, the policies and the native parts beside them, and the runtime. */
export function programPlaces(builtIn: string): readonly string[] {
  const root = dirname(builtIn);
  return [builtIn, join(root, 'dist'), join(root, 'prebuilds'), process.execPath].flatMap((path) => realPath(path) ?? []);
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    // Nothing that is not there can be changed: in the sources there may be no bundles.
    return undefined;
  }
}
