import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { auditConfig, type AuditConfig } from './audit-config.ts';
import type { Home } from './home.ts';
import { hasCode, writePrivately } from './private-file.ts';

export interface Config {
  /** The port of the hook endpoint on 127.0.0.1; chosen on the first start and kept, because agents' settings name it. */
  readonly port?: number;
  /** Where the log's checkpoints are anchored, and how long its entries are kept. */
  readonly audit?: AuditConfig;
  /** Agents may tell what they use while they run. */
  readonly telemetry?: boolean;
}

/** Loose: what others read of the file is kept when it is written. */
const configSchema = z.looseObject({
  port: z.exactOptional(z.int().check(z.gte(1), z.lte(65_535))),
  audit: z.exactOptional(auditConfig),
  telemetry: z.exactOptional(z.boolean()),
});

/** Nothing where there is no file yet. Throws, naming the file, on one that cannot be understood. */
export function readConfig(home: Home): Config {
  try {
    return z.parse(configSchema, JSON.parse(readFileSync(home.config, 'utf8')));
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return {};
    throw new Error(`${home.config} cannot be understood. Correct it, or delete it to start anew.`, { cause });
  }
}

/** Replaces the file as a whole, so that nobody reads half of it. */
export function writeConfig(home: Home, config: Config): void {
  writePrivately(home.config, `${JSON.stringify(config, undefined, 2)}\n`);
}
