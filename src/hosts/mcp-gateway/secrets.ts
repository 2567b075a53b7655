import { knownValues, type KnownValues } from '../../engine/guardrail/known-values.ts';
import { openHome } from '../../storage/home.ts';
import { secretsNamedIn, withSecrets } from '../../storage/secrets/references.ts';
import { personHere } from '../../storage/install/person-environment.ts';
import { SecretStore } from '../../storage/secrets/secret-store.ts';
import type { Judge } from './judge.ts';
import type { Speaker } from './speaker.ts';

/** How a server is started. */
export interface ServerStart {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** The secrets that it is given; left out: none. */
  readonly known?: KnownValues;
}

/** The same with secrets in the place of their names, once it is on record that this server gets them. Rejects where it must not start. */
export async function withItsSecrets(
  { command, args, env }: ServerStart,
  judge: Pick<Judge, 'ask'>,
  speaker: Speaker,
): Promise<ServerStart> {
  const names = secretsNamedIn([command, ...args, ...Object.values(env).flatMap((value) => value ?? [])]);
  const values = await new SecretStore(openHome(), personHere()).valuesOf(names);
  await judge.ask('mcpSecrets', { ...speaker.from(), names });
  const fill = (text: string): string => withSecrets(text, values);
  return {
    command: fill(command),
    args: args.map(fill),
    env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value === undefined ? value : fill(value)])),
    known: knownValues(values),
  };
}
