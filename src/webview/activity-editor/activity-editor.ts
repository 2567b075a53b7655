import { render } from 'lit';
import type { Facets } from '../../engine/audit/search.ts';
import type { Editor } from '../editor.ts';
import { countText } from './count-text.ts';
import { type Filter, filterOf, isEverything, searchOf } from './filter.ts';
import { Findings } from './findings.ts';
import { ListView } from './list-view.ts';
import { focusMenu, isOutsideMenu, placeMenu, stepInMenu } from './menu-place.ts';
import type { EntryAction, FromActivityEditor, ToActivityEditor } from './messages.ts';
import { OpenEntry } from './open-entry.ts';
import { page } from './page.ts';
import { readSaved, type Saved } from './saved.ts';
import { besides, dragSplitter } from './drag-splitter.ts';
import type { Events, Link, MenuName, View } from './view.ts';

const typingMs = 200;

/** The activity editor: a window onto the whole log, which the governor searches. */
export class ActivityEditor {
  readonly #root: HTMLElement;
  readonly #editor: Editor<FromActivityEditor>;
  readonly #findings: Findings;
  readonly #list: ListView;
  readonly #entry: OpenEntry;
  #saved: Saved;
  #link: Link = { state: 'connecting' };
  #facets: Facets | undefined;
  #facetsError = '';
  #menu: View['menu'];
  #error = '';
  #said = '';
  #typing: number | undefined;
  #drawing = false;

  constructor(root: HTMLElement, editor: Editor<FromActivityEditor>) {
    this.#root = root;
    this.#editor = editor;
    this.#saved = readSaved(editor.kept());
    this.#findings = new Findings(({ search, from, end }) => editor.post({ type: 'rows', search, from, limit: end - from }));
    this.#list = new ListView(root, this.#findings, () => this.#drawSoon());
    this.#entry = new OpenEntry((seq) => editor.post({ type: 'entry', seq }));
    // Before anyone asked for it: the page is painted after one answer.
    this.#size();
    this.#begin();
    this.#drawSoon();
    window.addEventListener('resize', () => this.#drawSoon());
    window.addEventListener('keydown', (event) => this.#anyKey(event));
    window.addEventListener(
      'pointerdown',
      (event) => this.#menu !== undefined && isOutsideMenu(event) && this.#openMenu(undefined, '', false),
    );
  }

  receive(message: ToActivityEditor): void {
    switch (message.type) {
      case 'link':
        this.#link = message.link;
        break;
      case 'reset':
        this.#facets = undefined;
        this.#begin();
        break;
      case 'look':
        this.#show(filterOf(message.search));
        if (message.entry !== undefined) this.#open(message.entry);
        break;
      case 'found':
        if (this.#findings.isOf(message.search)) this.#found(message.state);
        break;
      case 'rows':
        if (this.#findings.isOf(message.search)) this.#findings.arrived(message.from, message.rows);
        break;
      case 'facets':
        this.#facets = message.facets;
        this.#facetsError = '';
        break;
      case 'entry':
        this.#entry.heard(message.details);
        break;
      case 'failed':
        this.#failed(message);
        break;
    }
    this.#drawSoon();
  }

  #begin(): void {
    this.#search();
    this.#entry.open(this.#saved.open);
  }

  #found(state: Parameters<Findings['heard']>[0]): void {
    const wasComplete = this.#findings.state?.isComplete === true;
    this.#findings.heard(state);
    if (state.isComplete && !wasComplete) this.#said = countText(state, !isEverything(this.#saved.filter));
  }

  #failed({ what, search, message }: Extract<ToActivityEditor, { readonly type: 'failed' }>): void {
    if (what === 'entry') this.#entry.failed(message);
    else if (what === 'facets') this.#facetsError = message;
    else if (what === 'rows') this.#findings.failed();
    else if (what === 'search' && this.#findings.isOf(search)) this.#error = message;
  }

  #search(): void {
    this.#error = '';
    this.#list.reset();
    const search = this.#findings.begin();
    this.#editor.post({ type: 'search', search, wanted: searchOf(this.#saved.filter, Date.now()) });
  }

  #show(filter: Filter): void {
    window.clearTimeout(this.#typing);
    this.#typing = undefined;
    this.#keep({ ...this.#saved, filter });
    this.#search();
    this.#drawSoon();
  }

  #keep(saved: Saved): void {
    this.#saved = saved;
    this.#editor.keep(saved);
    this.#size();
  }

