import type { Origin } from '../../agents/agent.ts';
import { originFields } from '../ledger.ts';
import type { Office } from '../office.ts';

/** Notes which secrets a server is given; their values never come here. Rejects where it cannot be noted: it must not get them then. */
export async function noteSecrets({ ledger }: Office, origin: Origin, server: string, names: readonly string[]): Promise<true> {
  const reason = `MCP server ${server} of ${origin.agent.name} is given ${names.length === 1 ? 'the secret' : 'the secrets'} ${names.join(', ')}.`;
  await ledger.write(
    { kind: 'config-change', ...originFields(origin), mcpServer: server, reason, detail: { event: 'secrets-used', secrets: names } },
    'synced',
  );
  return true;
}
