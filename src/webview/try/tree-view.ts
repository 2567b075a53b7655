import { html, nothing, type TemplateResult } from 'lit';
import { agentText } from '../text.ts';
import type { TreeLine } from './tree-lines.ts';
import type { Events } from './view.ts';

/** Every document and rule, each with what it asks of the call. */
export function treeView(lines: readonly TreeLine[], current: string, on: Events): TemplateResult {
  const focused = lines.some(({ node }) => node.id === current) ? current : lines[0]?.node.id;
  return html`<div class="tree" role="tree" aria-label="Documents, rules and what they ask" @keydown=${on.treeKey}>
    ${lines.map((line) => oneLine(line, line.node.id === focused, on))}
  </div>`;
}

function oneLine(line: TreeLine, isFocused: boolean, on: Events): TemplateResult {
  const { node, level, place, of, isOpen } = line;
  const hasChildren = node.children.length > 0;
  return html`<div
    class="line level-${level} ${node.tone}"
    role="treeitem"
    data-id=${node.id}
    tabindex=${isFocused ? 0 : -1}
    aria-level=${level}
    aria-posinset=${place}
    aria-setsize=${of}
    aria-expanded=${hasChildren ? (isOpen ? 'true' : 'false') : nothing}
    @focus=${() => on.current(node.id)}
    @click=${() => on.toggle(line)}
  >
    <span
      class="codicon ${hasChildren ? (isOpen ? 'codicon-chevron-down' : 'codicon-chevron-right') : 'codicon-blank'}"
      aria-hidden="true"
    ></span>
    <span class="mark codicon codicon-${node.icon}" aria-hidden="true"></span>
    <span class="what"
      >${
        node.place === undefined
          ? html`<span class="text">${agentText(node.text)}</span>`
          : html`<span class="text link" title="Open it in its policy (Enter)" @click=${(event: Event) => on.open(event, line)}
              >${agentText(node.text)}</span
            >`
      } <span class="word">${node.word}</span>${node.note === '' ? nothing : html`<span class="note"> ${agentText(node.note)}</span>`}</span
    >
  </div>`;
}
