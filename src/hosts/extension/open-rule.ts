import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { RuleText } from '../../engine/audit/search.ts';
import type { RuleDesk } from './load-rule-desk.ts';
import { withoutLinks } from './complaints.ts';
import { openAt } from './open-file.ts';

/** Opens the policy at a rule, where it stands now; says so where it is not there any more. */
export async function openRule(rule: RuleText | undefined, desk: () => Promise<RuleDesk>): Promise<void> {
  if (rule === undefined) throw new Error('the log does not have the text of that rule');
  const source = await readFile(rule.file, 'utf8').catch(() => undefined);
  if (source === undefined) throw new Error(`${rule.file} is not there any more`);
  const line = rule.isCurrent ? rule.line : (await desk()).lineOfRule(source, rule);
  await openAt(rule.file, line ?? 1);
  if (line === undefined) void vscode.window.showInformationMessage(withoutLinks(`The rule ${rule.rule} is no longer in ${rule.file}.`));
}
