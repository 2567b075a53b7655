import { html, nothing, type TemplateResult } from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import { agentText } from '../text.ts';
import { type CallKind, callKinds, type RecordedChoice } from './messages.ts';
import type { Events, View } from './view.ts';

/** What is tried: a call of the log, or one that is typed. */
export function callForm({ form, recorded }: View, on: Events): TemplateResult {
  if (recorded !== undefined) return recordedCall(recorded, on);
  const { label, placeholder, content } = kinds[form.kind];
  return html`<form
    class="form"
    aria-label="The call"
    @submit=${(event: Event) => event.preventDefault()}
    @keydown=${(event: KeyboardEvent) => entered(event, on)}
  >
    <div class="fields">
      <label for="kind">Call</label>
      <select id="kind" .value=${form.kind} @change=${(event: Event) => on.typed({ kind: kindOf(event) })}>
        ${callKinds.map((kind) => html`<option value=${kind} ?selected=${kind === form.kind}>${kinds[kind].name}</option>`)}
      </select>
      <label for="text">${label}</label>
      ${area('text', form.text, placeholder, (text) => on.typed({ text }))}
      ${
        content === undefined
          ? nothing
          : html`<label for="content">${content.label}</label
              >${area('content', form.content, content.placeholder, (text) => on.typed({ content: text }))}`
      }
      <label for="folder">Folder</label>
      <input id="folder" spellcheck="false" .value=${form.folder} @input=${(event: Event) => on.typed({ folder: valueOf(event) })} />
      <label for="agent">Agent</label>
      <input
        id="agent"
        spellcheck="false"
        placeholder="claude-code"
        .value=${form.agent}
        @input=${(event: Event) => on.typed({ agent: valueOf(event) })}
      />
    </div>
    <div class="buttons">
      <vscode-button @click=${on.ask}>Try</vscode-button>
      <vscode-button secondary icon="history" @click=${on.pick}>Pick a recorded call…</vscode-button>
    </div>
  </form>`;
}

function recordedCall(recorded: RecordedChoice, on: Events): TemplateResult {
  const { seq, time, summary } = recorded;
  const moment = new Date(time).toLocaleString([], { dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' });
  return html`<section class="form" aria-label="The call">
    <p class="help">Recorded call ${seq}, ${moment}, as it was then, by the policies as they are now:</p>
    <pre class="recorded" tabindex="-1">${agentText(summary)}</pre>
    <div class="buttons">
      <vscode-button secondary icon="history" @click=${on.pick}>Pick another…</vscode-button>
      <vscode-button secondary icon="edit" @click=${on.typeInstead}>Type a call instead</vscode-button>
      <vscode-button secondary icon="go-to-file" @click=${() => on.openEntry(recorded)}>Show its entry</vscode-button>
    </div>
  </section>`;
}

function area(id: string, value: string, placeholder: string, typed: (text: string) => void): TemplateResult {
  return html`<textarea
    id=${id}
    rows=${Math.min(12, value.split('\n').length)}
    spellcheck="false"
    placeholder=${placeholder}
    .value=${value}
    @input=${(event: Event) => typed(valueOf(event))}
  ></textarea>`;
}

/** Enter asks; with Shift it begins a new line. */
function entered(event: KeyboardEvent, on: Events): void {
  const isField = event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLInputElement;
  if (!isField || event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  on.ask();
}

function valueOf({ target }: Event): string {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement ? target.value : '';
}

function kindOf({ target }: Event): CallKind {
  return callKinds.find((kind) => target instanceof HTMLSelectElement && kind === target.value) ?? 'shell';
}

interface KindText {
  readonly name: string;
  readonly label: string;
  readonly placeholder: string;
  readonly content?: { readonly label: string; readonly placeholder: string };
}

const kinds: Readonly<Record<CallKind, KindText>> = {
  shell: { name: 'Run a shell command', label: 'Command', placeholder: 'git push --force' },
  read: { name: 'Read a file', label: 'File', placeholder: 'src/main.ts' },
  write: {
    name: 'Write a file',
    label: 'File',
    placeholder: 'src/main.ts',
    content: { label: 'Content', placeholder: 'What is written (optional)' },
  },
  fetch: { name: 'Fetch a web page', label: 'Address', placeholder: 'https://example.com' },
  mcp: {
    name: 'Use an MCP tool',
    label: 'Tool',
    placeholder: 'github/create_issue',
    content: { label: 'Arguments', placeholder: '{"title": "New"}' },
  },
};
