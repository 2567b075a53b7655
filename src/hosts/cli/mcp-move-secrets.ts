import type { GatewayProgram } from '../../storage/install/gateway-launcher.ts';
import type { EntryChange } from '../../storage/install/mcp-change.ts';
import { movedSecrets } from '../../storage/install/mcp-secrets.ts';
import { SecretStore } from '../../storage/secrets/secret-store.ts';
import type { Terminal } from './command.ts';

/** A plan that wraps, and what has to be kept before it is carried out. */
interface Moving {
  readonly plan: readonly EntryChange[];
  readonly keep: () => Promise<void>;
}

export const nothing = (): Promise<void> => Promise.resolve();

/** With `wanted`, credentials go into secrets; without it a person hears that there are some. */
export function secretsMoved(terminal: Terminal, { home }: GatewayProgram, plan: readonly EntryChange[], wanted = false): Moving {
  const store = new SecretStore(home);
  const { plan: fresh, moved } = movedSecrets(plan, new Set(store.list().map(({ name }) => name)));
  if (!wanted) {
    const found = moved.map(({ server, variable }) => `${variable} of ${server}`).join(', ');
    if (found !== '')
      terminal.err(
        `${found}: what looks like a credential stays where agents can read it; --secrets keeps it elsewhere (docs/secrets.md).`,
      );
    return { plan, keep: nothing };
  }
  return {
    plan: fresh,
    keep: async () => {
      for (const { name, value, server, variable } of moved)
        terminal.out(`${variable} of ${server} is the secret ${name} now, kept in ${await store.set(name, value)}.`);
    },
  };
}
