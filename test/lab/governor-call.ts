import { readFileSync } from 'node:fs';
import type { Method, Methods } from '../../src/channel/messages.ts';
import { connect } from '../../src/channel/start.ts';
import { homeOf } from '../../src/storage/home.ts';

/** One call over the socket, to the governor that runs for this state folder. */
export async function callGovernor<M extends Method>(
  state: string,
  method: M,
  params: Methods[M]['params'],
): Promise<Methods[M]['result']> {
  const home = homeOf({ COUNTERSIGN_HOME: state });
  const token = readFileSync(home.clientToken, 'utf8').trim();
  const { client } = await connect(home, { token, client: 'terminal', pid: process.pid, version: 'lab' });
  try {
    return await client.call(method, params);
  } finally {
    client.close();
  }
}
