import { readlinkSync } from 'node:fs';

/** Which processes a pid counts among: on Linux each container may have its own. Left out where there is no such thing. */
export function pidSpace(): { readonly pidSpace?: string } {
  try {
    return { pidSpace: readlinkSync('/proc/self/ns/pid') };
  } catch {
    return {};
  }
}
