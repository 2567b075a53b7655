import { render } from 'lit';
import type { Editor } from '../editor.ts';
import { type Form, type FromTry, kept, type RecordedChoice, type ToTry, type Wanted } from './messages.ts';
import { page } from './page.ts';
import { type TreeLine, linesOf, moveFor } from './tree-lines.ts';
import { treeOf } from './tree.ts';
import type { Events, View } from './view.ts';

/** One call and why it would be decided so. What is asked outlives the page; the answer is asked for again. */
export class Try {
  readonly #root: HTMLElement;
  readonly #editor: Editor<FromTry>;
  #view: View = {
    form: { kind: 'shell', text: '', content: '', agent: '', folder: '' },
    recorded: undefined,
    sight: undefined,
    answer: undefined,
    isAsking: false,
    openings: {},
    current: '',
  };

  constructor(root: HTMLElement, editor: Editor<FromTry>) {
    this.#root = root;
    this.#editor = editor;
    const before = kept.safeParse(editor.kept());
    if (before.success) this.#show({ form: before.data.wanted.form, recorded: before.data.wanted.recorded, sight: before.data.sight });
    else this.#show({});
    editor.post({ type: 'ready', ...(before.success && { kept: before.data }) });
  }

  receive(message: ToTry): void {
    switch (message.type) {
      case 'wanted':
        return this.#look(message);
      case 'asking':
        return this.#show({ isAsking: true });
      case 'nothing':
        return this.#show({ isAsking: false, answer: undefined });
      case 'explained':
      case 'problems':
      case 'failed':
        return this.#show({ isAsking: false, answer: message });
    }
  }

  #look({ wanted: { form, recorded }, sight, isNew }: Extract<ToTry, { readonly type: 'wanted' }>): void {
    // What was closed of another rule says nothing about this one.
    const isSame = sight?.policy === this.#view.sight?.policy && sight?.rule === this.#view.sight?.rule;
    this.#show({ form, recorded, sight, answer: undefined, ...(isSame ? {} : { openings: {}, current: '' }) });
    if (isNew) this.#focus(recorded === undefined ? '#text' : '.recorded');
  }

  readonly #events: Events = {
    typed: (form: Partial<Form>) => this.#show({ form: { ...this.#view.form, ...form } }),
    ask: () => this.#editor.post({ type: 'ask', wanted: this.#wanted() }),
    pick: () => this.#editor.post({ type: 'pick', wanted: this.#wanted() }),
    typeInstead: () => {
      this.#show({ recorded: undefined, answer: undefined });
      this.#editor.post({ type: 'ask', wanted: this.#wanted() });
      this.#focus('#text');
    },
    openEntry: (recorded: RecordedChoice) => this.#editor.post({ type: 'open-entry', recorded }),
    openProblem: (file, line) => this.#editor.post({ type: 'open', file, line }),
    open: (event, line) => {
      event.stopPropagation();
      this.#openPlace(line);
    },
    toggle: (line) => this.#toggle(line),
    current: (id) => this.#view.current === id || this.#show({ current: id }),
    treeKey: (event) => this.#key(event),
  };

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = moveFor(event.key, this.#lines(), this.#view.current);
    if (move === undefined) return;
    event.preventDefault();
    if (move.do === 'go') this.#focusLine(move.id);
    else if (move.do === 'toggle') this.#toggle(move.line);
    else if (move.do === 'open-place') this.#openPlace(move.line);
    else this.#focus(this.#view.recorded === undefined ? '#text' : '.recorded');
  }

  #lines(): readonly TreeLine[] {
    const { answer, openings } = this.#view;
    return answer?.type === 'explained' ? linesOf(treeOf(answer.explained, answer.sight), openings) : [];
  }

  #toggle({ node, isOpen }: TreeLine): void {
    if (node.children.length === 0) return;
    this.#show({ openings: { ...this.#view.openings, [node.id]: !isOpen } });
  }

  #openPlace({ node: { place } }: TreeLine): void {
    if (place !== undefined) this.#editor.post({ type: 'open', ...place });
  }

  #focusLine(id: string): void {
    const line = [...this.#root.querySelectorAll<HTMLElement>('[role="treeitem"]')].find(({ dataset }) => dataset['id'] === id);
    line?.focus();
  }

  #focus(selector: string): void {
    this.#root.querySelector<HTMLElement>(selector)?.focus();
  }

  #wanted(): Wanted {
    const { form, recorded } = this.#view;
    return { form, ...(recorded && { recorded }) };
  }

  #show(change: Partial<View>): void {
    this.#view = { ...this.#view, ...change };
    const { sight } = this.#view;
    this.#editor.keep({ wanted: this.#wanted(), ...(sight && { sight }) });
    render(page(this.#view, this.#events), this.#root);
  }
}
