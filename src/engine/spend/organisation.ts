import { namesOf } from './model-names.ts';
import type { Rates } from './rates.ts';

/** What an organisation pays for what one agent uses. */
export interface OrganisationPrices {
  /** The agent that these are about: what others use is none of theirs. */
  readonly agent: string;
  /** On every cost of the agent's, of these rates and of the list's. */
  readonly multiplier: number;
  /** By model, whatever the case; of two that name the same the first counts. Meant as they stand, in fast mode as in any. */
  readonly rates: Readonly<Record<string, Rates>>;
}

export interface Organisation {
  readonly agent: string;
  readonly multiplier: number;
  readonly ratesOf: (model: string) => Rates | undefined;
}

/**
 * As Claude Code reads them: the name of a model that is known is the model under all its names, any other name only itself, and
 * an exact name comes first.
 */
export function organisationOf({ agent, multiplier, rates }: OrganisationPrices, isKnown: (model: string) => boolean): Organisation {
  const exact = new Map<string, Rates>();
  const models = new Map<string, Rates>();
  for (const [name, row] of Object.entries(rates)) {
    if (!exact.has(asWritten(name))) exact.set(asWritten(name), row);
    if (namesOf(name.toLowerCase()).some(isKnown) && !models.has(modelOf(name))) models.set(modelOf(name), row);
  }
  return { agent, multiplier, ratesOf: (name) => exact.get(asWritten(name)) ?? models.get(modelOf(name)) };
}

function asWritten(name: string): string {
  return name.toLowerCase().replace(/\[1m\]$/, '');
}

/** Without what says where it runs and which snapshot it is. */
function modelOf(name: string): string {
  return namesOf(name.toLowerCase()).at(-1) ?? name;
}
