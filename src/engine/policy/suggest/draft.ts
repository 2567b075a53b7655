import { stringify } from 'yaml';
import type { Action } from '../../decision.ts';
import { decide } from '../decide.ts';
import { parsePolicyFile } from '../parse-file.ts';
import type { PolicyFile } from '../policy-set.ts';
import type { RuleSource, TestCall } from '../schema.ts';
import { testRequest } from '../test-request.ts';

/** A rule on the way, and how often each of its patterns was needed. */
export interface Draft {
  readonly rule: RuleSource;
  readonly uses: ReadonlyMap<string, number>;
}

/** What a policy that holds nothing but these rules says about a call, and which of them said it. */
export class Trial {
  readonly #file: PolicyFile;

  /** Throws where a rule cannot be read: that is a fault of ours. */
  constructor(rules: readonly RuleSource[]) {
    const source = stringify({ kind: 'ToolPolicy', metadata: { name: 'trial' }, spec: { rules } }, { lineWidth: 0, schema: 'core' });
    this.#file = parsePolicyFile({ path: 'trial.yaml', layer: 'user', source, trusted: true });
    const [problem] = this.#file.problems;
    if (problem !== undefined) throw new Error(`A rule that was made from the log cannot be read: ${problem.message}`);
  }

  decide(call: string | TestCall): { readonly action: Action; readonly rules: readonly string[] } {
    const { action, rules } = decide({ files: [this.#file] }, testRequest(call), { count: () => 0 });
    return { action, rules: rules.map(({ rule }) => rule) };
  }

  allows(call: string | TestCall): boolean {
    return this.decide(call).action === 'allow';
  }
}

/** A name that no rule has yet. */
export class Names {
  readonly #taken = new Set<string>();

  free(wanted: string): string {
    const base = wanted
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 60);
    let name = base === '' ? 'rule' : base;
    for (let number = 2; this.#taken.has(name); number += 1) name = `${base}-${number}`;
    this.#taken.add(name);
    return name;
  }
}
