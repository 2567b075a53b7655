import { render } from 'lit';
import type { BudgetStanding } from '../../engine/budget/standing.ts';
import type { SpendQuery, SpendReport } from '../../engine/spend/report.ts';
import type { Editor } from '../editor.ts';
import { chartData, type ChartData } from './chart-data.ts';
import { Chart } from './chart.ts';
import { queryOf, readChoice, type Choice } from './choice.ts';
import type { FromSpend, ToSpend } from './messages.ts';
import type { PageState } from './page-state.ts';
import { page } from './page.ts';
import { sortedBy } from './rows.ts';

interface Answer {
  readonly choice: Choice;
  readonly query: SpendQuery;
  readonly report: SpendReport;
  readonly budgets: readonly BudgetStanding[];
}

/** The spend panel: it asks again whenever something was spent or another choice is made, one question at a time. */
export class Spend {
  readonly #root: HTMLElement;
  readonly #editor: Editor<FromSpend>;
  #choice: Choice;
  #answer: Answer | undefined;
  /** The choice behind the question that is on its way, or was answered last. */
  #asked: Choice;
  #trouble: PageState['trouble'];
  #asking = false;
  #isOld = false;
  #showsAll = false;
  #hovered: number | undefined;
  #chart: Chart | undefined;
  #data: ChartData | undefined;
  /** The chart is to be drawn, too. */
  #isNew = true;
  #drawing = false;

  constructor(root: HTMLElement, editor: Editor<FromSpend>) {
    this.#root = root;
    this.#editor = editor;
    this.#choice = readChoice(editor.kept());
    this.#asked = this.#choice;
    // Colours that are painted do not follow the theme by themselves.
    new MutationObserver(() => this.#drawSoon()).observe(document.body, { attributeFilter: ['class', 'data-vscode-theme-id'] });
    this.#drawSoon();
  }

  receive(message: ToSpend): void {
    switch (message.type) {
      case 'link':
        return this.#link(message.link);
      case 'changed':
        return this.#ask();
      case 'report':
        this.#trouble = undefined;
        this.#answer = { ...message, choice: this.#asked };
        return this.#answered();
      case 'failed':
        this.#trouble = { title: 'The spend could not be read.', text: message.reason };
        // Numbers of another question are worse than none.
        if (this.#answer?.choice !== this.#asked) this.#answer = undefined;
        return this.#answered();
    }
  }

  #link(link: Extract<ToSpend, { type: 'link' }>['link']): void {
    if (link.state === 'governed') return this.#ask();
    this.#asking = false;
    if (link.state === 'unreachable')
      this.#trouble = {
        title: 'The governor cannot be reached; the numbers are old.',
        text: `${link.reason}. It is tried again by itself.`,
      };
    this.#drawSoon();
  }

  /** While an answer is on its way, one more question waits at most. */
  #ask(): void {
    if (this.#asking) {
      this.#isOld = true;
      return;
    }
    this.#asking = true;
    this.#isOld = false;
    this.#asked = this.#choice;
    this.#schedule();
    this.#editor.post({ type: 'ask', query: this.#query() });
  }

  #answered(): void {
    this.#asking = false;
    if (this.#isOld) this.#ask();
    this.#drawSoon();
  }

  #query(): SpendQuery {
    return queryOf(this.#choice, Date.now(), Intl.DateTimeFormat().resolvedOptions().timeZone);
  }

  #choose(choice: Partial<Choice>): void {
    const { session, ...rest } = { ...this.#choice, ...choice };
    this.#choice = { ...rest, ...(session && { session }) };
    this.#editor.keep(this.#choice);
    this.#hovered = undefined;
    this.#drawSoon();
  }

  /** A choice that needs other numbers; the old ones stay until they come. */
  #chooseAndAsk(choice: Partial<Choice>): void {
    this.#choose(choice);
    this.#showsAll = false;
    this.#ask();
  }

  readonly #events = {
    period: (period: Choice['period']) => this.#chooseAndAsk({ period }),
    by: (by: Choice['by']) => this.#chooseAndAsk({ by }),
    session: (session: Choice['session']) => {
      const { session: _, ...rest } = this.#choice;
      this.#choice = rest;
      this.#chooseAndAsk({ by: session ? 'subagent' : 'session', ...(session && { session }) });
    },
    shape: (shape: Choice['shape']) => this.#choose({ shape }),
    sort: (column: Choice['sort']['column']) => this.#choose({ sort: sortedBy(column, this.#choice.sort) }),
    all: () => {
      this.#showsAll = true;
      this.#drawSoon();
    },
    setPrice: (model: string) => this.#editor.post({ type: 'set-price', model }),
    export: () => this.#editor.post({ type: 'export', query: this.#query() }),
    retry: () => this.#ask(),
  };

  #drawSoon(): void {
    this.#isNew = true;
    this.#schedule();
  }

  /** However many messages arrive, one drawing a frame. */
  #schedule(): void {
    if (this.#drawing) return;
    this.#drawing = true;
    requestAnimationFrame(() => {
      this.#drawing = false;
      this.#draw();
    });
  }

  #draw(): void {
    const now = Date.now();
    const isNew = this.#isNew;
    this.#isNew = false;
    if (isNew) this.#data = this.#chartData(now);
    render(page(this.#state(now), this.#events), this.#root);
    // What is under the pointer changes often, and the chart not with it.
    if (isNew) this.#drawChart(this.#data);
  }

  #state(now: number): PageState {
    const { report, budgets = [], choice: shown = this.#choice } = this.#answer ?? {};
    return {
      choice: this.#choice,
      shown,
      now,
      isAsking: this.#asking,
      report,
      budgets,
      chart: this.#data,
      hovered: this.#hovered,
      showsAll: this.#showsAll,
      trouble: this.#trouble,
    };
  }

  #chartData(now: number): ChartData | undefined {
    if (!this.#answer) return undefined;
    return chartData({ ...this.#answer, period: this.#answer.choice.period, shape: this.#choice.shape }, now);
  }

  #drawChart(data: ChartData | undefined): void {
    const host = this.#root.querySelector<HTMLElement>('.chart');
    if (this.#chart && this.#chart.host !== host) {
      this.#chart.close();
      this.#chart = undefined;
    }
    if (!host || !data) return;
    this.#chart ??= new Chart(host, (step) => this.#hover(step));
    this.#chart.draw(data);
  }

  #hover(step: number | undefined): void {
    if (step === this.#hovered) return;
    this.#hovered = step;
    this.#schedule();
  }
}
