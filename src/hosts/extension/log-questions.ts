import type { Methods } from '../../channel/messages.ts';
import type { FromActivityEditor, ToActivityEditor } from '../../webview/activity-editor/messages.ts';
import { textOf } from './complaints.ts';
import type { Connection } from './connection.ts';

type Question = Extract<FromActivityEditor, { readonly type: 'search' | 'rows' | 'facets' | 'entry' }>;
type Failed = Extract<ToActivityEditor, { readonly type: 'failed' }>;

/** As many as the largest screens show. */
const firstRows = 100;

/** Puts one page's questions about the log to the governor. A page has one search at a time: the next one ends it. */
export class LogQuestions {
  readonly #connection: Pick<Connection, 'call' | 'events'>;
  readonly #name: string;
  readonly #post: (message: ToActivityEditor) => void;
  #search: number | undefined;

  /** `name` tells this page's searches from others of the window. */
  constructor(connection: Pick<Connection, 'call' | 'events'>, name: string, post: (message: ToActivityEditor) => void) {
    this.#connection = connection;
    this.#name = name;
    this.#post = post;
    connection.events.on('search', this.#heard);
  }

  /** Answers with a message, or says what came to nothing. */
  async ask(question: Question): Promise<void> {
    try {
      const answer = await this.#answer(question);
      if (answer) this.#post(answer);
    } catch (cause) {
      const search = 'search' in question ? question.search : 0;
      this.#post({ type: 'failed', what: question.type, search, message: textOf(cause) } satisfies Failed);
    }
  }

  /** The file holds what the page's search finds; returns how many entries. */
  async export(params: Omit<Methods['exportSearch']['params'], 'id'>): Promise<number> {
    if (this.#search === undefined) throw new Error('nothing has been searched for yet');
    return (await this.#connection.call('exportSearch', { id: this.#idOf(this.#search), ...params })).entries;
  }

  /** Nobody looks any more: the governor need not go on looking. */
  close(): void {
    const search = this.#search;
    this.#search = undefined;
    // Where the line is gone, so is the search.
    if (search !== undefined) this.#connection.call('closeSearch', { id: this.#idOf(search) }).catch(() => undefined);
  }

  dispose(): void {
    this.#connection.events.off('search', this.#heard);
    this.close();
  }

  async #answer(question: Question): Promise<ToActivityEditor | undefined> {
    if (question.type === 'search') return this.#begin(question.search, question.wanted);
    if (question.type === 'facets') return { type: 'facets', facets: await this.#connection.call('facets', {}) };
    if (question.type === 'entry') return { type: 'entry', details: await this.#connection.call('entry', { seq: question.seq }) };
    const { search, from, limit } = question;
    if (search !== this.#search) return undefined;
    const rows = await this.#connection.call('rows', { id: this.#idOf(search), from, limit });
    return { type: 'rows', search, from, rows };
  }

  /** With the first rows, so that a page is painted after one answer. */
  async #begin(search: number, wanted: Methods['search']['params']['search']): Promise<ToActivityEditor> {
    this.close();
    this.#search = search;
    const id = this.#idOf(search);
    const state = await this.#connection.call('search', { id, search: wanted });
    if (state.older > 0) await this.ask({ type: 'rows', search, from: 0, limit: Math.min(firstRows, state.older) });
    return { type: 'found', search, state };
  }

  readonly #heard = (state: Methods['search']['result']): void => {
    if (this.#search !== undefined && state.id === this.#idOf(this.#search)) this.#post({ type: 'found', search: this.#search, state });
  };

  #idOf(search: number): string {
    return `${this.#name}-${search}`;
  }
}
