import { css } from 'lit';
import { sheet } from '../look.ts';

/** The page and its filters. */
export const look = sheet(
  css`
    main {
      display: flex;
      flex-direction: column;
      height: 100vh;
    }
    /* Check boxes and pickers of dates are the browser's. */
    .vscode-dark main,
    .vscode-high-contrast:not(.vscode-high-contrast-light) main {
      color-scheme: dark;
    }
    button,
    input {
      font: inherit;
    }
    .filters,
    .chips {
      align-items: center;
      display: flex;
      flex-wrap: wrap;
      gap: 6px;
      padding: 8px 12px 4px;
    }
    .chips {
      padding-top: 2px;
    }
    .field {
      align-items: center;
      background: var(--vscode-input-background);
      border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent));
      border-radius: 2px;
      display: flex;
      flex: 1 1 220px;
      gap: 4px;
      max-width: 420px;
      padding: 0 4px;
    }
    .field:focus-within {
      border-color: var(--vscode-focusBorder);
    }
    .field input {
      border: 0;
      flex: 1;
      min-width: 0;
      outline: 0;
    }
    input:not([type='checkbox'], [type='radio']) {
      background: var(--vscode-input-background);
      border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent));
      border-radius: 2px;
      color: var(--vscode-input-foreground);
      padding: 3px 4px;
    }
    .field input[type='search'] {
      border-color: transparent;
    }
    input::placeholder {
      color: var(--vscode-input-placeholderForeground);
    }
    input[type='checkbox'],
    input[type='radio'] {
      accent-color: var(--vscode-button-background);
      margin: 0;
    }
    .menu-button,
    .chip,
    .unseen {
      align-items: center;
      background: var(--vscode-button-secondaryBackground);
      border: 1px solid var(--vscode-button-border, var(--vscode-contrastBorder, transparent));
      border-radius: 2px;
      color: var(--vscode-button-secondaryForeground);
      cursor: pointer;
      display: flex;
      gap: 2px;
      padding: 2px 4px 2px 8px;
    }
    .menu-button:hover,
    .chip:hover,
    .unseen:hover {
      background: var(--vscode-button-secondaryHoverBackground);
      outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
    }
    .menu-button .codicon,
    .chip .codicon,
    .unseen .codicon {
      color: inherit;
      font-size: 14px;
    }
    .chip {
      border-radius: 10px;
      max-width: 340px;
    }
    .chip > span:first-child {
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .clear,
    .link {
      background: none;
      border: 0;
      color: var(--vscode-textLink-foreground);
      cursor: pointer;
      padding: 2px 4px;
      text-decoration: underline;
    }
    .menu {
      background: var(--vscode-menu-background, var(--vscode-editorWidget-background));
      border: 1px solid var(--vscode-menu-border, var(--vscode-contrastBorder, var(--vscode-widget-border, transparent)));
      border-radius: 4px;
      box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
      box-sizing: border-box;
      color: var(--vscode-menu-foreground, var(--vscode-foreground));
      display: grid;
      gap: 6px;
      max-width: min(440px, calc(100vw - 16px));
      min-width: 220px;
      overflow: auto;
      padding: 8px;
      position: fixed;
      z-index: 3;
    }
    .menu .help {
      color: inherit;
    }
    .values label {
      align-items: center;
      cursor: pointer;
      display: flex;
      gap: 6px;
      padding: 2px;
    }
    .values label:hover {
      background: var(--vscode-list-hoverBackground);
      color: var(--vscode-list-hoverForeground, inherit);
    }
    .values .value {
      flex: 1;
    }
    .values .help {
      font-variant-numeric: tabular-nums;
    }
    fieldset {
      border: 0;
      display: grid;
      gap: 4px;
      margin: 0;
      padding: 0;
    }
    fieldset label {
      align-items: center;
      display: flex;
      gap: 6px;
      justify-content: space-between;
    }
    .panes {
      display: flex;
      flex: 1;
      flex-direction: column;
      min-height: 0;
    }
    .entries {
      display: flex;
      flex: 1;
      flex-direction: column;
      min-height: 66px;
      min-width: 0;
    }
    .bar {
      align-items: center;
      display: flex;
      gap: 12px;
      padding: 2px 12px 4px;
    }
    .bar .count {
      color: var(--vscode-descriptionForeground);
      flex: 1;
      font-variant-numeric: tabular-nums;
    }
  `.styleSheet,
);
