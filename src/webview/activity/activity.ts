import { render } from 'lit';
import type { Editor } from '../editor.ts';
import type { FromActivity, ToActivity } from './messages.ts';
import { page, rowHeight } from './page.ts';
import { RecordList } from './record-list.ts';
import { scrollToRow, visibleRows } from './window.ts';

/** The activity panel: a window onto the log, which grows at its top. */
export class Activity {
  readonly #root: HTMLElement;
  readonly #editor: Editor<FromActivity>;
  readonly #records = new RecordList();
  #link = 'connecting';
  #active = 0;
  /** The sequence number of the entry whose details are open. */
  #open: number | undefined;
  #fetching = false;
  #drawing = false;

  constructor(root: HTMLElement, editor: Editor<FromActivity>) {
    this.#root = root;
    this.#editor = editor;
    window.addEventListener('resize', () => this.#drawSoon());
  }

  receive(message: ToActivity): void {
    switch (message.type) {
      case 'link':
        this.#link = message.link.state;
        break;
      case 'reset':
        this.#fetching = false;
        this.#records.reset(message.records);
        break;
      case 'newer':
        this.#keepPlace(this.#records.addNewer(message.records));
        break;
      case 'older':
        this.#fetching = false;
        this.#records.addOlder(message.records);
        break;
    }
    this.#drawSoon();
  }

  /** Rows came in on top: who reads further down keeps reading the same rows, who is at the top sees the new ones. */
  #keepPlace(added: number): void {
    const list = this.#list;
    if (!list || added === 0 || list.scrollTop < rowHeight) return;
    this.#active += added;
    this.#draw();
    list.scrollTop += added * rowHeight;
  }

  get #list(): HTMLElement | null {
    return this.#root.querySelector<HTMLElement>('.list');
  }

  /** However many messages arrive, one drawing a frame. */
  #drawSoon(): void {
    if (this.#drawing) return;
    this.#drawing = true;
    requestAnimationFrame(() => {
      this.#drawing = false;
      this.#draw();
    });
  }

  #draw(): void {
    const { shown, filter, more } = this.#records;
    const list = this.#list;
    const height = list?.clientHeight ?? window.innerHeight;
    const rows = visibleRows(list?.scrollTop ?? 0, height, rowHeight, shown.length);
    const open = shown.find(({ seq }) => seq === this.#open);
    render(
      page({ link: this.#link, shown, rows, filter, active: Math.min(this.#active, shown.length - 1), open, more }, this.#events),
      this.#root,
    );
    if (rows.end >= shown.length && shown.length > 0) this.#fetchOlder();
    // The list shrinks when details open: what is in sight is only known after drawing.
    if (this.#list && this.#list.clientHeight !== height) this.#drawSoon();
  }

  #fetchOlder(): void {
    const before = this.#records.oldest;
    if (this.#fetching || !this.#records.more || before === undefined || this.#link !== 'governed') return;
    this.#fetching = true;
    this.#editor.post({ type: 'older', before });
  }

  readonly #events = {
    filter: (filter: RecordList['filter']) => {
      this.#records.filterBy(filter);
      this.#active = 0;
      if (this.#list) this.#list.scrollTop = 0;
      this.#draw();
    },
    scroll: () => this.#drawSoon(),
    key: (event: KeyboardEvent) => this.#key(event),
    open: (row: number) => this.#openRow(row),
    close: () => this.#close(),
    older: () => this.#fetchOlder(),
  };

  #openRow(row: number): void {
    this.#active = row;
    this.#open = this.#records.shown[row]?.seq;
    this.#draw();
    // The list has become lower: its row stays in sight.
    this.#moveTo(row);
  }

  #close(): void {
    this.#open = undefined;
    this.#draw();
    this.#list?.focus();
  }

  #key(event: KeyboardEvent): void {
    const last = this.#records.shown.length - 1;
    const aPage = Math.max(1, Math.floor((this.#list?.clientHeight ?? 0) / rowHeight) - 1);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: this.#active + 1,
      j: this.#active + 1,
      ArrowUp: this.#active - 1,
      k: this.#active - 1,
      PageDown: this.#active + aPage,
      PageUp: this.#active - aPage,
      Home: 0,
      End: last,
    };
    const to = moves[event.key];
    if (to === undefined) return this.#keyOnRow(event);
    event.preventDefault();
    this.#moveTo(Math.min(Math.max(to, 0), last));
  }

  #keyOnRow(event: KeyboardEvent): void {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.#openRow(this.#active);
    } else if (event.key === 'Escape') this.#close();
  }

  #moveTo(row: number): void {
    this.#active = row;
    const list = this.#list;
    if (list) list.scrollTop = scrollToRow(row, list.scrollTop, list.clientHeight, rowHeight);
    this.#draw();
  }
}
