import { css } from 'lit';
import { sheet } from '../look.ts';

export const look = sheet(
  css`
    main {
      display: flex;
      flex-direction: column;
      height: 100vh;
    }
    .toolbar {
      align-items: center;
      display: flex;
      gap: 8px;
      padding: 4px 12px 6px;
    }
    select {
      background: var(--vscode-dropdown-background);
      border: 1px solid var(--vscode-dropdown-border, var(--vscode-contrastBorder, transparent));
      color: var(--vscode-dropdown-foreground);
      flex: 1;
      font: inherit;
      max-width: 220px;
      min-width: 0;
      padding: 2px;
    }
    .stale {
      color: var(--vscode-errorForeground);
    }
    .list {
      flex: 1 1 50%;
      min-height: 44px;
      overflow: auto;
      position: relative;
    }
    .spacer {
      display: block;
      position: absolute;
      top: 0;
    }
    .spacer.before {
      position: static;
    }
    .row {
      align-items: center;
      cursor: pointer;
      display: flex;
      gap: 6px;
      height: 22px;
      overflow: hidden;
      padding: 0 12px;
      white-space: nowrap;
    }
    .row:hover {
      background: var(--vscode-list-hoverBackground);
      color: var(--vscode-list-hoverForeground, inherit);
      outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
      outline-offset: -1px;
    }
    .row[aria-selected='true'] {
      background: var(--vscode-list-inactiveSelectionBackground);
      color: var(--vscode-list-inactiveSelectionForeground, inherit);
      outline: 1px solid var(--vscode-contrastActiveBorder, transparent);
      outline-offset: -1px;
    }
    .list:focus .row[aria-selected='true'] {
      background: var(--vscode-list-activeSelectionBackground);
      color: var(--vscode-list-activeSelectionForeground);
    }
    .row .time {
      color: var(--vscode-descriptionForeground);
      font-variant-numeric: tabular-nums;
    }
    .row[aria-selected='true'] .time,
    .list:focus .row[aria-selected='true'] .codicon {
      color: inherit;
    }
    .row .brief {
      display: none;
    }
    /* As wide as a side bar is at first: there the command needs the room. */
    @media (max-width: 380px) {
      .row .brief {
        display: inline;
      }
      .row .exact {
        display: none;
      }
    }
    .row .word {
      flex: none;
    }
    .row .subject {
      font-family: var(--vscode-editor-font-family);
      font-size: var(--vscode-editor-font-size);
      overflow: hidden;
      text-overflow: ellipsis;
    }
    .codicon.bad {
      color: var(--vscode-errorForeground);
    }
    .codicon.asked {
      color: var(--vscode-editorWarning-foreground);
    }
    .codicon.good {
      color: var(--vscode-testing-iconPassed);
    }
    .details {
      border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
      display: grid;
      flex: 1 1 50%;
      gap: 8px;
      align-content: start;
      overflow: auto;
      padding: 8px 12px;
    }
    /* In a low view the entry needs the room more than the list does. */
    @media (max-height: 320px) {
      .list:has(+ .details) {
        flex: 0 0 44px;
      }
    }
    .details header {
      align-items: center;
      display: flex;
      justify-content: space-between;
    }
    h2,
    h3 {
      font-size: inherit;
      font-weight: 600;
      margin: 0;
    }
    .details pre {
      white-space: pre-wrap;
    }
  `.styleSheet,
);
