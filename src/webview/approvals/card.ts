import { html, nothing, type TemplateResult } from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import { argumentFields, type Field } from '../argument-fields.ts';
import type { OpenApproval } from '../records.ts';
import type { Span } from '../../engine/shell/analysis.ts';
import { agentText, agentTextWith, row } from '../text.ts';
import { clockTime, countdown, spokenCountdown } from '../time-text.ts';
import type { Icon } from '../icons.ts';
import { toolIcon } from '../tool-text.ts';
import { rulesOf } from '../rules.ts';
import { serverQuestion } from '../../engine/artifact/server-question.ts';
import { approvalLabel, changes, consequences, start } from './server-card.ts';

export type CardButton = 'approve' | 'approve-session' | 'deny' | 'show-change' | 'from-now-on';

/** A card's state in the page; nothing of it outlives the page. */
export interface CardState {
  readonly selected: boolean;
  /** Buttons answer: the card has stood still for a moment, the governor is there, no answer is under way. */
  readonly armed: boolean;
  readonly sending: boolean;
  readonly reason: string;
  readonly error: string;
  /** By the extension host's clock. */
  readonly now: number;
}

export interface CardEvents {
  readonly press: (id: string, button: CardButton) => void;
  readonly type: (id: string, reason: string) => void;
  readonly select: (id: string) => void;
}

/** Tools whose effect on a file the editor can show as a difference. */
const showsChange = new Set(['write', 'edit']);

export function card(approval: OpenApproval, state: CardState, on: CardEvents): TemplateResult {
  const { id } = approval;
  return html`<li>
    <article
      id="card-${id}"
      data-id=${id}
      aria-labelledby="title-${id}"
      tabindex=${state.selected ? 0 : -1}
      @focusin=${() => on.select(id)}
    >
      ${header(approval, state.now)} ${origin(approval)} ${argumentsOf(approval)}
      <dl>
        ${row('Folder', html`<span class="path">${agentText(approval.cwd)}</span>`)}
        ${row(approval.rules.length > 1 ? 'Rules' : 'Rule', rulesOf(approval.rules, approval.reason))}
      </dl>
      ${approval.requested === undefined ? nothing : askedAhead(approval.requested)} ${afterwards(approval)}
      ${answering(approval, state, on)} ${details(approval, on)}
    </article>
  </li>`;
}

function header(approval: OpenApproval, now: number): TemplateResult {
  const { id, tool, mcpServer, deadline } = approval;
  const left = deadline - now;
  return html`<header>
    <span class="codicon codicon-${toolIcon(tool, mcpServer)}" aria-hidden="true"></span>
    <h2 id="title-${id}">${approvalLabel(approval)}</h2>
    <span class=${left < 60_000 ? 'time urgent' : 'time'} role="timer" aria-label=${spokenCountdown(left)}>
      <span class="codicon codicon-clock" aria-hidden="true"></span>${countdown(left)}
    </span>
  </header>`;
}

function origin(approval: OpenApproval): TemplateResult {
  const { agent, subagent, nativeTool, mcpServer } = approval;
  if (serverQuestion(approval) !== undefined)
    return html`<p class="origin">${agentText(agent)} · MCP server ${agentText(mcpServer ?? '')}</p>`;
  return html`<p class="origin">
    ${agentText(agent)}${subagent === undefined ? nothing : html` › subagent ${agentText(subagent)}`} ·
    ${mcpServer === undefined ? nothing : html`${agentText(mcpServer)} / `}${agentText(nativeTool)}
  </p>`;
}

/** All of them: what the call does first and in boxes, what fits into a line beside its name. */
function argumentsOf(approval: OpenApproval): TemplateResult {
  const { tool, arguments: args, rules } = approval;
  const asked = serverQuestion(approval);
  const about = asked && { start, change: changes }[asked](approval);
  if (about !== undefined) return html`<div class="arguments">${about}</div>`;
  // A part is one of the text that a shell runs, which is the main argument.
  const parts = rules.flatMap((rule) => rule.parts ?? []);
  const fields = argumentFields(tool, args);
  const short = fields.filter((field) => field.short);
  return html`<div class="arguments">
    ${fields.filter((field) => !field.short).map((field) => box(field, field.main ? parts : []))}
    ${short.length === 0 ? nothing : html`<dl>${short.map(({ name, value }) => row(agentText(name), html`<code>${agentText(value)}</code>`))}</dl>`}
  </div>`;
}

function box({ name, value, main, size }: Field, parts: readonly Span[]): TemplateResult {
  const scrolls = size !== '';
  return html`<div class=${main ? 'argument main' : 'argument'}>
    <div class="name">${agentText(name)}${scrolls ? html`<span class="size">${size}</span>` : nothing}</div>
    <pre tabindex=${scrolls ? 0 : nothing} role=${scrolls ? 'region' : nothing} aria-label=${scrolls ? `${name}, ${size}` : nothing}>
${agentTextWith(value, parts)}</pre>
  </div>`;
}

