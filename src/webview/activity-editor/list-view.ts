import type { Findings } from './findings.ts';
import { rowAfter } from './keys.ts';
import { barAt, claimedHeight, offsetAfter, offsetShowing, type Rows, rowHeight, rowsAt } from './scroll-range.ts';

/** The list's element as it is drawn: where it stands, and the row that the keyboard is on. */
export class ListView {
  readonly #root: HTMLElement;
  readonly #findings: Findings;
  /** Pixels of a list as high as it really is. */
  #offset = 0;
  /** Where the scroll bar stood when we last looked. */
  #bar = 0;
  /** The place of the row that the keyboard is on: it stays on its entry while newer ones come. `undefined`: on the newest. */
  #active: number | undefined;

  constructor(root: HTMLElement, findings: Findings) {
    this.#root = root;
    this.#findings = findings;
  }

  get active(): number {
    const row = this.#active === undefined ? 0 : this.#findings.rowOf(this.#active);
    return Math.max(0, Math.min(row, this.#findings.count - 1));
  }

  reset(): void {
    this.#offset = 0;
    this.#active = undefined;
  }

  /** The rows to draw; asks for those that are not here. */
  measure(): Rows {
    this.#findings.show(rowsAt(this.#offset, this.#view, this.#findings.count), this.#offset < rowHeight);
    this.#offset = Math.min(this.#offset, Math.max(0, this.#findings.count * rowHeight - this.#view));
    return rowsAt(this.#offset, this.#view, this.#findings.count);
  }

  /** After drawing: brings the elements to where the list stands. Whether other rows are in sight than those drawn. */
  settle(drawn: Rows): boolean {
    const list = this.#element;
    const all = list?.querySelector<HTMLElement>('.all');
    const rows = list?.querySelector<HTMLElement>('.window');
    if (!list || !all || !rows) return false;
    const { count } = this.#findings;
    all.style.height = `${claimedHeight(count)}px`;
    const bar = barAt(this.#offset, count, this.#view);
    if (Math.abs(list.scrollTop - bar) >= 1) list.scrollTop = bar;
    this.#bar = list.scrollTop;
    rows.style.transform = `translateY(${this.#bar - this.#offset + drawn.first * rowHeight}px)`;
    const needed = rowsAt(this.#offset, this.#view, count);
    return needed.first !== drawn.first || needed.end !== drawn.end;
  }

  /** The person, or we, moved the bar. Whether there is anything to draw. */
  scrolled(): boolean {
    const list = this.#element;
    if (!list || Math.abs(list.scrollTop - this.#bar) < 0.5) return false;
    this.#offset = offsetAfter({ before: this.#bar, now: list.scrollTop }, this.#offset, this.#findings.count, this.#view);
    this.#bar = list.scrollTop;
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
    this.#offset = offsetShowing(row, this.#offset, this.#view);
  }

  focus(): void {
    this.#element?.focus();
  }

  get #element(): HTMLElement | null {
    return this.#root.querySelector<HTMLElement>('.list');
  }

  /** Without the line of headings, which stays on top. */
  get #view(): number {
    const height = this.#element?.clientHeight ?? window.innerHeight;
    return Math.max(rowHeight, height - rowHeight);
  }
}
