import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { agentText } from '../text.ts';
import { card, type CardEvents, type CardState } from './card.ts';
import type { InboxState } from './inbox-state.ts';
import type { FromInbox } from './messages.ts';
import { problemPlace } from '../../engine/policy/problem-place.ts';
import { shortcutHelp } from './shortcuts.ts';

export interface PageEvents extends CardEvents {
  readonly post: (message: FromInbox) => void;
}

/** The whole panel. */
export function page(state: InboxState, cardState: (id: string) => CardState, announcement: string, on: PageEvents): TemplateResult {
  const { approvals } = state;
  return html`<main aria-label="Approvals" tabindex="-1">
    <h1 class="spoken">Approvals</h1>
    <div class="spoken" role="status" aria-live="assertive">${announcement}</div>
    ${link(state, on)} ${observing(state, on)} ${state.problems.map((each) => problem(each, on))}
    ${
      approvals.length === 0
        ? empty(state, on)
        : html`<ul class="cards" aria-label="Calls that wait for you">
              ${repeat(
                approvals,
                ({ id }) => id,
                (approval) => card(approval, cardState(approval.id), on),
              )}
            </ul>
            ${help()}`
    }
  </main>`;
}

function link({ link: line }: InboxState, on: PageEvents): TemplateResult | typeof nothing {
  if (line.state === 'governed') return nothing;
  if (line.state === 'connecting') {
    return html`<p class="banner">
      <span class="codicon codicon-loading codicon-modifier-spin" aria-hidden="true"></span>Connecting to the governor…
    </p>`;
  }
  return html`<div class="banner error" role="alert">
    <span class="codicon codicon-error" aria-hidden="true"></span>
    <div>
      <p><strong>The governor cannot be reached:</strong> ${agentText(line.reason)}</p>
      <p>Until it is back, calls that need your approval are denied. Countersign keeps trying.</p>
      <div class="buttons">
        <vscode-button @click=${() => on.post({ type: 'retry' })}>Retry now</vscode-button>
        <vscode-button secondary @click=${() => on.post({ type: 'open-log' })}>Open log</vscode-button>
      </div>
    </div>
  </div>`;
}

/** An inbox that stays empty must not look as if nothing had been worth asking about. */
function observing({ observing: said }: InboxState, on: PageEvents): TemplateResult | typeof nothing {
  if (said === undefined) return nothing;
  return html`<div class="banner warning">
    <span class="codicon codicon-eye" aria-hidden="true"></span>
    <div>
      <p>${agentText(said)}</p>
      ${problemButton('Enforce again', () => on.post({ type: 'enforce' }))}
    </div>
  </div>`;
}

/** A problem with incidents is about what ran: a person says when they have seen it. */
function problem(
  { id, message, file, line, incidents = [], severity, fix }: InboxState['problems'][number],
  on: PageEvents,
): TemplateResult {
  const place = problemPlace(file, line);
  const kind = incidents.length > 0 || severity === 'bad' ? 'error' : 'warning';
  return html`<div class="banner ${kind}">
    <span class="codicon codicon-${kind}" aria-hidden="true"></span>
    <div>
      ${place === '' ? nothing : html`<p><strong>${agentText(place)}</strong></p>`}
      <p>${agentText(message)}</p>
      ${file === undefined ? nothing : problemButton('Open file', () => on.post({ type: 'open-problem', id }))}
      ${fix === undefined ? nothing : problemButton('Fix…', () => on.post({ type: 'fix-problem', id }))}
      ${incidents.length === 0 ? nothing : problemButton('Mark as seen…', () => on.post({ type: 'close-problem', id }))}
    </div>
  </div>`;
}

function problemButton(label: string, press: () => void): TemplateResult {
  return html`<div class="buttons"><vscode-button secondary @click=${press}>${label}</vscode-button></div>`;
}

function empty({ link: { state }, hooksMissing }: InboxState, on: PageEvents): TemplateResult | typeof nothing {
  if (state !== 'governed') return nothing;
  return html`<div class="empty">
    <p>No approvals waiting.</p>
    <p>Agents’ calls that your policy wants a person for appear here.</p>
    ${
      hooksMissing
        ? html`<p>No agent is governed yet: Claude Code does not have Countersign’s hooks.</p>
            <div class="buttons">
              <vscode-button block @click=${() => on.post({ type: 'install-hooks' })}>Install hooks for Claude Code</vscode-button>
            </div>`
        : nothing
    }
  </div>`;
}

function help(): TemplateResult {
  return html`<p class="help">On a card: ${shortcutHelp.map(([keys, does]) => html`<span><kbd>${keys}</kbd> ${does}</span> `)}</p>`;
}
