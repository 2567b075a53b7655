import { resolve } from 'node:path';
import type { Status } from '../../channel/messages.ts';
import { parseDuration } from '../../engine/policy/duration.ts';
import { type Command, parse, WrongUsage } from './command.ts';
import { refuseAgents, withGovernor } from './governor.ts';
import { age } from './table.ts';

export const observe: Command = {
  name: 'observe',
  summary: 'only record what policies would do, for a while or until you enforce them',
  usage: `countersign observe on [--workspace DIR|--all] [--for 2h]   calls are judged and recorded, none is stopped
countersign observe off [--workspace DIR|--all]             policies are enforced again
countersign observe status [--json]
Without --workspace and --all it is about the workspace of this folder. The organisation's policies and the protection of Countersign itself stay enforced.`,
  run: async (args, terminal) => {
    const { values, positionals } = parse(args, {
      workspace: { type: 'string' },
      all: { type: 'boolean' },
      for: { type: 'string' },
      json: { type: 'boolean' },
    });
    const [verb = 'status'] = positionals;
    if (verb === 'status') {
      const { observing = [] } = await withGovernor((client) => client.call('status', {}));
      terminal.out(values.json ? JSON.stringify(observing.map((one) => ({ id: one.folder ?? '', ...one }))) : statusText(observing));
      return 0;
    }
    if (verb !== 'on' && verb !== 'off') throw new WrongUsage(`"${verb}" is not one of on, off, status`);
    refuseAgents(`"countersign observe ${verb}"`);
    const where = whereOf(values.workspace, values.all === true);
    const wish = { on: verb === 'on', ...where, ...forOf(values.for), surface: 'cli' };
    terminal.out((await withGovernor((client) => client.call('observe', wish))).message);
    return 0;
  },
};

function whereOf(workspace: string | undefined, all: boolean): { readonly folder?: string } {
  if (all && workspace !== undefined) throw new WrongUsage('--all and --workspace exclude each other');
  return all ? {} : { folder: resolve(workspace ?? '.') };
}

function forOf(text: string | undefined): { readonly forMs?: number } {
  if (text === undefined) return {};
  const forMs = parseDuration(text);
  if (forMs === undefined) throw new WrongUsage(`--for takes a time such as 30m, 2h or 1d, not "${text}"`);
  return { forMs };
}

function statusText(observing: NonNullable<Status['observing']>): string {
  if (observing.length === 0) return 'Policies are enforced everywhere.';
  return observing
    .map(({ folder, by, at, until }) => {
      const end = until === undefined ? 'until you enforce them again' : `for another ${age(until - Date.now())}`;
      return `Only observing ${folder === undefined ? 'everywhere' : `in ${folder}`}: by ${by} since ${new Date(at).toISOString()}, ${end}.`;
    })
    .join('\n');
}
