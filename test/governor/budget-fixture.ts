import type { Answer, HookEvent } from '../../src/agents/agent.ts';
import type { Layer } from '../../src/engine/decision.ts';
import { parsePolicyFile } from '../../src/engine/policy/parse-file.ts';
import type { PolicyFile } from '../../src/engine/policy/policy-set.ts';
import type { Approval } from '../../src/engine/approval/approval.ts';
import type { GovernorOptions } from '../../src/governor/governor.ts';
import type { Ports } from '../../src/governor/ports.ts';
import { memoryPorts, type MemoryPorts } from '../storage/memory-ports.ts';
import { MemorySpend } from '../storage/memory-spend.ts';
import { bench, callEvent, decision, settled, type Bench } from './fixture.ts';

/** A budget's file; its `spec` is a line of YAML. */
export function budget(spec: string, { name = 'b', layer = 'user' }: { readonly name?: string; readonly layer?: Layer } = {}): PolicyFile {
  const source = `kind: BudgetPolicy\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
  const file = parsePolicyFile({ path: `/${layer}/${name}.yaml`, layer, source, trusted: true });
  if (file.problems.length > 0) throw new Error(file.problems.map(({ message }) => message).join('\n'));
  return file;
}

export interface BudgetBench extends Bench {
  readonly spend: MemorySpend;
  /** One more call of a session, with arguments of its own unless they are given. */
  readonly call: (session?: string, over?: CallOver) => Promise<Answer>;
  /** The same state and log under a new governor. */
  readonly restarted: () => BudgetBench;
  readonly open: () => readonly Approval[];
  readonly budgetEntries: () => readonly string[];
}

interface CallOver {
  readonly id?: string;
  readonly command?: string;
  readonly cwd?: string;
  readonly subagent?: string;
  readonly signal?: AbortSignal;
}

let made = 0;

export function budgetBench(
  files: readonly PolicyFile[],
  options: Partial<GovernorOptions> & {
    readonly source?: MemorySpend | null;
    readonly ports?: MemoryPorts;
    readonly zone?: string;
    readonly isRecorded?: Ports['isRecorded'];
  } = {},
): BudgetBench {
  const { source = new MemorySpend(), ports = memoryPorts(), zone = 'UTC', isRecorded, ...over } = options;
  ports.policies.use({ files });
  const all = {
    ...ports,
    timeZone: () => zone,
    ...(isRecorded === undefined ? {} : { isRecorded }),
    ...(source === null ? {} : { spend: source }),
  };
  const b = bench(decision(), over, all);
  return {
    ...b,
    spend: source ?? new MemorySpend(),
    call: (session = 's1', { id = `c${(made += 1)}`, command = `echo ${made}`, cwd, subagent, signal } = {}) => {
      const event = callEvent(id, { command }, session);
      const place = { ...(cwd === undefined ? {} : { cwd }), ...(subagent === undefined ? {} : { subagent: { id: subagent } }) };
      const said: HookEvent = { ...event, origin: { ...event.origin, ...place }, call: { ...event.call, ...place } };
      return b.say(said, signal);
    },
    restarted: () => budgetBench(files, { ...options, source, ports }),
    open: () => b.governor.approvals(),
    budgetEntries: () =>
      ports.audit.entries
        .filter(({ kind }) => kind === 'budget')
        .map(({ reason, detail }) => `${JSON.stringify(detail?.['event']).slice(1, -1)}: ${reason}`),
  };
}

/** The kinds of the answers to so many calls in a row. */
export async function kindsOf(b: BudgetBench, times: number, session = 's1'): Promise<string> {
  const kinds: string[] = [];
  for (let i = 0; i < times; i += 1) kinds.push((await b.call(session)).kind);
  return kinds.join(' ');
}

/** Calls that are held open until somebody answers. */
export async function waiting(b: BudgetBench, ...calls: readonly Promise<Answer>[]): Promise<readonly Promise<Answer>[]> {
  for (let i = 0; i < 20 && b.open().length < calls.length; i += 1) await settled();
  return calls;
}
