import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults, Result } from 'axe-core';
import type { Frame } from 'playwright-core';

/** What axe-core objects to in the document of a frame, in the part below a selector. */
export async function accessibilityFaults(frame: Frame, below = 'html'): Promise<readonly Result[]> {
  await frame.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  const background = frame.parentFrame() === null ? undefined : await backgroundOf(frame);
  await frame.evaluate((color) => (document.documentElement.style.background = color ?? ''), background);
  const options = { iframes: false, resultTypes: ['violations'] };
  const run = `axe.run(${JSON.stringify(below)}, ${JSON.stringify(options)})`;
  const { violations } = await frame.evaluate<AxeResults>(run);
  await frame.evaluate(() => (document.documentElement.style.background = ''));
  return violations;
}

// A webview is transparent. Looking at it alone, axe takes the paper for white, and light text on it for a fault.
async function backgroundOf(frame: Frame): Promise<string | undefined> {
  const box = await (await frame.frameElement()).boundingBox();
  if (!box) return undefined;
  const center = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  return await frame.page().evaluate(({ x, y }) => {
    const colors = document.elementsFromPoint(x, y).map((element) => getComputedStyle(element).backgroundColor);
    return colors.find((color) => color !== 'rgba(0, 0, 0, 0)' && color !== 'transparent');
  }, center);
}
