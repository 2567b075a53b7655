import { html, nothing, type TemplateResult } from 'lit';
import type { EntryDetails, RuleText } from '../../engine/audit/search.ts';
import type { RuleRef } from '../../engine/decision.ts';
import { rulesOf } from '../rules.ts';
import { agentText } from '../text.ts';
import { ruleExcerpt } from './rule-excerpt.ts';
import type { Events } from './view.ts';

/** The rules that decided, each with its text as it was in force then. */
export function decidedBy({ record, rules: texts }: EntryDetails, on: Events): TemplateResult {
  const { rules = [], observed = [], reason = '' } = record.entry;
  return html`${
    rules.length === 0
      ? nothing
      : html`<h3>${rules.length === 1 ? 'Rule' : 'Rules'}</h3>
          ${rules.map((rule) => one(rule, reason, texts, on))}`
  }
  ${
    observed.length === 0
      ? nothing
      : html`<h3>Only observed</h3>
          ${observed.map((rule) => one(rule, '', texts, on))}`
  }`;
}

function one(rule: RuleRef, reason: string, texts: readonly RuleText[], on: Events): TemplateResult {
  const at = texts.findIndex((text) => text.policy === rule.policy && text.rule === rule.rule && text.digest === rule.digest);
  const found = texts[at];
  return html`<div class="decider">
    ${rulesOf([rule], rule.message ?? reason)}
    ${
      found === undefined || found.text === ''
        ? html`<p class="help">Its text is not in the log.</p>`
        : html`<pre class="policy" tabindex="0" role="region" aria-label="Text of the rule ${rule.rule}">
${agentText(ruleExcerpt(found.text, found.line))}</pre>
            <p class="help">
              <span class="path">${agentText(found.file)}</span>, line ${found.line}.
              ${found.isCurrent ? nothing : 'The file has changed since.'}
            </p>
            <vscode-button secondary icon="go-to-file" @click=${() => on.act('open-policy', at)}>Open policy at this rule</vscode-button>`
    }
    <p class="help version">Version <code>${rule.digest}</code></p>
  </div>`;
}
