import * as vscode from 'vscode';
import type { Span } from '../../../engine/policy/language/part.ts';
import type { FileRange } from './file-range.ts';
import { shippedUri } from './shipped-text.ts';

export function rangeOf(document: vscode.TextDocument, { start, end }: Span): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

export function spanOf(document: vscode.TextDocument, range: vscode.Range): Span {
  return { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
}

export function locationOf({ path, isShipped, start, end }: FileRange): vscode.Location {
  const uri = isShipped ? shippedUri(path) : vscode.Uri.file(path);
  return new vscode.Location(uri, new vscode.Range(start.line, start.character, end.line, end.character));
}
