import { html, nothing, type TemplateResult } from 'lit';
import type { Doubt } from '../../engine/policy/replay/world.ts';
import type { SeenOfCall } from '../../engine/policy/steps.ts';
import { agentText, row } from '../text.ts';
import { callForm } from './call-form.ts';
import type { ShownExplanation, ShownProblem } from './messages.ts';
import { marks, treeOf } from './tree.ts';
import { linesOf } from './tree-lines.ts';
import { treeView } from './tree-view.ts';
import type { Events, View } from './view.ts';

export function page(view: View, on: Events): TemplateResult {
  const { sight, isAsking } = view;
  return html`<main aria-label="Try a call" aria-busy=${isAsking ? 'true' : 'false'}>
    <h1>What would be decided on this call?</h1>
    ${sight === undefined ? nothing : html`<p class="help">By all policies, and by <span class="path">${agentText(`${sight.policy}/${sight.rule}`)}</span> in particular.</p>`}
    ${callForm(view, on)}
    <div class="answer ${isAsking ? 'old' : ''}">${answer(view, on)}</div>
  </main>`;
}

function answer(view: View, on: Events): TemplateResult {
  const { answer: found, isAsking } = view;
  if (found === undefined) return isAsking ? html`<p class="help" role="status">Asking the policies…</p>` : nothingYet();
  if (found.type === 'failed') return trouble(html`<p>${agentText(found.message)}</p>`);
  if (found.type === 'problems')
    return trouble(
      html`<p>A policy cannot be used as it stands in the editor:</p>
        ${problems(found.problems, on)}`,
    );
  const lines = linesOf(treeOf(found.explained, found.sight), view.openings);
  return html`${decision(found.explained, found.drafts)} ${seen(found.explained.call)}
    <section aria-labelledby="why">
      <h2 id="why">Why</h2>
      ${treeView(lines, view.current, on)}
    </section>`;
}

function nothingYet(): TemplateResult {
  return html`<div class="empty">
    <p>Type a call and press Enter, or pick one from the log. Nothing is run, and nothing is recorded.</p>
    <p class="help">While you edit a policy the answer follows; it need not be saved.</p>
  </div>`;
}

function trouble(what: TemplateResult): TemplateResult {
  return html`<div class="banner error" role="alert">
    <span class="codicon codicon-error" aria-hidden="true"></span>
    <div>${what}</div>
  </div>`;
}

function problems(found: readonly ShownProblem[], on: Events): TemplateResult {
  return html`<ul>
    ${found.map(
      ({ file, message, position }) =>
        html`<li>
          <button class="link" title="Open it there" @click=${() => on.openProblem(file, position.line)}>
            ${agentText(nameOf(file))}, line ${position.line}, column ${position.column}
          </button>
          <p>${agentText(message)}</p>
        </li>`,
    )}
  </ul>`;
}

function decision({ decision: { action, reason, mode }, doubts }: ShownExplanation, drafts: readonly string[]): TemplateResult {
  const { icon, tone } = marks[action];
  const isObserved = mode === 'observe';
  return html`<section class="decision" role="status" aria-label="The decision">
    <p>
      <span class="badge ${isObserved ? 'plain' : tone}"
        ><span class="codicon codicon-${icon} ${tone}" aria-hidden="true"></span>${(isObserved ? observed : decided)[action]}</span
      >
      <span class="help"
        >${isObserved ? 'Only observed: nothing is stopped.' : action === 'abstain' ? 'The agent decides as it does without us.' : 'Enforced.'}</span
      >
    </p>
    ${reason === '' ? nothing : html`<p class="why">${agentText(reason)}</p>`}
    ${drafts.length === 0 ? nothing : html`<p class="help">With the unsaved text of ${agentText(drafts.join(', '))}.</p>`}
    ${doubts.map((doubt) => html`<p class="help">${doubtTexts[doubt]}</p>`)}
  </section>`;
}

/** Who decides by something else than meets the eye should see it. */
function seen({ tools, commands, reads, writes, domains, unknown }: SeenOfCall): TemplateResult {
  const part = (name: string, values: readonly string[]): TemplateResult | typeof nothing =>
    values.length === 0
      ? nothing
      : row(
          name,
          html`<ul>
            ${values.map((value) => html`<li class="path">${agentText(value)}</li>`)}
          </ul>`,
        );
  return html`<section aria-labelledby="seen">
    <h2 id="seen">What policies see of it</h2>
    <dl>
      ${part('Tool', tools)} ${part('Runs', commands)} ${part('Reads', reads)} ${part('Writes', writes)} ${part('Hosts', domains)}
      ${part('Not known before it runs', unknown)}
    </dl>
  </section>`;
}

const decided = { deny: 'Denied', require_approval: 'A person is asked', allow: 'Allowed', abstain: 'No opinion' } as const;
const observed = { deny: 'Would deny', require_approval: 'Would ask', allow: 'Would allow', abstain: 'No opinion' } as const;

const doubtTexts: Readonly<Record<Doubt, string>> = {
  masked: 'Arguments were masked or cut before they were recorded, so it may have been decided on another text.',
  'not-recorded': 'What the call depended on was not recorded then, so it was looked up now.',
  'looked-up': 'A rule asks for something that nobody asked then, so it was looked up now, or is taken as unknown.',
  partial: 'The call depended on more than is kept.',
};

function nameOf(file: string): string {
  return file.split(/[/\\]/).findLast((part) => part !== '') ?? file;
}
