import type { ConfiguredServer } from './mcp-servers.ts';

/** One server's entry, as text. */
export interface EntryChange {
  readonly server: ConfiguredServer;
  readonly before: string;
  readonly after: string;
  /** What is shown and remembered in the place of `before`: without what became secrets. */
  readonly kept?: string;
  /** Names of those secrets. */
  readonly moved?: readonly string[];
}
