import { digestOf } from '../../engine/audit/canonical.ts';
import type { JsonObject } from '../../engine/json.ts';
import type { Expansion, PromptFile } from '../agent.ts';

export interface InlineCall {
  readonly id: string;
  readonly nativeTool: 'Bash' | 'PowerShell';
  readonly arguments: { readonly command: string };
}

/**
 * What Claude Code runs by itself while it turns a slash command or a skill into a prompt: `` !`command` `` and blocks of ```` ```! ````.
 * Source: 2.1.329, by experiment: arguments are put in first, so that they can be commands as well. Rather one too many than one too
 * few: what stands in the head of the file counts, too.
 */
export function inlineCalls(file: PromptFile, expansion: Expansion, session: string): readonly InlineCall[] {
  const nativeTool = /^shell:\s*["']?powershell/im.test(headOf(file.text)) ? 'PowerShell' : 'Bash';
  const commands = new Set(commandsIn(filledIn(file, expansion, session)));
  return [...commands].map((command) => ({ id: idOf(expansion, command), nativeTool, arguments: { command } }));
}

/** The same for the hook beforehand and for the record afterwards. */
function idOf({ id }: Expansion, command: string): string {
  return `${id}!${digestOf({ command }).slice(0, 16)}`;
}

function commandsIn(text: string): readonly string[] {
  const blocks = [...text.matchAll(/```!\s*\n?([\s\S]*?)\n?```/g)];
  const inline = [...text.matchAll(/(?<=^|\s)!`([^`]+)`/gm)];
  return [...blocks, ...inline].map(([, command = '']) => command.trim()).filter((command) => command !== '');
}

function filledIn({ text, folder }: PromptFile, { arguments: typed }: Expansion, session: string): string {
  const words = wordsOf(typed);
  const names = namesIn(headOf(text));
  const filled = text
    .replaceAll(/\$ARGUMENTS\[(\d+)\]/g, (_, place: string) => words[Number(place)] ?? '')
    .replaceAll('$ARGUMENTS', () => typed)
    .replaceAll(/\$(\d+)/g, (_, place: string) => words[Number(place)] ?? '')
    .replaceAll(/\$([A-Za-z_]\w*)/g, (whole, name: string) => (names.includes(name) ? (words[names.indexOf(name)] ?? '') : whole))
    .replaceAll('${CLAUDE_SKILL_DIR}', () => folder)
    .replaceAll('${CLAUDE_SESSION_ID}', () => session);
  return `${filled}\n\n${typed}`;
}

/** As a shell would divide them, quotes taken off. */
function wordsOf(typed: string): readonly string[] {
  return [...typed.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, plain]) => double ?? single ?? plain ?? '');
}

function headOf(text: string): string {
  return /^\uFEFF?---\r?\n([\s\S]*?)\r?\n---/.exec(text)?.[1] ?? '';
}

/** `arguments: [a, b]`, `arguments: a b`, or a list below it. */
function namesIn(head: string): readonly string[] {
  const found = /^arguments:[ \t]*(.*(?:\r?\n[ \t]*-.*)*)/m.exec(head)?.[1] ?? '';
  return found.match(/[A-Za-z_]\w*/g) ?? [];
}

/** A call of the model's that expands a skill. */
export function expansionOf(nativeTool: string, id: string, input: JsonObject): Expansion | undefined {
  const { skill, args, command } = input;
  if (nativeTool === 'Skill' && typeof skill === 'string') return { id, name: skill, arguments: typeof args === 'string' ? args : '' };
  if (nativeTool !== 'SlashCommand' || typeof command !== 'string') return undefined;
  const [name = '', ...rest] = command.split(' ');
  return { id, name, arguments: rest.join(' ') };
}
