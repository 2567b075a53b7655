import type { Findings } from './findings.ts';
import { rowAfter } from './keys.ts';
import { barAt, claimedHeight, lastOffset, offsetAfter, offsetShowing, type Rows, rowHeight, rowsAt } from './scroll-range.ts';

/**
 * The list's element as it is drawn: where it stands, and the row that the keyboard is on. What the browser would have to lay the page
 * out for, right after drawing, is not asked: that would cost more than the drawing.
 */
export class ListView {
  readonly #root: HTMLElement;
  readonly #findings: Findings;
  readonly #resized: ResizeObserver;
  #element: HTMLElement | null = null;
  /** Pixels of a list as high as it really is. */
  #offset = 0;
  /** Where the scroll bar stands, and how much of the list is in sight. */
  #bar = 0;
  #view = 0;
  /** The person moved the bar last: where it stands is right, also where a longer list would have it a little elsewhere. */
  #isTheirs = false;
  #rows = 0;
  /** The place of the row that the keyboard is on: it stays on its entry while newer ones come. `undefined`: on the newest. */
  #active: number | undefined;

  constructor(root: HTMLElement, findings: Findings, redraw: () => void) {
    this.#root = root;
    this.#findings = findings;
    this.#resized = new ResizeObserver(() => {
      if (this.#look()) redraw();
    });
  }

  get active(): number {
    const row = this.#active === undefined ? 0 : this.#findings.rowOf(this.#active);
    return Math.max(0, Math.min(row, this.#findings.count - 1));
  }

  reset(): void {
    this.#offset = 0;
    this.#isTheirs = false;
    this.#active = undefined;
  }

  /** The rows to draw; asks for those that are not here. */
  measure(): Rows {
    this.#findings.show(this.#needed(), this.#offset < rowHeight);
    this.#offset = Math.min(this.#offset, lastOffset(this.#findings.count, this.#view));
    return this.#needed();
  }

  /** After drawing: brings the elements to where the list stands. Whether other rows are in sight than those drawn. */
  settle(drawn: Rows): boolean {
    this.#find();
    const list = this.#element;
    const all = list?.querySelector<HTMLElement>('.all');
    const rows = all?.querySelector<HTMLElement>('.window');
    if (!list || !all || !rows) return false;
    const { count } = this.#findings;
    if (this.#rows !== count) all.style.height = `${claimedHeight(count)}px`;
    this.#rows = count;
    const bar = barAt(this.#offset, count, this.#view);
    if (!this.#isTheirs && Math.abs(this.#bar - bar) >= 1) {
      list.scrollTop = bar;
      this.#bar = bar;
    }
    // Not a transform: that is only exact up to a pixel so far down.
    rows.style.top = `${this.#bar - this.#offset + drawn.first * rowHeight}px`;
    const needed = this.#needed();
    return needed.first !== drawn.first || needed.end !== drawn.end;
  }

  /** The person, or we, moved the bar. Whether there is anything to draw. */
  scrolled(): boolean {
    const now = this.#element?.scrollTop ?? 0;
    if (Math.abs(now - this.#bar) < 1) return false;
    this.#offset = offsetAfter({ before: this.#bar, now }, this.#offset, this.#findings.count, this.#view);
    this.#bar = now;
    this.#isTheirs = true;
    return true;
  }

  /** Whether it was a key that moves. */
  key(key: string): boolean {
    const view = Math.floor(this.#view / rowHeight);
    const to = rowAfter(key, { active: this.active, count: this.#findings.count, view });
    if (to === undefined) return false;
    this.moveTo(to);
    return true;
  }

  moveTo(row: number): void {
    this.#active = this.#findings.placeOf(row);
    const offset = offsetShowing(row, this.#offset, this.#view);
    if (offset !== this.#offset) this.#isTheirs = false;
    this.#offset = offset;
  }

  focus(): void {
    this.#element?.focus();
  }

  #needed(): Rows {
    return rowsAt(this.#offset, this.#view, this.#findings.count);
  }

  /** The list comes and goes with what is found: a new element stands at its top. */
  #find(): void {
    const found = this.#root.querySelector<HTMLElement>('.list');
    if (found === this.#element) return;
    this.#resized.disconnect();
    this.#element = found;
    this.#bar = 0;
    this.#rows = 0;
    if (!found) return;
    this.#resized.observe(found);
    this.#look();
  }

  /** Without the line of headings, which stays on top. Whether it has changed. */
  #look(): boolean {
    const view = Math.max(rowHeight, (this.#element?.clientHeight ?? 0) - rowHeight);
    const hasChanged = view !== this.#view;
    this.#view = view;
    return hasChanged;
  }
}
