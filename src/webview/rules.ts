import { html, nothing, type TemplateResult } from 'lit';
import type { RuleRef } from '../engine/decision.ts';
import { agentText } from './text.ts';

const layers: Readonly<Record<RuleRef['layer'], string>> = {
  organisation: 'organisation’s policy',
  user: 'your policy',
  workspace: 'this folder’s policy',
  'built-in': 'built-in policy',
};

/** Which rules spoke and what they say. `reason` is the decision's sentence, shown where no rule says it already. */
export function rulesOf(rules: readonly RuleRef[], reason: string): TemplateResult {
  const said = rules.some(({ message }) => message === reason);
  return html`${rules.map((rule) => one(rule))}${said || reason === '' ? nothing : html`<p class="why">${agentText(reason)}</p>`}`;
}

// A workspace's policy file may have been written by an agent, so its names and messages are treated like an agent's text.
function one({ policy, rule, layer, message, mode, exemption }: RuleRef): TemplateResult {
  return html`<div class="rule">
    <span class="path">${agentText(policy)}/${agentText(rule)}</span>
    <span class="layer">(${layers[layer]}${mode === 'observe' ? ', only observing' : ''})</span>
    ${message === undefined ? nothing : html`<p class="why">${agentText(message)}</p>`}
    ${exemption === undefined ? nothing : html`<p class="why">Exempted by ${agentText(exemption.grantedBy)}: ${agentText(exemption.reason)}</p>`}
  </div>`;
}
