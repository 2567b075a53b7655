import type { Methods } from '../../../channel/messages.ts';
import type { RuleCount } from '../../../engine/audit/search.ts';
import type { Connection } from '../connection.ts';

export interface Counted {
  readonly days: number;
  /** By `policy/rule`. */
  readonly rules: ReadonlyMap<string, RuleCount>;
}

interface Asked {
  readonly at: number;
  readonly answer: Promise<Counted | undefined>;
}

/** What is older has left something out that is a week old meanwhile. */
export const longestMs = 60_000;

/** What rules did lately, as the governor counted it: asked for when somebody looks, and once until it is forgotten. */
export class Lately {
  readonly #call: (folders: Methods['ruleCounts']['params']) => Promise<Methods['ruleCounts']['result']>;
  readonly #now: () => number;
  readonly #asked = new Map<string, Asked>();

  constructor(connection: Pick<Connection, 'call'>, now = Date.now) {
    this.#call = async (params) => connection.call('ruleCounts', params);
    this.#now = now;
  }

  /** In calls that ran in these folders; without any, everywhere. `undefined`: nobody can say. */
  async in(folders: readonly string[] | undefined): Promise<Counted | undefined> {
    const key = JSON.stringify(folders);
    const known = this.#asked.get(key);
    if (known !== undefined && this.#now() - known.at < longestMs) return known.answer;
    const answer = this.#ask(folders).catch(() => undefined);
    this.#asked.set(key, { at: this.#now(), answer });
    return answer;
  }

  /** There are new decisions, or another governor: what was said, or was not, counts no more. */
  forget(): void {
    this.#asked.clear();
  }

  async #ask(folders: readonly string[] | undefined): Promise<Counted> {
    const { days, rules } = await this.#call(folders === undefined ? {} : { folders });
    return { days, rules: new Map(rules.map((count) => [count.rule, count])) };
  }
}
