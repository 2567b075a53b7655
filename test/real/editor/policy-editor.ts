import type { Locator, Page } from 'playwright-core';
import { until } from '../../lab/editor/until.ts';
import type { EditorWindow } from '../../lab/editor/window.ts';

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
}

/** A text editor of the window, and what a person does in it. */
export class PolicyEditor {
  readonly #page: Page;

  constructor(window: EditorWindow) {
    this.#page = window.page;
  }

  /** Opens a file of the folder by its name. */
  async open(file: string): Promise<void> {
    await this.#quickly(file, `.monaco-list-row[aria-label*="${file}"]`);
    await this.#page.locator(`.tab.active[aria-label^="${file}"]`).waitFor();
    await this.#page.locator('.editor-instance .view-line').first().waitFor();
  }

  /** Puts the cursor behind a text that is in sight once; `before` puts it in front. */
  async goTo(text: string, where: 'before' | 'behind' = 'behind'): Promise<void> {
    const box = await this.#boxOf(text);
    const x = where === 'behind' ? box.right : box.left;
    // Between two characters a click may fall to either side: half a pixel to the inside is certain.
    await this.#page.mouse.click(x + (where === 'behind' ? -0.5 : 0.5), box.top + 5);
  }

  async type(text: string): Promise<void> {
    await this.#page.keyboard.type(text);
  }

  async press(key: string): Promise<void> {
    await this.#page.keyboard.press(key);
  }

  /** Waits until a problem is underlined exactly as far as the text goes; throws where it never is. */
  async isUnderlined(text: string, kind: 'error' | 'hint' = 'error'): Promise<true> {
    let seen = '';
    return await until<true>(`"${text}" to be underlined`, async () => {
      const [wanted, found] = [await this.#boxOf(text), await this.#boxes(`.squiggly-${kind}`)];
      seen = JSON.stringify([wanted, found]);
      // Of a hint, only the beginning is marked.
      const ends = (right: number): boolean => kind === 'hint' || near(right, wanted.right);
      const isThere = found.some(({ left, right, top }) => near(left, wanted.left) && ends(right) && Math.abs(top - wanted.top) < 10);
      return isThere || undefined;
    }).catch((cause: unknown) => {
      throw new Error(`"${text}" was not underlined: ${seen}`, { cause });
    });
  }

  /** How many errors are underlined. */
  async underlined(): Promise<number> {
    return await this.#page.locator('.editor-instance .squiggly-error').count();
  }

  async isClean(): Promise<void> {
    await this.#page.locator('.squiggly-error').first().waitFor({ state: 'detached' });
  }

  /** What is offered, as a screen reader says it. */
  async offered(): Promise<readonly string[]> {
    const rows = this.#page.locator('.suggest-widget.visible .monaco-list-row');
    await rows.first().waitFor();
    return await rows.evaluateAll((found) => found.map((row) => row.getAttribute('aria-label') ?? ''));
  }

  suggestion(text: string | RegExp): Locator {
    return this.#page.locator('.suggest-widget.visible .monaco-list-row', { hasText: text });
  }

  async suggest(): Promise<void> {
    await this.#page.keyboard.press('Control+Space');
    await this.#page.locator('.suggest-widget.visible .monaco-list-row').first().waitFor();
  }

  /** What is shown while the mouse rests on a text. */
  async hover(text: string): Promise<string> {
    const box = await this.#boxOf(text);
    const shown = this.#page.locator('.monaco-editor .monaco-hover:not(.hidden), .monaco-resizable-hover .monaco-hover').first();
    await this.#page.mouse.move(box.left + 2, box.top + 40);
    await this.#page.mouse.move((box.left + box.right) / 2, box.top + 6);
    await shown.waitFor();
    return await until('the help to be there', async () => {
      const said = (await shown.innerText()).replaceAll('\u00a0', ' ');
      return said !== '' && !said.startsWith('Loading') && said;
    });
  }

  /** Waits until the visible text has something in it; throws with the text where it never has. */
  async holds(part: string | RegExp): Promise<true> {
    let text = '';
    return await until<true>(`the editor to hold ${String(part)}`, async () => {
      text = await this.#text();
      return (typeof part === 'string' ? text.includes(part) : part.test(text)) || undefined;
    }).catch((cause: unknown) => {
      throw new Error(`The editor never held ${String(part)}, but: ${text}`, { cause });
    });
  }

  async #text(): Promise<string> {
    const lines = this.#page.locator('.editor-instance .view-line');
    const found = await lines.evaluateAll((all) =>
      all
        .map((line) => ({ top: line.getBoundingClientRect().top, text: line.textContent ?? '' }))
        .toSorted((a, b) => a.top - b.top)
        .map(({ text }) => text),
    );
    return found.join('\n').replaceAll('\u00a0', ' ');
  }

  async #quickly(input: string, row: string): Promise<void> {
    const field = this.#page.locator('.quick-input-widget input.input');
    await until(`the file "${input}"`, async () => {
      await this.#page.keyboard.press('Control+P');
      await field.fill(input, { timeout: 1000 }).catch(() => undefined);
      const first = this.#page.locator(`.quick-input-widget ${row}`).first();
      return await first.click({ timeout: 2000 }).then(
        () => true,
        () => false,
      );
    });
  }

  async #boxes(selector: string): Promise<readonly Box[]> {
    return await this.#page.locator(`.editor-instance ${selector}`).evaluateAll((all) =>
      all.map((one) => {
        const { left, right, top } = one.getBoundingClientRect();
        return { left, right, top };
      }),
    );
  }

  async #boxOf(text: string): Promise<Box> {
    const found = await until(`"${text}" to be in sight`, async () => (await this.#page.evaluate(findText, text)) ?? undefined);
    return found;
  }
}

/** In the page: where the text is that stands in one line of an editor. */
function findText(text: string): Box | null {
  for (const line of document.querySelectorAll('.editor-instance .view-line')) {
    const whole = (line.textContent ?? '').replaceAll('\u00a0', ' ');
    const at = whole.indexOf(text);
    if (at < 0) continue;
    const range = document.createRange();
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    let passed = 0;
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const length = node.textContent?.length ?? 0;
      if (at >= passed && at < passed + length) range.setStart(node, at - passed);
      const end = at + text.length;
      if (end > passed && end <= passed + length) {
        range.setEnd(node, end - passed);
        const { left, right, top } = range.getBoundingClientRect();
        return { left, right, top };
      }
      passed += length;
    }
  }
  return null;
}

function near(a: number, b: number): boolean {
  return Math.abs(a - b) < 2.5;
}
