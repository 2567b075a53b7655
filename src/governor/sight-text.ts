import type { Place } from './ports.ts';
import type { Governance } from './sight.ts';

/** One word each, for a column. */
export const governedBy = {
  managed: 'managed',
  plugin: 'plugin',
  settings: 'settings',
  'command-hook': 'command hook',
  hooks: 'hooks',
  none: 'no',
} as const satisfies Record<Governance['by'], string>;

/** For a person who wants to know what that means. */
export const governedHow = {
  managed: 'Governed by managed settings: only an administrator can switch them off.',
  plugin: 'Governed by the plugin in the settings of Claude Code.',
  settings: 'Governed by hooks in the settings.',
  'command-hook': 'Governed by the command hook alone.',
  hooks: 'Governed by its hooks. Who put them there is not known.',
  none: 'Not governed: what it does does not reach Countersign. Start it again with the hooks installed, or end it.',
} as const satisfies Record<Governance['by'], string>;

/** What terminals and editors call themselves, in the words of people. */
const programs: Readonly<Record<string, string>> = {
  vscode: 'editor terminal',
  'claude-vscode': 'editor panel',
  Apple_Terminal: 'Terminal',
  'iTerm.app': 'iTerm',
  'JetBrains-JediTerm': 'JetBrains terminal',
};

/** `editor terminal, pts/3, in tmux, over ssh, started by bash`; empty where nothing is known. */
export function placeText({ program, tty, parent, through = [] }: Place): string {
  const ways = through.map((way) => (way === 'ssh' ? 'over ssh' : `in ${way}`));
  const named = program === undefined || through.some((way) => way === program) ? undefined : (programs[program] ?? program);
  return [named, tty ?? 'no terminal', ...ways, parent === undefined ? undefined : `started by ${parent}`]
    .filter((part) => part !== undefined)
    .join(', ');
}
