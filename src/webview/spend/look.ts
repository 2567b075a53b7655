import { css } from 'lit';
import { sheet } from '../look.ts';

export const look = sheet(
  css`
    main {
      display: grid;
      gap: 16px;
      grid-template-columns: minmax(0, 1fr);
      margin: 0 auto;
      max-width: 1100px;
      padding: 12px 16px 32px;
    }
    main > *,
    section {
      min-width: 0;
    }
    h2 {
      font-size: inherit;
      font-weight: 600;
    }
    .toolbar,
    .heading {
      align-items: center;
      display: flex;
      flex-wrap: wrap;
      gap: 8px 12px;
    }
    .heading {
      justify-content: space-between;
    }
    .toolbar .rest {
      flex: 1;
    }
    .choices {
      border: 1px solid var(--vscode-dropdown-border, var(--vscode-contrastBorder, transparent));
      display: inline-flex;
      flex-wrap: wrap;
    }
    button {
      font: inherit;
    }
    .choice {
      background: var(--vscode-dropdown-background);
      border: 0;
      color: var(--vscode-dropdown-foreground);
      cursor: pointer;
      padding: 3px 10px;
    }
    .choice:hover {
      outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
      outline-offset: -2px;
    }
    .choice[aria-pressed='true'] {
      background: var(--vscode-button-background);
      color: var(--vscode-button-foreground);
      outline: 1px solid var(--vscode-contrastActiveBorder, transparent);
      outline-offset: -2px;
    }
    .choice:focus-visible {
      outline: 1px solid var(--vscode-focusBorder);
      outline-offset: 1px;
    }
    select {
      background: var(--vscode-dropdown-background);
      border: 1px solid var(--vscode-dropdown-border, var(--vscode-contrastBorder, transparent));
      color: var(--vscode-dropdown-foreground);
      font: inherit;
      padding: 2px;
    }
    .chip {
      align-items: center;
      background: var(--vscode-badge-background);
      border: 1px solid var(--vscode-contrastBorder, transparent);
      color: var(--vscode-badge-foreground);
      display: inline-flex;
      gap: 4px;
      padding: 1px 4px 1px 8px;
    }
    .chip .codicon[class*='codicon-'] {
      color: inherit;
    }
    .plain,
    .link {
      background: none;
      border: 0;
      color: inherit;
      cursor: pointer;
      padding: 0;
    }
    .link {
      color: var(--vscode-textLink-foreground);
      text-decoration: underline;
    }
    .overview {
      display: grid;
      gap: 4px;
    }
    .total strong {
      display: inline-block;
      font-size: 2em;
      font-weight: 600;
      font-variant-numeric: tabular-nums;
    }
    .total strong::first-letter {
      text-transform: uppercase;
    }
    .parts,
    .detail,
    .hovered,
    .total span,
    .waiting {
      color: var(--vscode-descriptionForeground);
    }
    .indexing {
      align-items: center;
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
    }
    progress {
      accent-color: var(--vscode-progressBar-background);
    }
    /* The browser's own is green, whatever the theme. */
    meter {
      height: 10px;
      position: relative;
      top: 3px;
      width: 60px;
    }
    meter::-webkit-meter-inner-element {
      display: block;
    }
    meter::-webkit-meter-bar {
      background: var(--vscode-editorWidget-background);
      border: 1px solid var(--vscode-contrastBorder, var(--vscode-editorWidget-border, transparent));
      border-radius: 0;
      box-sizing: border-box;
      height: 10px;
    }
    meter::-webkit-meter-optimum-value {
      background: var(--vscode-charts-blue);
    }
    .over meter::-webkit-meter-optimum-value {
      background: var(--vscode-errorForeground);
    }
    .near meter::-webkit-meter-optimum-value {
      background: var(--vscode-editorWarning-foreground);
    }
    .unpriced {
      display: grid;
      gap: 4px;
      margin-top: 4px;
    }
    .unpriced li {
      align-items: center;
      display: flex;
      gap: 8px;
    }
    .unpriced vscode-button {
      flex: none;
    }
    .unpriced .codicon[class*='codicon-'] {
      color: var(--vscode-editorWarning-foreground);
    }
    .over-time {
      display: grid;
      gap: 6px;
      grid-template-columns: minmax(0, 1fr);
    }
    .chart {
      min-height: 220px;
      overflow: hidden;
    }
    .legend {
      display: flex;
      flex-wrap: wrap;
      gap: 2px 14px;
    }
    .legend li {
      align-items: center;
      display: flex;
      gap: 6px;
    }
    .legend canvas {
      outline: 1px solid var(--vscode-contrastBorder, transparent);
    }
    .value,
    .hovered {
      font-variant-numeric: tabular-nums;
    }
    .hovered {
      min-height: 1.4em;
    }
    summary {
      cursor: pointer;
    }
    .wide {
      overflow-x: auto;
    }
    table {
      border-collapse: collapse;
      font-variant-numeric: tabular-nums;
      width: 100%;
    }
    th,
    td {
      border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
      font-weight: normal;
      padding: 4px 8px;
      text-align: left;
      vertical-align: top;
    }
    thead th {
      color: var(--vscode-descriptionForeground);
      white-space: nowrap;
    }
    thead .plain {
      color: inherit;
    }
    thead .codicon[class*='codicon-'] {
      color: inherit;
      font-size: 12px;
      margin-left: 2px;
      vertical-align: middle;
    }
    tbody th,
    .budgets td:not(.number) {
      min-width: 8em;
    }
    .number {
      text-align: right;
    }
    td.number {
      white-space: nowrap;
    }
    tbody tr:hover {
      background: var(--vscode-list-hoverBackground);
      outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
      outline-offset: -1px;
    }
    .detail {
      display: block;
      font-size: 0.92em;
      white-space: normal;
    }
    .over td.number:nth-of-type(2),
    .over .name {
      color: var(--vscode-errorForeground);
    }
    @media (max-width: 620px) {
      .share,
      .last {
        display: none;
      }
      .rows th,
      .rows td {
        padding: 4px;
      }
      .rows td.number {
        white-space: normal;
      }
    }
  `.styleSheet,
);
