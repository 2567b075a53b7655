import { css } from 'lit';
import { sheet } from '../look.ts';

export const look = sheet(
  css`
    main {
      display: grid;
      gap: 12px;
      grid-template-columns: minmax(0, 1fr);
      margin: 0 auto;
      max-width: 1000px;
      padding: 12px 16px 32px;
    }
    h1,
    h2 {
      font-size: inherit;
      font-weight: 600;
      margin: 0;
    }
    h1 {
      font-size: 1.3em;
    }
    h2 {
      margin-bottom: 4px;
    }
    .fields {
      align-items: baseline;
      display: grid;
      gap: 6px 8px;
      grid-template-columns: max-content minmax(0, 1fr);
    }
    input,
    textarea,
    select {
      background: var(--vscode-input-background);
      border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent));
      border-radius: 2px;
      box-sizing: border-box;
      color: var(--vscode-input-foreground);
      font: inherit;
      padding: 3px 4px;
      width: 100%;
    }
    select {
      background: var(--vscode-dropdown-background);
      border-color: var(--vscode-dropdown-border, var(--vscode-contrastBorder, transparent));
      color: var(--vscode-dropdown-foreground);
      justify-self: start;
      width: auto;
    }
    textarea {
      display: block;
      font-family: var(--vscode-editor-font-family);
      font-size: var(--vscode-editor-font-size);
      resize: vertical;
    }
    ::placeholder {
      color: var(--vscode-input-placeholderForeground);
    }
    .recorded {
      background: var(--vscode-textCodeBlock-background);
      border: 1px solid var(--vscode-contrastBorder, transparent);
      margin-top: 4px;
      padding: 4px 6px;
      white-space: pre-wrap;
    }
    .answer {
      display: grid;
      gap: 16px;
      grid-template-columns: minmax(0, 1fr);
    }
    .empty {
      padding: 4px 0;
    }
    .banner {
      border: 0;
      padding: 4px 0;
    }
    .decision {
      border-left: 3px solid var(--vscode-panel-border, var(--vscode-contrastBorder, currentColor));
      display: grid;
      gap: 4px;
      padding-left: 10px;
    }
    .badge {
      align-items: center;
      display: inline-flex;
      font-size: 1.15em;
      font-weight: 600;
      gap: 4px;
      margin-right: 8px;
    }
    .codicon.bad,
    .bad > .mark {
      color: var(--vscode-errorForeground);
    }
    .codicon.asked,
    .asked > .mark {
      color: var(--vscode-editorWarning-foreground);
    }
    .codicon.good,
    .good > .mark {
      color: var(--vscode-testing-iconPassed, var(--vscode-icon-foreground));
    }
    .line {
      align-items: start;
      cursor: pointer;
      display: flex;
      gap: 4px;
      padding: 2px 4px;
    }
    .line .codicon {
      flex: none;
      margin-top: 1px;
    }
    .line:hover {
      background: var(--vscode-list-hoverBackground);
      outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
      outline-offset: -1px;
    }
    .line:focus-visible {
      outline: 1px solid var(--vscode-focusBorder);
    }
    .level-1 > .what > .text {
      font-weight: 600;
    }
    .level-2 {
      padding-left: 20px;
    }
    .level-3 {
      padding-left: 40px;
    }
    .text {
      font-family: var(--vscode-editor-font-family);
      font-size: var(--vscode-editor-font-size);
    }
    .note {
      color: var(--vscode-descriptionForeground);
    }
    .link {
      background: none;
      border: 0;
      color: var(--vscode-textLink-foreground);
      cursor: pointer;
      padding: 0;
      text-align: left;
      text-decoration: underline;
    }
    /* One below the other: lines would be all that one sees. */
    .line:not(:hover, :focus) .link {
      text-decoration: none;
    }
    button.link {
      font: inherit;
    }
  `.styleSheet,
);
