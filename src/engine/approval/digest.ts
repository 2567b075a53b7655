import { digestOf } from '../audit/canonical.ts';
import type { JsonObject } from '../json.ts';

/** What exactly is asked about or answered: SHA-256 (hex) over the canonical JSON of the tool and its arguments. */
export function callDigest(call: { readonly nativeTool: string; readonly arguments: JsonObject }): string {
  return digestOf({ nativeTool: call.nativeTool, arguments: call.arguments });
}
