import { css } from 'lit';
import { sheet } from '../look.ts';

export const look = sheet(
  css`
    main {
      display: grid;
      gap: 20px;
      grid-template-columns: minmax(0, 1fr);
      margin: 0 auto;
      max-width: 1200px;
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
    .heading {
      align-items: center;
      display: flex;
      flex-wrap: wrap;
      gap: 8px 12px;
      justify-content: space-between;
    }
    .totals {
      display: grid;
      gap: 4px;
    }
    .wide {
      overflow-x: auto;
    }
    table {
      border-collapse: collapse;
      margin-top: 6px;
      width: 100%;
    }
    th,
    td {
      border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
      font-weight: inherit;
      padding: 4px 12px 4px 0;
      text-align: left;
      vertical-align: top;
    }
    thead th {
      color: var(--vscode-descriptionForeground);
      white-space: nowrap;
    }
    tbody th,
    td:not(.what) {
      white-space: nowrap;
    }
    .number {
      font-variant-numeric: tabular-nums;
      text-align: right;
    }
    .what {
      font-family: var(--vscode-editor-font-family);
      font-size: var(--vscode-editor-font-size);
      min-width: 8em;
      width: 60%;
    }
    .now {
      font-weight: 600;
    }
    .chosen th {
      box-shadow: inset 3px 0 0 var(--vscode-focusBorder);
      font-weight: 600;
      padding-left: 10px;
    }
    .link {
      background: none;
      border: 0;
      color: var(--vscode-textLink-foreground);
      cursor: pointer;
      font: inherit;
      padding: 0;
      text-align: left;
      text-decoration: underline;
    }
  `.styleSheet,
);
