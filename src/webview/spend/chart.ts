import uPlot from 'uplot';
import { usdText } from '../../engine/spend/spend-text.ts';
import { stacked, type ChartData } from './chart-data.ts';
import { drawLimits } from './limit-lines.ts';
import { paintOf, themeColour } from './paint.ts';
import { stepText } from './step-text.ts';

const height = 220;

/** The chart: made anew when its shape, its series or the theme change, else fed with new numbers. */
export class Chart {
  readonly host: HTMLElement;
  readonly #hover: (step: number | undefined) => void;
  readonly #resized: ResizeObserver;
  #plot: uPlot | undefined;
  #made = '';
  #data: ChartData | undefined;

  /** `hover` hears which step the pointer is on. */
  constructor(host: HTMLElement, hover: (step: number | undefined) => void) {
    this.host = host;
    this.#hover = hover;
    this.#resized = new ResizeObserver(() => this.#plot?.setSize({ width: this.#width, height }));
    this.#resized.observe(host);
  }

  draw(data: ChartData): void {
    this.#data = data;
    const identity = JSON.stringify([
      data.shape,
      data.step,
      data.from,
      data.starts,
      data.series.map(({ key }) => key),
      themeOf(document.body),
    ]);
    if (this.#plot === undefined || identity !== this.#made) this.#make(data, identity);
    else this.#plot.setData(columns(data));
  }

  close(): void {
    this.#resized.disconnect();
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  get #width(): number {
    return Math.max(200, this.host.clientWidth);
  }

  #make(data: ChartData, identity: string): void {
    this.#plot?.destroy();
    this.#made = identity;
    this.#plot = new uPlot(this.#options(data), columns(data), this.host);
  }

  #options(data: ChartData): uPlot.Options {
    const length = data.step === 'hour' ? 3_600 : 86_400;
    return {
      width: this.#width,
      height,
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { show: false }, y: false },
      scales: {
        x: { time: true, range: () => edges(data, length) },
        y: { range: (_, __, most) => [0, top(most, this.#data)] },
      },
      axes: [timeAxis(data.step, length), moneyAxis()],
      series: [{}, ...seriesOf(data)],
      hooks: {
        setCursor: [(plot) => this.#hover(plot.cursor.idx ?? undefined)],
        draw: [(plot) => drawLimits(plot, this.#data?.limits ?? [])],
      },
    };
  }
}

/** uPlot paints later series over earlier ones: the highest of the stack comes first. */
function columns(data: ChartData): uPlot.AlignedData {
  const heights = stacked(data).map((values) => [...values]);
  return [[...data.starts], ...heights.toReversed()];
}

function seriesOf({ series, shape }: ChartData): uPlot.Series[] {
  const bars = uPlot.paths.bars?.({ size: [0.8, 60] });
  return series
    .map(({ label }, n) => ({
      label,
      stroke: () => themeColour('editor-background'),
      fill: (plot: uPlot) => paintOf(n, plot.ctx).fill,
      width: 1,
      points: { show: false },
      ...(shape === 'steps' && bars ? { paths: bars } : {}),
    }))
    .toReversed();
}

function edges({ from, starts }: ChartData, length: number): [number, number] {
  return [from - length / 2, (starts.at(-1) ?? from) + length / 2];
}

/** A limit far above everything would press the bars into the ground: it is drawn when it comes near. */
function top(most: number | null, data: ChartData | undefined): number {
  const highest = Math.max(most ?? 0, 0.0001);
  const near = (data?.limits ?? []).map(({ usd }) => usd).filter((usd) => usd <= highest * 4);
  return Math.max(highest, ...near) * 1.1;
}

function timeAxis(step: ChartData['step'], length: number): uPlot.Axis {
  return {
    ...colours(),
    font: font(),
    grid: { show: false },
    size: 34,
    incrs: (step === 'hour' ? [1, 2, 3, 6, 12] : [1, 2, 7, 14]).map((count) => count * length),
    values: (_, splits) => splits.map((at) => stepText(at * 1_000, step)),
  };
}

function moneyAxis(): uPlot.Axis {
  return {
    ...colours(),
    font: font(),
    grid: { stroke: () => themeColour('charts-lines'), width: 1, dash: [2, 4] },
    size: 68,
    values: (_, splits) => splits.map(usdText),
  };
}

function colours(): Pick<uPlot.Axis, 'stroke' | 'ticks'> {
  return { stroke: () => themeColour('charts-foreground'), ticks: { stroke: () => themeColour('charts-lines'), width: 1 } };
}

/** A canvas does not inherit the page's font. */
function font(): string {
  const { fontFamily } = getComputedStyle(document.body);
  return `11px ${fontFamily}`;
}

function themeOf({ dataset, className }: HTMLElement): string {
  return `${dataset['vscodeThemeId'] ?? ''} ${className}`;
}
