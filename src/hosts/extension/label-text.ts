import * as vscode from 'vscode';
import { visibleText } from '../../engine/guardrail/visible-text.ts';
import type { Position } from '../../engine/policy/position.ts';

// Policies are text that anybody may have written, an agent too: shown as it is, and as nothing else.

/** For labels, in which the editor would draw `$(check)` as an icon: one line, nothing hidden. */
export function labelText(text: string): string {
  return visibleText(text)
    .replaceAll('\n', ' ')
    .replaceAll('$(', String.raw`\$(`)
    .slice(0, 300);
}

/** The editor counts from 0. */
export function rangeOf({ line, column, endLine, endColumn }: Position): vscode.Range {
  return new vscode.Range(line - 1, column - 1, endLine - 1, endColumn - 1);
}
