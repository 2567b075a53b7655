import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import subset from 'subset-font';

const codicons = join(import.meta.dirname, '..', 'node_modules', '@vscode', 'codicons', 'dist');
const rule = /^\.codicon-([a-z0-9-]+):before \{ content: "\\([0-9a-f]+)" \}$/;

/** The style sheet and the font of these codicons only. Throws on a name that there is no codicon of. */
export async function iconFont(names: readonly string[]): Promise<{ readonly css: string; readonly font: Uint8Array }> {
  const sheet = await readFile(join(codicons, 'codicon.css'), 'utf8');
  const codes = new Map(sheet.split('\n').flatMap((line) => pairOf(line)));
  const unknown = names.filter((name) => !codes.has(name));
  if (unknown.length > 0) throw new Error(`There is no codicon named ${unknown.join(', ')}. Correct src/webview/icons.ts.`);
  const text = names.map((name) => String.fromCodePoint(Number.parseInt(codes.get(name) ?? '', 16))).join('');
  const font = await subset(await readFile(join(codicons, 'codicon.ttf')), text, { targetFormat: 'woff2' });
  return { css: slim(sheet, new Set(names)), font };
}

function pairOf(line: string): readonly (readonly [string, string])[] {
  const [, name, code] = rule.exec(line) ?? [];
  return name === undefined || code === undefined ? [] : [[name, code]];
}

function slim(sheet: string, names: ReadonlySet<string>): string {
  return sheet
    .replace(/url\("\.\/codicon\.ttf[^"]*"\) format\("truetype"\)/, 'url("./codicon.woff2") format("woff2")')
    .split('\n')
    .filter((line) => pairOf(line).every(([name]) => names.has(name)))
    .join('\n');
}
