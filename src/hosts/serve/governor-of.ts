import type { Agent } from '../../agents/agent.ts';
import { Governor } from '../../governor/governor.ts';
import type { GovernorOptions } from '../../governor/make-office.ts';
import type { Decide } from '../../governor/office.ts';
import type { Machine } from './machine.ts';

interface Chosen {
  readonly agents: ReadonlyMap<string, Agent>;
  readonly decide?: Decide;
}

/** The governor of a machine, with whatever the machine can tell it. */
export function governorOf({ agents, decide }: Chosen, machine: Machine, wired: GovernorOptions): Governor {
  const { ports, keepPolicy, watchLog, records, spend } = machine;
  return new Governor(ports, agents, {
    ...(decide === undefined ? {} : { decide }),
    ...(keepPolicy === undefined ? {} : { keepPolicy }),
    ...(watchLog === undefined ? {} : { watchLog }),
    ...(records === undefined ? {} : { records }),
    ...(spend === undefined ? {} : { spend }),
    ...wired,
  });
}
