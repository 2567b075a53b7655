import type { Client } from '../../channel/client.ts';
import type { Methods, SessionView } from '../../channel/messages.ts';
import { openHome, type Home } from '../../storage/home.ts';
import { newCanary, runCanary } from '../../storage/install/claude-canary.ts';
import { startOf, type ProcessStart } from '../../storage/session-start.ts';
import { type ExitCode, type Terminal } from './command.ts';
import { withGovernor } from './governor.ts';

type Proof = Methods['endCanary']['result'];

/** `countersign sessions prove`: the client of that session, started once more in the same way, must have a call refused. */
export async function proveSession(find: (client: Client) => Promise<SessionView>, json: boolean, terminal: Terminal): Promise<ExitCode> {
  const session = await withGovernor(find);
  const proof = await proofBy(openHome(), () => startLike(session), session.id);
  if (json) terminal.out(JSON.stringify(proof));
  else
    terminal.out(
      'problem' in proof
        ? proof.problem
        : `${session.id} is governed: a call of the same client, started once more in the same way, was refused.`,
    );
  return 'problem' in proof ? 2 : 0;
}

/** Whatever goes wrong is what speaks against it. */
export async function proofBy(home: Home, start: () => ProcessStart, about?: string): Promise<Proof> {
  const canary = newCanary();
  await withGovernor((client) => client.call('beginCanary', canary));
  const told = await runCanary(home, canary, start).then(
    (heard) => (heard === undefined ? {} : { heard }),
    (error: unknown) => ({ fault: error instanceof Error ? error.message : String(error) }),
  );
  const of = about === undefined ? {} : { about };
  return withGovernor((client) => client.call('endCanary', { ...canary, ...told, ...of }));
}

function startLike({ agent, pid, processStart }: SessionView): ProcessStart {
  if (agent !== 'claude-code') throw new Error(`Only sessions of Claude Code can be proven, not those of ${agent}`);
  if (pid === undefined || processStart === undefined) throw new Error('no process of this session is known');
  return startOf({ pid, start: processStart });
}
