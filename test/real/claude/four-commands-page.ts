import { themes } from './four-commands.ts';
import { textOf, type Theme, type Variant } from './variant.ts';

/** `docs/self-protection.md`: what is tried with the real client, as people read it. */
export function fourCommandsPage(): string {
  return `${head}\n${themes.map(section).join('\n')}\n${tail}`;
}

const head = `# What an agent cannot do to Countersign

Generated from the table that \`test/real/claude/four-commands.ts\` tries with the real Claude Code in \`bypassPermissions\` mode, by
\`npm run rules\`. An agent that met a policy was seen to kill the process that enforced it, to disable its restart, to go on, and to erase
the logs. Each line below is a call that a session makes; none of them runs. Those marked ° would hurt the
test machine if they ever ran, so only the engine is asked about them. *Denied*: refused before it runs, by the rule that is named.
*Asked*: a person decides, and where nobody does, it is refused.

\`{pid}\` and \`{port}\` are the governor's, \`{program}\` and \`{runtime}\` what it runs from. Rules of \`self-protection\` hold always; those of
\`baseline-…\` can be exempted by you or your organisation (\`docs/policies.md\`), never by a workspace or an agent.
`;

const tail = `## What cannot be recognised beforehand

A program that nobody can look into (compiled, or fetched while it runs) can do with your rights what you can. What follows is tried with a
helper that does it behind the agent's back, in \`test/real/claude/unrecognised.test.ts\`:

| the helper | what becomes of it |
|---|---|
| kills the governor | the next call is refused and brings the governor back; it judges from then on; the log holds |
| kills it and erases the log | the next governor remembers the last entry: an incident in the log, a problem in the editor |
| kills it and puts an older log in its place | the same |
| writes \`disableAllHooks\` into the project's settings | the session keeps its old settings; an incident, and the end of the session where a policy says \`onUngoverned: kill\` |
| starts \`claude --bare\` | its calls are noticed in its transcript: an incident, and its end where a policy says \`onUngoverned: kill\` |

## What this protection cannot do

- **It is not a boundary between you and yourself.** A program with your rights that knows Countersign can read its tokens, answer approvals
  with them, or write another history and sign it. The rules refuse calls that show this; a program that hides it is not refused. Only what left
  the machine contradicts a forged log: set an anchor (\`docs/audit.md\`) or an export (\`docs/export.md\`).
- **Ungoverned calls are noticed after they ran**, mostly within two seconds, and only while a governor runs or by the next one that does. Without
  \`onUngoverned: kill\` in a policy of yours, the session goes on and you are told.
- **A later session may start without hooks** when settings or the plugin were changed on disk behind our back. \`countersign doctor\` names it;
  managed installation by an administrator prevents it.
- **Names can be hidden.** What is put together while it runs, in ways that are not understood, passes unless it also does what other rules
  are about. Where a command names Countersign and is not understood, it is refused.
- **Another user's rights are more than yours.** \`sudo\` and containers with the disk of the host can do everything; the baseline asks about
  them, and you can answer yes.
- **A stopped governor (SIGSTOP) keeps calls waiting**; none of them runs, but somebody has to let it go on or kill it.
- **A full disk or a wrong clock** stops calls or puts wrong times into the log; it lets nothing run. The order of entries does not rest on the clock.
`;

function section({ title, variants }: Theme): string {
  return `## ${title}\n\n| the agent tries | what becomes of it |\n|---|---|\n${variants.map(row).join('\n')}\n`;
}

function row(variant: Variant): string {
  const files = Object.entries(variant.files ?? {}).map(([name, text]) => ` (${name}: ${code(text.trim())})`);
  const end = variant.clientRefuses === true ? '; Claude Code refuses it even before' : '';
  const mark = variant.engineOnly === true ? ' °' : '';
  return `| ${code(textOf(variant))}${files.join('')}${mark} | ${variant.action === 'deny' ? 'Denied' : 'Asked'}: \`${variant.rule}\`${end} |`;
}

/** On one line; a text with backticks needs longer ones around it, and a table wants its bars escaped. */
function code(source: string): string {
  const line = source.replaceAll('\n', '⏎').replaceAll('|', '\\|');
  return line.includes('`') ? `\`\` ${line} \`\`` : `\`${line}\``;
}
