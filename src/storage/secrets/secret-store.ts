import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { ensurePrivateFolder, type Home } from '../home.ts';
import { hasCode, writePrivately } from '../private-file.ts';
import { fileKeeper } from './file-keeper.ts';
import type { Keeper, KeeperName } from './keeper.ts';
import { secretsNamedIn, withSecrets } from './references.ts';
import { systemKeeper } from './system-keepers.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What is known of a secret without its value. */
export interface SecretNote {
  readonly name: string;
  readonly kept: KeeperName;
  readonly setAt: number;
  readonly usedAt?: number;
  /** What it is for, where we made it ourselves. */
  readonly about?: string;
}

const noted = z.object({
  version: z.literal(1),
  kept: z.enum(['keyring', 'keychain', 'dpapi', 'file']),
  setAt: z.number(),
  remembered: z.string(),
  about: z.optional(z.string()),
});
type Noted = z.infer<typeof noted>;

/** Longer ones not every keeper takes. */
export const longestSecret = 32_768;

/** Secrets of one home. What is kept where is a file for each; values are where the operating system keeps such things, if it does. */
export class SecretStore {
  readonly #folder: string;
  readonly #keepers: readonly Keeper[];

  constructor(home: Home, environment: Environment = process.env) {
    this.#folder = join(home.root, 'secrets');
    const system = systemKeeper(`countersign-${createHash('sha256').update(home.root).digest('hex').slice(0, 8)}`, environment);
    this.#keepers = [...(system === undefined ? [] : [system]), fileKeeper(home, environment)];
  }

  /** Answers where it is kept now, after it was read back from there. `only`: nowhere else. */
  async set(name: string, value: string, { about, only }: { readonly about?: string; readonly only?: 'file' } = {}): Promise<string> {
    if (value === '' || value.length > longestSecret) throw new Error(`A secret has 1 to ${longestSecret} characters.`);
    const before = this.#noted(name);
    const keepers = this.#keepers.filter((keeper) => only === undefined || keeper.name === only);
    const problems: string[] = [];
    for (const keeper of keepers) {
      // The first try of a fresh keyring may fail and the second work.
      const kept = (await this.#tried(keeper, name, value)) ?? (await this.#tried(keeper, name, value, problems));
      if (kept === undefined) continue;
      const note: Noted = { version: 1, kept: keeper.name, setAt: Date.now(), remembered: kept, ...(about === undefined ? {} : { about }) };
      ensurePrivateFolder(this.#folder);
      writePrivately(this.#file(name), `${JSON.stringify(note)}\n`);
      if ((await this.get(name)) !== value) throw new Error(`${name} could not be read back from ${keeper.title}.`);
      const left = before === undefined || before.kept === keeper.name ? undefined : await this.#leave(before.kept, name);
      return left === undefined ? keeper.title : `${keeper.title} (what it was before is still elsewhere: ${left})`;
    }
    throw new Error(`${name} could not be kept anywhere: ${problems.join('; ')}.`);
  }

  /** `undefined`: there is none of that name. Rejects where it cannot be read. */
  async get(name: string): Promise<string | undefined> {
    const note = this.#noted(name);
    if (note === undefined) return undefined;
    const value = await this.#keeper(note.kept).get(name, note.remembered);
    return value === undefined ? undefined : Buffer.from(value, 'base64').toString('utf8');
  }

  /** `false`: there was none. */
  async remove(name: string): Promise<boolean> {
    const note = this.#noted(name);
    if (note === undefined) return false;
    const keeper = this.#keeper(note.kept);
    await keeper.remove(name);
    if (keeper.name !== 'file' && (await keeper.get(name, '')) !== undefined) throw new Error(`${name} is still in ${keeper.title}.`);
    for (const file of [this.#file(name), this.#usedFile(name)]) rmSync(file, { force: true });
    return true;
  }

  list(): readonly SecretNote[] {
    const names = filesIn(this.#folder).flatMap((file) => (file.endsWith('.json') ? [file.slice(0, -5)] : []));
    return names.toSorted().flatMap((name) => {
      const note = this.#noted(name);
      const usedAt = Number(textOf(this.#usedFile(name)) ?? Number.NaN);
      if (note === undefined) return [];
      const { kept, setAt, about } = note;
      return [{ name, kept, setAt, ...(Number.isNaN(usedAt) ? {} : { usedAt }), ...(about === undefined ? {} : { about }) }];
    });
  }

  /** What these secrets are, by name. Rejects with what a person can do where one is missing. */
  async valuesOf(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = await Promise.all(names.map(async (name) => [name, await this.#need(name)] as const));
    for (const [name] of found) this.#used(name);
    return new Map(found);
  }

  /** The text with the secrets that it names. Rejects where one is missing. */
  async fillSecrets(text: string): Promise<string> {
    return withSecrets(text, await this.valuesOf(secretsNamedIn([text])));
  }

  async #need(name: string): Promise<string> {
    const value = await this.get(name);
    if (value !== undefined) return value;
    throw new Error(`There is no secret ${name}. Type "countersign secret set ${name}" in a terminal, and start the session again.`);
  }

  /** What the keeper wants remembered, once it has given back what it was given. */
  async #tried(keeper: Keeper, name: string, value: string, problems: string[] = []): Promise<string | undefined> {
    try {
      const text = Buffer.from(value).toString('base64');
      const remembered = await keeper.put(name, text);
      if ((await keeper.get(name, remembered)) === text) return remembered;
      problems.push(`${keeper.title} gave back something else`);
    } catch (error) {
      problems.push(`${keeper.title}: ${error instanceof Error ? error.message : String(error)}`);
    }
    return undefined;
  }

  /** Why the value from before could not be taken away. */
  async #leave(kept: KeeperName, name: string): Promise<string | undefined> {
    try {
      await this.#keeper(kept).remove(name);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  #keeper(name: KeeperName): Keeper {
    const found = this.#keepers.find((keeper) => keeper.name === name);
    if (found === undefined) throw new Error(`It is kept in a ${name}, which cannot be reached from here (no session bus?).`);
    return found;
  }

  #used(name: string): void {
    writePrivately(this.#usedFile(name), String(Date.now()));
  }

  #noted(name: string): Noted | undefined {
    const text = textOf(this.#file(name));
    return text === undefined ? undefined : z.parse(noted, JSON.parse(text));
  }

  #file(name: string): string {
    return join(this.#folder, `${name}.json`);
  }

  #usedFile(name: string): string {
    return join(this.#folder, `${name}.used`);
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}
