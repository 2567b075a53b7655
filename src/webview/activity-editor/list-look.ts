import { css } from 'lit';
import { sheet } from '../look.ts';

export const listLook = sheet(
  css`
    .list {
      flex: 1;
      overflow: auto;
      /* The rows are moved by us when newer ones come. */
      overflow-anchor: none;
      position: relative;
    }
    .list:focus-visible {
      outline: none;
    }
    .all {
      overflow: hidden;
      position: relative;
    }
    .window {
      left: 0;
      position: absolute;
      right: 0;
      top: 0;
    }
    .head {
      background: var(--vscode-editor-background);
      color: var(--vscode-descriptionForeground);
      position: sticky;
      top: 0;
      z-index: 2;
    }
    .head .row {
      border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
      box-sizing: border-box;
    }
    .row {
      align-items: center;
      display: grid;
      gap: 12px;
      grid-template-columns: 120px 140px 120px minmax(0, 3fr) minmax(0, 1fr) 110px;
      height: 22px;
      padding: 0 12px;
      white-space: nowrap;
    }
    .row > * {
      overflow: hidden;
      text-overflow: ellipsis;
    }
    .window .row {
      cursor: pointer;
    }
    .window .row:hover {
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
      outline: 1px solid var(--vscode-list-focusOutline, var(--vscode-contrastActiveBorder, transparent));
    }
    .row .time {
      font-variant-numeric: tabular-nums;
    }
    .window .time,
    .window .rule,
    .window .by,
    .loading .what {
      color: var(--vscode-descriptionForeground);
    }
    .row[aria-selected='true'] > *,
    .list:focus .row[aria-selected='true'] .codicon {
      color: inherit;
    }
    .what {
      align-items: center;
      display: flex;
      gap: 6px;
    }
    .window .subject,
    .window .rule {
      font-family: var(--vscode-editor-font-family);
      font-size: var(--vscode-editor-font-size);
    }
    .codicon[class*='codicon-'].bad {
      color: var(--vscode-errorForeground);
    }
    .codicon[class*='codicon-'].asked {
      color: var(--vscode-editorWarning-foreground);
    }
    .codicon[class*='codicon-'].good {
      color: var(--vscode-testing-iconPassed);
    }
    /* In a narrow list the columns that tell least give way. */
    .entries {
      container-type: inline-size;
    }
    @container (max-width: 1000px) {
      .row {
        grid-template-columns: 120px 130px 100px minmax(0, 1fr);
      }
      .row .rule,
      .row .by {
        display: none;
      }
    }
    @container (max-width: 560px) {
      .row {
        grid-template-columns: 64px 110px minmax(0, 1fr);
      }
      .row .tool {
        display: none;
      }
    }
  `.styleSheet,
);
