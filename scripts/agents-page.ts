import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reaches } from '../src/agents/reaches.ts';
import type { Can, Reach } from '../src/agents/reach.ts';

// Writes docs/agents.md from what the adapters declare; with --check it only says whether the page is up to date.
const root = join(import.meta.dirname, '..');
const page = join(root, 'docs', 'agents.md');
const columns = ['blocked', 'asked', 'rewritten', 'redacted', 'killed', 'counted', 'machineLevel'] as const;
const marks: Readonly<Record<Can['extent'], string>> = { yes: '●', partly: '◐', no: '○' };
const titles: Readonly<Record<(typeof columns)[number], string>> = {
  blocked: 'Blocked',
  asked: 'Asked',
  rewritten: 'Rewritten',
  redacted: 'Redacted',
  killed: 'Killed',
  counted: 'Counted',
  machineLevel: 'By an administrator',
};

const text = pageOf(reaches, readFileSync(join(root, 'docs', 'examples', 'three-agents.yaml'), 'utf8'));

if (!process.argv.includes('--check')) writeFileSync(page, text);
else if (readFileSync(page, 'utf8') !== text) {
  console.error('docs/agents.md is not what the adapters declare. Run: npm run rules');
  process.exitCode = 1;
}

function pageOf(all: readonly Reach[], example: string): string {
  return `# Agents

Generated from what each adapter declares (\`src/agents/*/reach.ts\`) by \`npm run rules\`. *Tried* says how we know: with the **real client** in our
tests, from **its code**, or from **its documentation** alone, which nobody has held against the program yet.

\`countersign install AGENT\` shows what it would change and asks, \`countersign uninstall AGENT\` puts everything back as it was, and
\`countersign doctor AGENT\` proves it: by a real call that is refused where the client can be started, else by looking at its files.

${table(all)}

● yes · ◐ partly · ○ no. *Blocked*: a call does not run. *Asked*: a person is asked, and the call goes on with their answer. *Rewritten*: it runs with
other arguments. *Redacted*: the model does not see parts of a result. *Killed*: a session ends at once. *Counted*: tokens and cost.

Wherever a client would stop waiting for a person, the call is refused first, with "approve it in the inbox, then try again"; the next try of the same
call then passes, once, without asking again. A session of a known agent from which nothing is heard is shown as **not governed**.

## Several agents under one policy

A policy, a limit and the log do not ask which agent it is, unless \`agent\` says so: globs over the name (\`codex\`), vendor and name (\`openai/*\`),
or the type that it runs as. Limits \`per: user\` or \`per: workspace\` are used up by all agents together; there is one inbox and one log. This is
[examples/three-agents.yaml](examples/three-agents.yaml), for a repository in which three of them work:

\`\`\`yaml
${example.trimEnd()}
\`\`\`

${all.map(section).join('\n')}`;
}

function table(all: readonly Reach[]): string {
  const head = ['Agent', 'Name', 'Version', 'Tried', ...columns.map((column) => titles[column])];
  const rows = all.map((one) => [
    `[${one.title}](#${one.agent})`,
    `\`${one.agent}\``,
    one.version,
    one.tried,
    ...columns.map((column) => marks[one[column].extent]),
  ]);
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function section(one: Reach): string {
  return `## <a id="${one.agent}"></a>${one.title}

By ${one.vendor}, ${one.version}; from ${one.tried === 'real client' ? 'tests with the real client' : one.tried}. Its hooks: ${one.hooks.join('; ')}.

${columns.map((column) => `- ${marks[one[column].extent]} **${titles[column]}**${one[column].how === '' ? '' : `: ${one[column].how}`}`).join('\n')}
- **When a hook fails**: ${one.failing}
- **Switched off by**: ${one.switchedOffBy.join('; ')}.
${outOfReach(one)}`;
}

function outOfReach({ outOfReach: all }: Reach): string {
  if (all.length === 0) return '';
  return `\n| Cannot be governed | What is done about it |\n|---|---|\n${all.map(({ what, instead }) => `| ${what} | ${instead} |`).join('\n')}\n`;
}
