import type { ApprovalView } from '../../channel/messages.ts';
import { type Command, type ExitCode, parse, required, type Terminal, WrongUsage } from './command.ts';
import { refuseAgents, withGovernor } from './governor.ts';
import { age, clip, table, visible } from './table.ts';

export const approvals: Command = {
  name: 'approvals',
  summary: 'what agents wait for, and your answer to it',
  usage:
    'countersign approvals [list] [--json]\ncountersign approvals approve ID [--session] [--reason TEXT]\ncountersign approvals deny ID [--reason TEXT]',
  run: async (args, terminal) => {
    const { values, positionals } = parse(args, {
      json: { type: 'boolean' },
      reason: { type: 'string' },
      session: { type: 'boolean' },
      all: { type: 'boolean' },
    });
    const [verb = 'list', id] = positionals;
    if (verb === 'list') return list(terminal, values.json === true, values.all === true);
    if (verb !== 'approve' && verb !== 'deny') throw new WrongUsage(`"${verb}" is not one of list, approve, deny`);
    refuseAgents(`"countersign approvals ${verb}"`);
    const outcome = verb === 'approve' ? 'approved' : 'denied';
    return answer(terminal, {
      id: required(id, 'the ID of the approval'),
      outcome,
      scope: values.session ? 'session' : 'once',
      reason: values.reason ?? '',
    });
  },
};

async function list(terminal: Terminal, json: boolean, all: boolean): Promise<ExitCode> {
  const found = await withGovernor((client) => client.call('approvals', { all }));
  if (json) terminal.out(JSON.stringify(found));
  else if (found.length === 0) terminal.out('No agent waits for you. Calls that your policies want a person for appear here.');
  else terminal.out(table(['ID', 'LEFT', 'AGENT', 'TOOL', 'WHAT', 'RULE'], found.map(row)));
  return 0;
}

function row(approval: ApprovalView): readonly string[] {
  const rule = approval.rules[0];
  const left = approval.answer?.outcome ?? age(approval.deadline - Date.now());
  const what =
    approval.requested === undefined ? summary(approval) : `${summary(approval)} (asked ahead: “${visible(approval.requested)}”)`;
  return [approval.id, left, approval.agent, approval.nativeTool, clip(what, 100), rule ? `${rule.policy}/${rule.rule}` : ''];
}

/** What the call would do, in one line: the command, the path, or the arguments. */
export function summary(approval: Pick<ApprovalView, 'arguments'>): string {
  const { command, file_path: path, url } = approval.arguments;
  return visible([command, path, url].find((value) => typeof value === 'string') ?? JSON.stringify(approval.arguments));
}

/** The parts of a longer command that the rules are about; empty where that is all of it. */
export function partsOf({ arguments: { command }, rules }: Pick<ApprovalView, 'arguments' | 'rules'>): readonly string[] {
  if (typeof command !== 'string') return [];
  const parts = rules.flatMap((rule) => (rule.parts ?? []).map(({ start, end }) => command.slice(start, end)));
  return [...new Set(parts)].filter((part) => part !== '' && part.trim() !== command.trim()).map(visible);
}

async function answer(
  terminal: Terminal,
  given: { readonly id: string; readonly outcome: 'approved' | 'denied'; readonly scope: 'once' | 'session'; readonly reason: string },
): Promise<ExitCode> {
  const approval = await withGovernor((client) => client.call('answer', { ...given, surface: 'cli' }));
  const later =
    approval.waiting || given.outcome === 'denied' ? '' : ' The agent no longer waits: the same call passes once when it is tried again.';
  terminal.out(`${given.outcome}: ${approval.nativeTool} ${clip(summary(approval), 80)}.${later}`);
  return 0;
}