/** A reason is what an agent would say to get what it wants: it is marked as its words. */
function askedAhead(reason: string): TemplateResult {
  return html`<p class="note">
    <span class="codicon codicon-info" aria-hidden="true"></span>The agent asks before it makes this call. If you approve, the same call may
    run once. In the agent’s own words: “${agentText(reason)}”
  </p>`;
}

/** What becomes of an answer, where that is not plain. */
function afterwards(approval: OpenApproval): TemplateResult | typeof nothing {
  const asked = serverQuestion(approval);
  if (asked !== undefined)
    return html`<ul class="consequences" aria-label="What your answer does">
      ${consequences(asked, approval).map((each) => html`<li>${each}</li>`)}
    </ul>`;
  if (approval.waiting || approval.requested !== undefined) return nothing;
  return html`<p class="note">
    <span class="codicon codicon-info" aria-hidden="true"></span>The agent no longer waits for this answer. If you approve, the same call
    may run once when the agent tries it again.
  </p>`;
}

function answering(approval: OpenApproval, state: CardState, on: CardEvents): TemplateResult {
  const { id } = approval;
  const required = approval.terms.reason === 'required';
  const asked = serverQuestion(approval);
  const optional = asked === 'change' ? 'Reason (optional; kept in the log)' : 'Reason (optional; reaches the agent if you deny)';
  return html`<div class="answer">
    ${showsChange.has(approval.tool) ? button('show-change', 'Show change', { icon: 'diff', secondary: true }) : nothing}
    <vscode-textfield
      class="reason"
      .label=${required ? 'Reason (required)' : optional}
      .placeholder=${required ? 'Reason (required)' : 'Reason (optional)'}
      .value=${state.reason}
      maxlength="1000"
      @input=${(event: InputEvent) => on.type(id, valueOf(event))}
    ></vscode-textfield>
    ${state.error === '' ? nothing : html`<p class="error" role="alert"><span class="codicon codicon-error" aria-hidden="true"></span>${state.error}</p>`}
    <div class=${state.armed ? 'choice' : 'choice inert'}>
      ${button('approve', state.sending ? 'Sending…' : 'Approve', { armed: state.armed })}
      ${button('deny', 'Deny', { secondary: true, armed: state.armed })}
      ${asked !== undefined ? nothing : button('approve-session', 'Approve for this session', { secondary: true, armed: state.armed })}
    </div>
  </div>`;

  function button(name: CardButton, label: string, look: { icon?: Icon; secondary?: boolean; armed?: boolean }): TemplateResult {
    return html`<vscode-button
      data-button=${name}
      .icon=${look.icon ?? ''}
      ?secondary=${look.secondary}
      aria-disabled=${look.armed === false ? 'true' : 'false'}
      @click=${() => on.press(id, name)}
      >${label}</vscode-button
    >`;
  }
}

function details(approval: OpenApproval, on: CardEvents): TemplateResult {
  const { terms } = approval;
  const asked = serverQuestion(approval);
  return html`<details>
    <summary>Details</summary>
    <dl>
      ${row('Approval', approval.id)} ${row('Asked at', clockTime(approval.askedAt))}
      ${row('When time is up', asked !== undefined ? timeUp[asked] : terms.onTimeout === 'deny' ? 'the call is denied' : 'the agent’s own permission mode decides')}
      ${terms.approvers.length > 0 ? row('Approvers', terms.approvers.join(', ')) : nothing} ${row('Session', agentText(approval.session))}
      ${row('Call', agentText(approval.callId))} ${row('Digest of the arguments', html`<code>${approval.argumentsDigest}</code>`)}
      ${asked === 'change' ? nothing : approval.rules.map((rule) => row(`Version of ${rule.policy}`, html`<code>${rule.digest}</code>`))}
    </dl>
    ${asked === undefined ? fromNowOn(approval.id, on) : nothing}
  </details>`;
}

const timeUp = {
  start: 'the server does not start, and the next attempt asks again',
  change: 'it stays hidden, and you are asked again',
} as const;

/** Rules about calls have no say in what servers are. */
function fromNowOn(id: string, on: CardEvents): TemplateResult {
  return html`<vscode-button
    data-button="from-now-on"
    secondary
    title="Propose a rule about calls like this one"
    @click=${() => on.press(id, 'from-now-on')}
    >From now on…</vscode-button
  >`;
}

function valueOf(event: Event): string {
  return event.target && 'value' in event.target && typeof event.target.value === 'string' ? event.target.value : '';
}
