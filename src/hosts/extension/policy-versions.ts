import { basename } from 'node:path';
import { visibleText } from '../../engine/guardrail/visible-text.ts';
import type { PolicyOverview } from '../../engine/policy/overview.ts';
import type { Connection } from './connection.ts';
import type { ShowChange } from './show-change.ts';

interface Options {
  readonly connection: Connection;
  readonly showChange: ShowChange;
  /** What is shown of policies may be different now. */
  readonly changed: () => void;
}

/** Versions of policy files side by side, as the governor kept them. */
export class PolicyVersions {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** What governs a folder through that file now. */
  async overview(folder: string, file: string): Promise<PolicyOverview | undefined> {
    const { files } = await this.#options.connection.call('policies', { folder });
    return files.find(({ path }) => path === file);
  }

  /** Shows the version that was trusted last beside `text`, and answers in words what is new; nothing where none was, or it was not kept. */
  async sinceTrusted(folder: string, file: string, text: string): Promise<string | undefined> {
    const since = (await this.overview(folder, file))?.trust?.since;
    const before = since && (await this.#text(since.digest));
    if (since === undefined || before === undefined) return undefined;
    await this.#options.showChange.compare(file, before, text, `${visibleText(basename(file))}: as you trusted it ↔ now`);
    return since.changes;
  }

  /** Shows two versions that were in force; answers whether both were kept. */
  async compare(file: string, before: string, after: string): Promise<boolean> {
    const [old, fresh] = [await this.#text(before), await this.#text(after)];
    if (old === undefined || fresh === undefined) return false;
    await this.#options.showChange.compare(file, old, fresh, `${visibleText(basename(file))}: before ↔ now`);
    return true;
  }

  changed(): void {
    this.#options.changed();
  }

  async #text(digest: string): Promise<string | undefined> {
    return (await this.#options.connection.call('policyText', { digest })).source;
  }
}