  #size(): void {
    this.#root.style.setProperty('--details-width', `${this.#saved.width}px`);
    this.#root.style.setProperty('--details-height', `${this.#saved.height}px`);
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
    const rows = this.#list.measure();
    render(page(this.#view(rows), this.#events), this.#root);
    // What is in sight is only known after drawing: the list may have appeared, or changed its height.
    if (this.#list.settle(rows)) this.#drawSoon();
    if (this.#menu !== undefined) placeMenu(this.#root);
  }

  #view(rows: View['rows']): View {
    const { filter, width, height } = this.#saved;
    const isBeside = window.innerWidth >= besides;
    return {
      link: this.#link,
      filter,
      findings: this.#findings,
      rows,
      active: this.#list.active,
      facets: this.#facets,
      facetsError: this.#facetsError,
      menu: this.#menu,
      open: this.#entry.view,
      split: { isBeside, size: isBeside ? width : height },
      error: this.#error,
      said: this.#said,
      now: Date.now(),
    };
  }

  readonly #events: Events = {
    filter: (filter) => this.#show(filter),
    typed: (text) => {
      window.clearTimeout(this.#typing);
      this.#typing = window.setTimeout(() => this.#show({ ...this.#saved.filter, text }), typingMs);
    },
    menu: (name, query = '') => this.#openMenu(name, query),
    scroll: () => {
      if (this.#list.scrolled()) this.#drawSoon();
    },
    key: (event) => this.#listKey(event),
    open: (row) => this.#openRow(row),
    openEntry: (seq) => this.#open(seq),
    close: () => this.#close(),
    newest: () => {
      this.#list.moveTo(0);
      this.#list.focus();
      this.#drawSoon();
    },
    act: (action: EntryAction, part) => {
      const seq = this.#saved.open;
      if (seq !== undefined) this.#editor.post({ type: 'do', action, seq, ...(part === undefined ? {} : { part }) });
    },
    post: (type) => this.#editor.post({ type }),
    again: () => this.#show(this.#saved.filter),
    resize: (event) =>
      dragSplitter(event, this.#saved, (saved) => {
        this.#keep(saved);
        this.#drawSoon();
      }),
  };

  /** The keyboard goes into a menu that opens, and back to its button when it closes, unless the pointer has gone elsewhere. */
  #openMenu(name: MenuName | undefined, query: string, movesKeys = true): void {
    const was = this.#menu?.name;
    this.#menu = name === undefined ? undefined : { name, query };
    if (name !== undefined && was !== name) this.#editor.post({ type: 'facets' });
    this.#draw();
    if (name !== was && movesKeys) focusMenu(this.#root, name ?? was, name !== undefined);
  }

  #openRow(row: number): void {
    this.#list.moveTo(row);
    const entry = this.#findings.rowAt(row);
    if (entry !== undefined) this.#open(entry.seq);
    this.#drawSoon();
  }

  #open(seq: number): void {
    this.#keep({ ...this.#saved, open: seq });
    this.#entry.open(seq);
    this.#drawSoon();
  }

  #close(): void {
    const { open: _open, ...rest } = this.#saved;
    this.#keep(rest);
    this.#entry.open(undefined);
    this.#draw();
    this.#list.focus();
  }

  #listKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' || event.key === ' ') this.#openRow(this.#list.active);
    else if (!this.#list.key(event.key)) return;
    else if (this.#saved.open !== undefined) this.#openRow(this.#list.active);
    event.preventDefault();
    this.#drawSoon();
  }

  #anyKey(event: KeyboardEvent): void {
    const inText = event.target instanceof HTMLInputElement && event.target.type !== 'checkbox' && event.target.type !== 'radio';
    if (event.key === 'Escape') {
      if (this.#menu !== undefined) this.#openMenu(undefined, '');
      else if (this.#saved.open !== undefined) this.#close();
    } else if (event.key === '/' && !inText && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      // Selects what stands there, and takes the keyboard.
      this.#root.querySelector<HTMLInputElement>('#text')?.select();
    } else if (this.#menu !== undefined && stepInMenu(event)) event.preventDefault();
    else if (event.key === 'Enter' && event.target instanceof HTMLElement && event.target.id === 'text') this.#list.focus();
  }
}
