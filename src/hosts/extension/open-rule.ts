import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { RuleText } from '../../engine/audit/search.ts';
import { parsePolicyFile } from '../../engine/policy/parse-file.ts';
import { openAt } from './open-file.ts';

/** Opens the policy at a rule, where it stands now; says so where it is not there any more. */
export async function openRule(rule: RuleText | undefined): Promise<void> {
  if (rule === undefined) throw new Error('the log does not have the text of that rule');
  const source = await readFile(rule.file, 'utf8').catch(() => undefined);
  if (source === undefined) throw new Error(`${rule.file} is not there any more`);
  const line = rule.isCurrent ? rule.line : lineOf(source, rule);
  await openAt(rule.file, line ?? 1);
  if (line === undefined) void vscode.window.showInformationMessage(`The rule ${rule.rule} is no longer in ${rule.file}.`);
}

function lineOf(source: string, { file, policy, rule }: RuleText): number | undefined {
  const { documents } = parsePolicyFile({ path: file, layer: 'user', source, trusted: false, lazily: true });
  return documents.find(({ name }) => name === policy)?.rules.find(({ name }) => name === rule)?.position.line;
}
