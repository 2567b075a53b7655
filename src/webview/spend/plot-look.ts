import { css } from 'lit';
import { sheet } from '../look.ts';

/** What uPlot needs of its own style sheet, in the editor's colours. */
export const plotLook = sheet(
  css`
    .uplot,
    .uplot *,
    .uplot *::before,
    .uplot *::after {
      box-sizing: border-box;
    }
    .u-wrap {
      position: relative;
      user-select: none;
    }
    .u-over,
    .u-under,
    .u-axis,
    .u-select {
      position: absolute;
    }
    .u-under {
      overflow: hidden;
    }
    .uplot canvas {
      display: block;
      height: 100%;
      position: relative;
      width: 100%;
    }
    .u-select {
      pointer-events: none;
    }
    .u-cursor-x,
    .u-cursor-y {
      left: 0;
      pointer-events: none;
      position: absolute;
      top: 0;
    }
    .u-hz .u-cursor-x {
      border-right: 1px dashed var(--vscode-charts-foreground);
      height: 100%;
    }
    .u-off,
    .u-cursor-pt {
      display: none;
    }
  `.styleSheet,
);
