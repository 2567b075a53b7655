import { html, nothing, type TemplateResult } from 'lit';
import type { EntryDetails } from '../../engine/audit/search.ts';
import type { Icon } from '../icons.ts';
import type { EntryAction } from './messages.ts';
import { everything } from './filter.ts';
import type { Events } from './view.ts';

/** What one may do with an entry. */
export function entryButtons({ record: { entry } }: EntryDetails, on: Events): TemplateResult {
  const { tool, session, arguments: args, callId } = entry;
  const isCall = tool !== undefined && args !== undefined;
  const button = (action: EntryAction, icon: Icon, label: string): TemplateResult =>
    html`<vscode-button secondary icon=${icon} data-action=${action} @click=${() => on.act(action)}>${label}</vscode-button>`;
  return html`<div class="buttons" role="group" aria-label="What to do with this entry">
      ${isCall && namesFile(args) ? button('open-file', 'go-to-file', 'Open file') : nothing}
      ${
        // The governor's own troubles are incidents, too, but nothing that waits for a person.
        entry.kind === 'incident' && entry.detail?.['cause'] !== undefined ? button('mark-seen', 'eye', 'Mark as seen…') : nothing
      }
      ${isCall && entry.kind === 'decision' ? button('try', 'beaker', 'Why? Try…') : nothing} ${button('copy', 'copy', 'Copy as JSON')}
      ${
        session === undefined
          ? nothing
          : html`<vscode-button secondary icon="filter" @click=${() => on.filter({ ...everything, lists: { sessions: [session] } })}
                >This session</vscode-button
              >${button('session-page', 'history', 'Session page')}`
      }
    </div>
    ${
      isCall && callId !== undefined
        ? html`<div class="buttons" role="group" aria-label="From now on">
            <span class="help" aria-hidden="true">From now on:</span>
            ${button('allow', 'pass', 'Allow…')} ${button('deny', 'error', 'Deny…')} ${button('ask', 'question', 'Ask…')}
          </div>`
        : nothing
    }`;
}

function namesFile(args: Readonly<Record<string, unknown>>): boolean {
  return ['file_path', 'notebook_path'].some((name) => typeof args[name] === 'string');
}
