import type { OpenIncident } from '../../governor/incident-list.ts';
import { type Command, parse, WrongUsage } from './command.ts';
import { refuseAgents, withGovernor } from './governor.ts';
import { age, table } from './table.ts';

export const incidents: Command = {
  name: 'incidents',
  summary: 'what ran without Countersign and nobody has looked at yet',
  usage: 'countersign incidents [list] [--json]\ncountersign incidents close SEQ…|--all [--reason TEXT]',
  run: async (args, terminal) => {
    const { values, positionals } = parse(args, { json: { type: 'boolean' }, all: { type: 'boolean' }, reason: { type: 'string' } });
    const [verb = 'list', ...names] = positionals;
    if (verb === 'close') terminal.out(await close(names, values.all === true, values.reason ?? ''));
    else if (verb === 'list') terminal.out(listed(await withGovernor((client) => client.call('incidents', {})), values.json === true));
    else throw new WrongUsage(`there is no "${verb}"`);
    return 0;
  },
};

function listed(open: readonly OpenIncident[], json: boolean): string {
  if (json) return JSON.stringify(open);
  if (open.length === 0) return 'No open incident.';
  return table(['SEQ', 'AGE', 'SESSION', 'WHAT', 'FOLDER'], open.map(row));
}

function row({ seq, time, session, what, cwd }: OpenIncident): readonly string[] {
  return [seq === undefined ? '-' : String(seq), age(Date.now() - time), session, what, cwd];
}

async function close(names: readonly string[], all: boolean, reason: string): Promise<string> {
  if (names.length === 0 && !all) throw new WrongUsage('the SEQ is missing (or --all)');
  refuseAgents('"countersign incidents close"');
  const closed = await withGovernor(async (client) => {
    const seqs = all ? (await client.call('incidents', {})).flatMap(({ seq }) => seq ?? []) : names.map(seqNamed);
    return (await client.call('closeIncidents', { seqs, reason, surface: 'cli' })).closed;
  });
  return closed.length === 0 ? 'No such incident is open.' : `Closed: ${closed.join(', ')}.`;
}

function seqNamed(name: string): number {
  const seq = Number(name);
  if (!Number.isInteger(seq) || seq < 1) throw new WrongUsage(`"${name}" is not the number of an entry`);
  return seq;
}
