import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fieldOf, readParts, textOf } from '../../../engine/policy/language/part.ts';
import { type RuleNames, ruleNames } from '../../../engine/policy/language/rule-names.ts';
import type { Named } from '../../../engine/policy/language/known-names.ts';
import { packNames, packsFolder } from '../../../storage/shipped-policies.ts';

/** A text in the editor that may differ from what is on the disk. */
export interface OpenText {
  readonly path: string;
  readonly source: string;
}

const largest = 1_048_576;
const mostFiles = 200;

/** The names in the policy files around the one in the editor. Reads again only what has changed. */
export class PolicyTexts {
  readonly #shipped: string;
  readonly #known = new Map<string, { readonly stamp: string; readonly names: RuleNames }>();
  #packs: readonly Named[] | undefined;

  constructor(shipped: string) {
    this.#shipped = shipped;
  }

  inFolder(folder: string, open: readonly OpenText[]): readonly RuleNames[] {
    return namesIn(folder).flatMap((name) => {
      const path = join(folder, name);
      const edited = open.find((one) => one.path === path);
      return edited === undefined ? this.#fromDisk(path) : [ruleNames({ ...edited, isTestFile: isTestFile(path) })];
    });
  }

  /** Those that we ship, packs included. */
  shipped(): readonly RuleNames[] {
    return [this.#shipped, packsFolder(this.#shipped)].flatMap((folder) => this.inFolder(folder, []));
  }

  packs(): readonly Named[] {
    this.#packs ??= packNames(this.#shipped).map((name) => {
      const [root] = readParts(readFileSync(join(packsFolder(this.#shipped), `${name}.yaml`), 'utf8'));
      return { name, detail: textOf(fieldOf(root, 'metadata', 'description')) ?? '' };
    });
    return this.#packs;
  }

  #fromDisk(path: string): readonly RuleNames[] {
    try {
      const { mtimeMs, size } = statSync(path);
      if (size > largest) return [];
      const stamp = `${mtimeMs} ${size}`;
      const known = this.#known.get(path);
      if (known?.stamp === stamp) return [known.names];
      const isShipped = path.startsWith(this.#shipped);
      const names = ruleNames({ path, source: readFileSync(path, 'utf8'), isTestFile: isTestFile(path), isShipped });
      this.#known.set(path, { stamp, names });
      return [names];
    } catch {
      // A file that cannot be read has no names that anybody could go to.
      return [];
    }
  }
}

export function isTestFile(path: string): boolean {
  return /\.test\.ya?ml$/i.test(path);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.ya?ml$/i.test(name) && !/^[.#]/.test(name))
      .sort()
      .slice(0, mostFiles);
  } catch {
    // A folder without policies: it need not be there.
    return [];
  }
}
