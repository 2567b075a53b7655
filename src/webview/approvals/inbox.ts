import { render } from 'lit';
import { serverQuestion } from '../../engine/artifact/server-question.ts';
import type { Editor } from '../editor.ts';
import type { OpenApproval } from '../records.ts';
import { announcement } from './announcement.ts';
import type { CardButton, CardState } from './card.ts';
import type { FromInbox, ToInbox } from './messages.ts';
import type { InboxState } from './inbox-state.ts';
import { page } from './page.ts';
import { SettleGuard, settleMs } from './settle-guard.ts';
import { shortcutOf } from './shortcuts.ts';

/** The approvals panel: shows the extension's last state and sends back what the person wants. */
export class Inbox {
  readonly #root: HTMLElement;
  readonly #editor: Editor<FromInbox>;
  readonly #guard = new SettleGuard();
  readonly #reasons = new Map<string, string>();
  readonly #errors = new Map<string, string>();
  readonly #sending = new Set<string>();
  #state: InboxState | undefined;
  /** How far the extension host's clock is ahead of ours. */
  #clockAhead = 0;
  #selected = '';
  /** When the keyboard came to where it is without being led there: letters typed just before were meant for something else. */
  #keysMovedAt = 0;
  #announcement = '';
  #settling: number | undefined;

  constructor(root: HTMLElement, editor: Editor<FromInbox>) {
    this.#root = root;
    this.#editor = editor;
    root.addEventListener('keydown', (event) => this.#key(event));
    window.addEventListener('resize', () => this.#measure());
    window.addEventListener('focus', () => (this.#keysMovedAt = performance.now()));
    setInterval(() => this.#draw(), 1000);
  }

  receive(message: ToInbox): void {
    switch (message.type) {
      case 'state':
        return this.#show(message);
      case 'focus':
        return this.#focus(message.id ?? this.#selected);
      case 'press':
        return this.#press(this.#selected, message.button);
      case 'answer-failed':
        this.#sending.delete(message.id);
        this.#errors.set(message.id, message.message);
        return this.#draw();
    }
  }

  #show(state: InboxState): void {
    const before = this.#state?.approvals ?? [];
    const said = announcement(
      before.map(({ id }) => id),
      state.approvals,
    );
    if (said !== '') this.#announcement = said;
    this.#state = state;
    this.#clockAhead = state.now - Date.now();
    this.#forget(new Set(state.approvals.map(({ id }) => id)));
    const hadFocus = this.#root.contains(document.activeElement);
    if (!state.approvals.some(({ id }) => id === this.#selected)) this.#selectAfter(before, state.approvals);
    this.#draw();
    if (hadFocus && !this.#root.contains(document.activeElement)) this.#focus(this.#selected);
  }

  /** The answered card is gone: the next one, else the last. */
  #selectAfter(before: readonly OpenApproval[], now: readonly OpenApproval[]): void {
    const at = before.findIndex(({ id }) => id === this.#selected);
    this.#keysMovedAt = performance.now();
    const later = before.slice(at + 1).find(({ id }) => now.some((each) => each.id === id));
    this.#selected = (at < 0 ? now[0] : (later ?? now.at(-1)))?.id ?? '';
  }

  #forget(known: ReadonlySet<string>): void {
    for (const each of [this.#reasons, this.#errors, this.#sending]) for (const id of each.keys()) if (!known.has(id)) each.delete(id);
  }

  #draw(): void {
    if (!this.#state) return;
    render(
      page(this.#state, (id) => this.#cardState(id), this.#announcement, this.#events),
      this.#root,
    );
    this.#measure();
  }

  readonly #events = {
    press: (id: string, button: CardButton) => this.#press(id, button),
    type: (id: string, reason: string) => {
      this.#reasons.set(id, reason);
      if (this.#errors.delete(id)) this.#draw();
    },
    select: (id: string) => {
      if (this.#selected === id) return;
      this.#selected = id;
      this.#draw();
    },
    post: (message: FromInbox) => this.#editor.post(message),
  };

  #cardState(id: string): CardState {
    return {
      selected: id === this.#selected,
      armed: this.#isArmed(id),
      sending: this.#sending.has(id),
      reason: this.#reasons.get(id) ?? '',
      error: this.#errors.get(id) ?? '',
      now: Date.now() + this.#clockAhead,
    };
  }

  #isArmed(id: string): boolean {
    return this.#state?.link.state === 'governed' && !this.#sending.has(id) && this.#guard.isSettled(id, performance.now());
  }

  /** Tells the guard where the cards are, and draws again when they have settled. */
  #measure(): void {
    const cards = [...this.#root.querySelectorAll<HTMLElement>('article')];
    this.#guard.place(new Map(cards.map((card) => [card.dataset['id'] ?? '', card.offsetTop])), performance.now());
    const remaining = this.#guard.remaining(performance.now());
    if (remaining === 0 || this.#settling !== undefined) return;
    this.#settling = window.setTimeout(() => {
      this.#settling = undefined;
      this.#draw();
    }, remaining + 1);
  }

  #press(id: string, button: CardButton): void {
    const approval = this.#state?.approvals.find((each) => each.id === id);
    if (!approval) return;
    if (button === 'show-change' || button === 'from-now-on') return this.#editor.post({ type: button, id });
    // Its answers hold for good, and its card offers no shorter one.
    const isOffered = button !== 'approve-session' || serverQuestion(approval) === undefined;
    if (!isOffered || !this.#isArmed(id)) return;
    const reason = (this.#reasons.get(id) ?? '').trim();
    if (reason === '' && approval.terms.reason === 'required') return this.#wantReason(id);
    this.#errors.delete(id);
    this.#sending.add(id);
    this.#editor.post({
      type: 'answer',
      id,
      outcome: button === 'deny' ? 'denied' : 'approved',
      scope: button === 'approve-session' ? 'session' : 'once',
      reason,
    });
    this.#draw();
  }

  #wantReason(id: string): void {
    this.#errors.set(id, 'Your policy wants a reason with this answer.');
    this.#draw();
    this.#reasonField(id)?.focus();
  }

  #key(event: KeyboardEvent): void {
    const target = event.target instanceof HTMLElement ? event.target : undefined;
    const onText = target?.localName === 'vscode-textfield';
    if (onText && event.key === 'Escape') return this.#focus(this.#selected);
    const shortcut = shortcutOf(event, onText ? 'text' : target?.localName === 'article' ? 'card' : 'other');
    if (!shortcut || this.#selected === '') return;
    event.preventDefault();
    if (shortcut === 'next' || shortcut === 'previous') this.#step(shortcut === 'next' ? 1 : -1);
    else if (shortcut === 'reason') this.#reasonField(this.#selected)?.focus();
    else if (performance.now() - this.#keysMovedAt >= settleMs) this.#press(this.#selected, shortcut);
  }

  #step(by: 1 | -1): void {
    const ids = this.#state?.approvals.map(({ id }) => id) ?? [];
    const at = ids.indexOf(this.#selected) + by;
    this.#focus(ids[Math.min(Math.max(at, 0), ids.length - 1)] ?? '');
  }

  #focus(id: string): void {
    const card = document.getElementById(`card-${id}`) ?? this.#root.querySelector<HTMLElement>('article, vscode-button, main');
    card?.focus();
    card?.scrollIntoView({ block: 'nearest' });
  }

  #reasonField(id: string): HTMLElement | null {
    return this.#root.querySelector<HTMLElement>(`#card-${CSS.escape(id)} vscode-textfield`);
  }
}
