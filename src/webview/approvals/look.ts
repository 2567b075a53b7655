import { css } from 'lit';
import { sheet } from '../look.ts';

export const look = sheet(
  css`
    .cards,
    article,
    .arguments,
    .answer {
      grid-template-columns: minmax(0, 1fr);
    }
    .cards {
      display: grid;
    }
    article {
      border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
      display: grid;
      gap: 8px;
      padding: 10px 12px;
    }
    article[tabindex='0'] {
      box-shadow: inset 2px 0 0 var(--vscode-focusBorder);
    }
    article header {
      align-items: center;
      display: flex;
      gap: 6px;
    }
    h2 {
      flex: 1;
      font-size: inherit;
      font-weight: 600;
      min-width: 0;
    }
    .time {
      align-items: center;
      display: flex;
      font-variant-numeric: tabular-nums;
      gap: 4px;
    }
    .time.urgent {
      font-weight: 600;
    }
    .time.urgent .codicon {
      color: var(--vscode-errorForeground);
    }
    .arguments {
      display: grid;
      gap: 6px;
    }
    .argument .name {
      color: var(--vscode-descriptionForeground);
      display: flex;
      justify-content: space-between;
      gap: 8px;
    }
    .argument pre {
      background: var(--vscode-textCodeBlock-background);
      border: 1px solid var(--vscode-contrastBorder, var(--vscode-panel-border, transparent));
      max-height: 16em;
      overflow: auto;
      padding: 4px 6px;
      white-space: pre-wrap;
    }
    .change h3 {
      font-size: inherit;
      font-weight: 600;
      margin: 0;
    }
    .change ul,
    .consequences {
      display: grid;
      gap: 4px;
      list-style: disc;
      margin: 4px 0;
      padding-left: 1.4em;
    }
    .change li {
      overflow-wrap: anywhere;
      white-space: pre-wrap;
    }
    .why {
      white-space: pre-wrap;
    }
    .note {
      display: flex;
      gap: 6px;
    }
    .answer {
      display: grid;
      gap: 6px;
      justify-items: start;
    }
    .answer .reason {
      width: 100%;
    }
    .answer .error {
      color: var(--vscode-errorForeground);
      display: flex;
      gap: 6px;
    }
    .answer .error .codicon {
      color: inherit;
    }
    .choice {
      display: grid;
      gap: 6px;
      grid-template-columns: 1fr 1fr;
      justify-self: stretch;
      max-width: 420px;
    }
    .choice vscode-button[data-button='approve-session'] {
      grid-column: 1 / -1;
    }
    .choice.inert {
      opacity: 0.6;
    }
    details dl {
      margin: 4px 0 8px;
    }
    summary {
      color: var(--vscode-descriptionForeground);
      cursor: pointer;
    }
    .help {
      display: flex;
      flex-wrap: wrap;
      gap: 2px 12px;
      padding: 10px 12px;
    }
    kbd {
      background: var(--vscode-keybindingLabel-background);
      border: 1px solid var(--vscode-keybindingLabel-border);
      border-radius: 3px;
      color: var(--vscode-keybindingLabel-foreground);
      font: inherit;
      padding: 0 3px;
    }
  `.styleSheet,
);
