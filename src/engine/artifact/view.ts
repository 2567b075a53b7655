import type { JsonObject } from '../json.ts';
import type { Scan } from './scan.ts';
import { sourceJson, type ServerStart } from './start.ts';

/** What conditions see as `artifact`: of a scan that is not there, any use is an error, which denies. */
export function artifactView({ server, command, source, scans = [] }: ServerStart): JsonObject {
  return { ...sourceJson(source), server, command, scans: Object.fromEntries(scans.map((scan) => [scan.name, scanView(scan)])) };
}

function scanView(scan: Scan): JsonObject {
  if ('unavailable' in scan) return { at: scan.at, unavailable: scan.unavailable };
  const { at, max, findings } = scan;
  return { at, max, found: findings.length, findings: findings.map(({ severity, id, title }) => ({ severity, id, title })) };
}
