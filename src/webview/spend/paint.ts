/** What a series is painted with: a colour of the theme and a hatching, since not everybody tells all colours apart. */
export interface Paint {
  readonly colour: string;
  readonly fill: string | CanvasPattern;
}

const colours = ['blue', 'orange', 'green', 'purple', 'yellow', 'red', 'foreground'] as const;

/** Solid, then strokes along these directions: `[x0, y0, x1, y1]` in a tile of eight pixels. */
const hatchings: readonly (readonly (readonly [number, number, number, number])[])[] = [
  [],
  [[-2, 10, 10, -2]],
  [[0, 4, 8, 4]],
  [[-2, -2, 10, 10]],
  [[4, 0, 4, 8]],
  [
    [-2, 10, 10, -2],
    [-2, -2, 10, 10],
  ],
  [[3, 4, 5, 4]],
];

/** The paint of the nth series, as the theme has it now. */
export function paintOf(n: number, context: CanvasRenderingContext2D): Paint {
  const colour = themeColour(`charts-${colours[n % colours.length] ?? 'foreground'}`);
  const strokes = hatchings[n % hatchings.length] ?? [];
  return { colour, fill: strokes.length === 0 ? colour : (context.createPattern(tile(colour, strokes), 'repeat') ?? colour) };
}

/** A colour of the theme by its name without the prefix; the text's colour where the theme has none of that name. */
export function themeColour(name: string): string {
  const style = getComputedStyle(document.documentElement);
  return style.getPropertyValue(`--vscode-${name}`).trim() || style.getPropertyValue('--vscode-foreground').trim() || 'currentColor';
}

const tileSize = 8;

function tile(colour: string, strokes: (typeof hatchings)[number]): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = tileSize;
  canvas.height = tileSize;
  const context = canvas.getContext('2d');
  if (!context) return canvas;
  context.fillStyle = colour;
  context.fillRect(0, 0, tileSize, tileSize);
  context.strokeStyle = themeColour('editor-background');
  context.lineWidth = 1.5;
  for (const [x0, y0, x1, y1] of strokes) {
    context.beginPath();
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
    context.stroke();
  }
  return canvas;
}

/** A sample of a paint for the legend. */
export function swatch(canvas: HTMLCanvasElement, n: number): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  context.fillStyle = paintOf(n, context).fill;
  context.fillRect(0, 0, canvas.width, canvas.height);
}
