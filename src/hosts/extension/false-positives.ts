import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import type { AuditEntry, AuditRecord } from '../../engine/audit/entry.ts';
import type { LoggedFinding } from '../../engine/guardrail/policy/false-positive.ts';
import { isInFolder } from '../../engine/policy/observing.ts';
import type { RuleDesk } from './load-rule-desk.ts';
import { textOfTarget } from './policy-target.ts';
import { reviewInsertion } from './review-insertion.ts';
import { realFolders } from './window-state.ts';

/** A guardrail that may allow it; its file need not exist yet. */
interface Target {
  readonly file: string;
  readonly layer: 'user' | 'workspace';
  readonly policy: string;
  readonly exists: boolean;
}

/** Makes "this is a false positive" an entry of a guardrail's `allow`, left unsaved for the person to look at. */
export class FalsePositives {
  readonly #userPolicies: string;
  readonly #desk: () => Promise<RuleDesk>;

  constructor(userPolicies: string, desk: () => Promise<RuleDesk>) {
    this.#userPolicies = userPolicies;
    this.#desk = desk;
  }

  async propose({ seq, entry }: AuditRecord, finding: number): Promise<void> {
    const desk = await this.#desk();
    const found = desk.findingIn(entry, finding);
    const target = await pickTarget(await this.#targets(desk, entry, found), found);
    const reason = target && (await askReason());
    if (target === undefined || reason === undefined) return;
    const added = desk.withAllowed(await textOfTarget(target), found, target, { reason, from: `entry ${seq} of the log` });
    await reviewInsertion(target, added, 'entry');
  }

  /** The guardrail that found it first; the person's own that only allows, last. */
  async #targets(desk: RuleDesk, entry: AuditEntry, found: LoggedFinding): Promise<readonly Target[]> {
    // A guardrail of the same name in another repository did not find it.
    const { cwd = '' } = entry;
    const own = realFolders().filter((folder) => isInFolder(cwd, folder));
    const folders = own.map((folder) => join(folder, '.countersign'));
    const files = [
      ...(await policiesIn(this.#userPolicies)).map((file) => ({ file, layer: 'user' as const })),
      ...(await Promise.all(folders.map(policiesIn))).flat().map((file) => ({ file, layer: 'workspace' as const })),
    ];
    const able = await Promise.all(
      files.map(async ({ file, layer }) => {
        const source = await textOfTarget({ file, exists: true });
        return desk
          .guardrailsThatMay({ file, layer, source }, entry, found)
          .map((policy): Target => ({ file, layer, policy, exists: true }));
      }),
    );
    const fresh = {
      file: join(this.#userPolicies, `${desk.ownAllowing}.yaml`),
      layer: 'user' as const,
      policy: desk.ownAllowing,
      exists: false,
    };
    const isFree = !files.some(({ file }) => file === fresh.file);
    return [...able.flat().toSorted((a, b) => rank(a, found) - rank(b, found)), ...(isFree ? [fresh] : [])];
  }
}

function rank({ layer, policy }: Target, found: LoggedFinding): number {
  return layer === found.layer && policy === found.policy ? 0 : 1;
}

async function pickTarget(targets: readonly Target[], { kind }: LoggedFinding): Promise<Target | undefined> {
  const items = targets.map((target) => ({
    label: target.policy,
    description: target.exists ? basename(target.file) : 'new file',
    detail: `${target.layer === 'user' ? 'Your policies' : 'This folder’s policies, shared with your team'}: ${target.file}`,
    target,
  }));
  const title = `Which guardrail is to allow it? (${kind})`;
  return (await vscode.window.showQuickPick(items, { title, matchOnDetail: true }))?.target;
}

/** Whoever reads the entry later sees a fingerprint only. */
async function askReason(): Promise<string | undefined> {
  const reason = await vscode.window.showInputBox({
    title: 'Why is it a false positive?',
    prompt: 'It stands beside the fingerprint in the policy. Do not write the value itself.',
    placeHolder: 'A made-up key of our documentation',
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? 'A fingerprint says nothing to whoever reads it: give a reason' : undefined),
  });
  return reason?.trim();
}

async function policiesIn(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => /\.ya?ml$/.test(name) && !/\.test\.ya?ml$/.test(name));
  return names.toSorted().map((name) => join(folder, name));
}
