import type uPlot from 'uplot';
import { usdText } from '../../engine/spend/spend-text.ts';
import type { Limit } from './chart-data.ts';
import { themeColour } from './paint.ts';

/** A dashed line for each budget that is in sight, with its name. */
export function drawLimits(plot: uPlot, limits: readonly Limit[]): void {
  const { ctx, bbox, scales } = plot;
  for (const { label, usd } of limits.filter((limit) => limit.usd <= (scales['y']?.max ?? 0))) {
    const y = plot.valToPos(usd, 'y', true);
    ctx.save();
    ctx.strokeStyle = themeColour('charts-red');
    ctx.lineWidth = 1.5 * devicePixelRatio;
    ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.font = `${11 * devicePixelRatio}px ${getComputedStyle(document.body).fontFamily}`;
    drawLabel(ctx, `${label}: ${usdText(usd)}`, bbox.left + 4 * devicePixelRatio, y - 2 * devicePixelRatio);
    ctx.restore();
  }
}

/** On a ground of its own: bars may stand behind it. */
function drawLabel(ctx: CanvasRenderingContext2D, text: string, x: number, y: number): void {
  const pad = 2 * devicePixelRatio;
  const { width, actualBoundingBoxAscent: height } = ctx.measureText(text);
  ctx.textAlign = 'left';
  ctx.textBaseline = 'bottom';
  ctx.fillStyle = themeColour('editor-background');
  ctx.fillRect(x - pad, y - height - 3 * pad, width + 2 * pad, height + 3 * pad);
  ctx.fillStyle = themeColour('charts-foreground');
  ctx.fillText(text, x, y);
}
