import { css } from 'lit';

/** What both panels look like. Only the editor's colours, so that every theme, high contrast included, is its own. */
export const base = sheet(
  css`
    body {
      color: var(--vscode-foreground);
      font-family: var(--vscode-font-family);
      font-size: var(--vscode-font-size);
      line-height: 1.4;
      margin: 0;
      overflow-wrap: anywhere;
      padding: 0;
    }
    p,
    dl,
    dd,
    ul,
    h2,
    pre {
      margin: 0;
      padding: 0;
    }
    ul {
      list-style: none;
    }
    code,
    pre,
    .path {
      font-family: var(--vscode-editor-font-family);
      font-size: var(--vscode-editor-font-size);
    }
    dl {
      display: grid;
      gap: 2px 8px;
      /* A name may be an agent's, and long: it wraps, and never pushes what stands beside or below it out of sight. */
      grid-template-columns: fit-content(40%) minmax(0, 1fr);
    }
    dt,
    dd {
      min-width: 0;
      overflow-wrap: anywhere;
    }
    dt,
    .layer,
    .size,
    .origin,
    .help {
      color: var(--vscode-descriptionForeground);
    }
    .invisible {
      border: 1px solid var(--vscode-contrastBorder, transparent);
      background: var(--vscode-inputValidation-warningBackground);
      color: var(--vscode-inputValidation-warningForeground, var(--vscode-foreground));
      outline: 1px solid var(--vscode-inputValidation-warningBorder);
      outline-offset: -1px;
    }
    mark {
      background: var(--vscode-editor-findMatchHighlightBackground);
      border-bottom: 2px solid var(--vscode-editorWarning-foreground, var(--vscode-contrastActiveBorder, currentColor));
      color: inherit;
    }
    .codicon[class*='codicon-'] {
      color: var(--vscode-icon-foreground);
      font-size: 16px;
    }
    :focus-visible {
      outline: 1px solid var(--vscode-focusBorder);
      outline-offset: -1px;
    }
    .spoken {
      clip-path: inset(50%);
      height: 1px;
      overflow: hidden;
      position: absolute;
      white-space: nowrap;
      width: 1px;
    }
    .buttons {
      display: flex;
      flex-wrap: wrap;
      gap: 6px;
      margin-top: 6px;
    }
    .empty {
      display: grid;
      gap: 8px;
      padding: 12px 16px;
    }
    .banner {
      border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
      display: flex;
      gap: 8px;
      padding: 10px 12px;
    }
    .banner > div {
      display: grid;
      gap: 4px;
      min-width: 0;
    }
    .banner.error > .codicon {
      color: var(--vscode-errorForeground);
    }
    .banner.warning > .codicon {
      color: var(--vscode-editorWarning-foreground);
    }
  `.styleSheet,
);

/** A browser that renders webviews has constructable style sheets; lit leaves the type open for others. */
export function sheet(style: CSSStyleSheet | undefined): CSSStyleSheet {
  if (!style) throw new Error('This browser has no constructable style sheets.');
  return style;
}
