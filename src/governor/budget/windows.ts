import type { Window } from '../../engine/budget/document.ts';
import { windowAt, type Span } from '../../engine/budget/window.ts';
import type { Ports } from '../ports.ts';

/** The hours, days, weeks and months that it is now. Finding them out costs more than a decision: each is kept until it ends. */
export class Windows {
  readonly #ports: Pick<Ports, 'clock' | 'timeZone'>;
  readonly #known = new Map<Window, { readonly zone: string; readonly span: Span }>();

  constructor(ports: Pick<Ports, 'clock' | 'timeZone'>) {
    this.#ports = ports;
  }

  now(window: Exclude<Window, 'total'>): Span {
    const at = this.#ports.clock.now();
    const zone = this.#ports.timeZone?.() ?? 'UTC';
    const known = this.#known.get(window);
    if (known !== undefined && known.zone === zone && at >= known.span.start && at < known.span.end) return known.span;
    const span = windowAt(window, at, zone);
    this.#known.set(window, { zone, span });
    return span;
  }
}
