import { css } from 'lit';
import { sheet } from '../look.ts';

export const detailsLook = sheet(
  css`
    .splitter {
      background: var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
      cursor: ns-resize;
      flex: none;
      height: 1px;
      outline-offset: 0;
      position: relative;
      touch-action: none;
      z-index: 2;
    }
    /* Easier to grab than it looks. */
    .splitter::after {
      content: '';
      inset: -4px;
      position: absolute;
    }
    .splitter:hover,
    .splitter:focus-visible {
      background: var(--vscode-sash-hoverBorder, var(--vscode-focusBorder));
      outline: 1px solid var(--vscode-sash-hoverBorder, var(--vscode-focusBorder));
    }
    .details {
      box-sizing: border-box;
      display: flex;
      flex: none;
      flex-direction: column;
      gap: 8px;
      height: min(var(--details-height), calc(100vh - 200px));
      overflow: auto;
      padding: 8px 16px 16px;
    }
    @media (min-width: 900px) {
      .panes {
        flex-direction: row;
      }
      .splitter {
        cursor: ew-resize;
        height: auto;
        width: 1px;
      }
      .details {
        height: auto;
        width: min(var(--details-width), calc(100vw - 320px));
      }
    }
    .details > * {
      flex: none;
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
    h2 {
      font-size: 1.1em;
    }
    h2::first-letter {
      text-transform: uppercase;
    }
    .details h3 {
      border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
      margin-top: 4px;
      padding-top: 8px;
    }
    .details .buttons {
      align-items: center;
      margin: 0;
    }
    .details pre,
    .diff {
      background: var(--vscode-textCodeBlock-background);
      border: 1px solid var(--vscode-contrastBorder, var(--vscode-panel-border, transparent));
      max-height: 24em;
      overflow: auto;
      padding: 4px 6px;
      white-space: pre-wrap;
    }
    .diff {
      font-family: var(--vscode-editor-font-family);
      font-size: var(--vscode-editor-font-size);
      padding: 4px 0;
      white-space: normal;
    }
    .diff > div {
      display: flex;
      padding: 0 6px;
    }
    .diff .sign {
      flex: none;
      user-select: none;
      width: 1.5em;
    }
    .diff .text {
      min-width: 0;
      white-space: pre-wrap;
    }
    .diff .added {
      background: var(--vscode-diffEditor-insertedLineBackground, transparent);
    }
    .diff .removed {
      background: var(--vscode-diffEditor-removedLineBackground, transparent);
    }
    .diff .gap {
      color: var(--vscode-descriptionForeground);
    }
    .why {
      white-space: pre-wrap;
    }
    .notice,
    .proof {
      display: flex;
      gap: 6px;
    }
    .decider {
      display: grid;
      gap: 4px;
      grid-template-columns: minmax(0, 1fr);
      justify-items: start;
    }
    .decider pre {
      justify-self: stretch;
    }
    .related {
      display: grid;
      gap: 2px;
    }
  `.styleSheet,
);
