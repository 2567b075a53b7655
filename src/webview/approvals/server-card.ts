import { html, nothing, type TemplateResult } from 'lit';
import { changesIn } from '../../engine/artifact/pins/change-call.ts';
import { serverQuestion } from '../../engine/artifact/server-question.ts';
import { isObject, type JsonObject, type JsonValue } from '../../engine/json.ts';
import type { OpenApproval } from '../records.ts';
import { agentText, row } from '../text.ts';
import { toolLabel } from '../tool-text.ts';

type ServerQuestion = NonNullable<ReturnType<typeof serverQuestion>>;

const titles: Readonly<Record<ServerQuestion, string>> = { start: 'Start an MCP server', change: 'Accept a changed MCP server' };

/** What an approval is about, in our own words. */
export function approvalLabel(approval: OpenApproval): string {
  const asked = serverQuestion(approval);
  return asked === undefined ? toolLabel(approval.tool, approval.mcpServer) : titles[asked];
}

/** What each answer does: it holds for good, whoever waits for it now. */
export function consequences(asked: ServerQuestion, { waiting }: OpenApproval): readonly string[] {
  return asked === 'start'
    ? [
        waiting ? 'The agent waits for its server.' : 'The agent no longer waits: once you have approved, start the server in it again.',
        'Approve: it starts, and starts unasked from now on, in every session, as long as it is exactly this.',
        'Deny: it does not start. The next attempt asks you again.',
      ]
    : [
        'Approve: agents are shown it as it is now, and may use it.',
        'Deny: it stays hidden. You are asked again only if it changes once more.',
      ];
}

/** What changed, in sentences: the texts in them are the server's own. `undefined`: they cannot be read. */
export function changes({ arguments: args }: OpenApproval): TemplateResult | undefined {
  const read = readChanges(args);
  return (
    read &&
    html`${read.map(
      ({ title, change }) =>
        html`<section class="change" aria-label=${title}>
          <h3>${agentText(title)}</h3>
          <ul>
            ${change.map((sentence) => html`<li>${agentText(sentence)}</li>`)}
          </ul>
        </section>`,
    )}`
  );
}

function readChanges(args: JsonObject): readonly { readonly title: string; readonly change: readonly string[] }[] | undefined {
  try {
    return changesIn(args).map(({ kind, name, change }) => ({
      title: kind === 'instructions' ? 'Its instructions to the model' : `${kind === 'tool' ? 'Tool' : 'Prompt'} ${name}`,
      change: change.length === 0 ? ['It is not what was accepted.'] : change,
    }));
  } catch {
    return undefined;
  }
}

/** What would run, as it was measured. `undefined`: it cannot be read. */
export function start({ arguments: args }: OpenApproval): TemplateResult | undefined {
  const { command, source, loads } = args;
  if (!Array.isArray(command)) return undefined;
  const facts = isObject(source) ? factsOf(source) : [];
  const variables = isObject(loads) ? Object.entries(loads) : [];
  return html`<div class="argument main">
      <div class="name">Command in the agent’s configuration</div>
      <pre>${agentText(command.map((word) => wordOf(word)).join(' '))}</pre>
    </div>
    <dl>
      ${facts.map(([name, value]) => row(name, html`<code>${agentText(value)}</code>`))}
      ${variables.map(([name, value]) => row('Loads code first', html`<code>${agentText(`${name}=${textOf(value)}`)}</code>`))}
    </dl>
    ${
      isObject(source) && source['fetches'] === true
        ? html`<p class="note">
            <span class="codicon codicon-warning" aria-hidden="true"></span>It downloads what it runs, so nobody can hold it to what you see
            here.
          </p>`
        : nothing
    }`;
}

const names: Readonly<Record<string, string>> = {
  version: 'Version',
  integrity: 'Its archive',
  tree: 'All of its files',
  packages: 'Packages installed for it',
  spec: 'Asked for as',
  digest: 'Digest',
  options: 'Docker’s options',
  risky: 'Options that open its container',
  sha256: 'SHA-256',
  lock: 'Lock file beside it',
};
const kinds: Readonly<Record<string, readonly [label: string, field: string]>> = {
  npm: ['Package from npm', 'name'],
  pypi: ['Python package', 'name'],
  image: ['Container image', 'image'],
  file: ['File', 'path'],
  url: ['Address', 'url'],
  program: ['Program', 'path'],
};

/** What it is comes first. */
function factsOf(source: JsonObject): readonly (readonly [name: string, value: string])[] {
  const kind = kinds[textOf(source['kind'])];
  const first = kind === undefined ? [] : [[kind[0], textOf(source[kind[1]])] as const];
  const rest = Object.entries(names).flatMap(([field, name]) => {
    const value = textOf(source[field]);
    return value === '' ? [] : [[name, value] as const];
  });
  return [...first, ...rest];
}

/** So that one word with a space in it is not two. */
function wordOf(word: JsonValue): string {
  const text = textOf(word);
  return /^[\w@%+=:,./~^-]+$/.test(text) ? text : JSON.stringify(text);
}

function textOf(value: JsonValue | undefined): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map((one) => wordOf(one)).join(' ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
