import { digestOf } from '../../engine/audit/canonical.ts';
import { readAnswer } from '../../engine/guardrail/review/answer.ts';
import { withoutSecrets } from '../../engine/guardrail/review/text.ts';
import type { Windows } from '../budget/windows.ts';
import { messageOf } from '../fault.ts';
import type { Ports } from '../ports.ts';
import { Allowance } from './allowance.ts';
import type { ReviewModel } from './model.ts';
import { Slots } from './slots.ts';

/** What became of one question. */
export interface Reviewed {
  readonly outcome: 'match' | 'clear' | 'failed';
  /** Left out where none was to be asked. */
  readonly model?: string;
  /** Why there is no answer. */
  readonly why?: string;
  readonly durationMs: number;
  /** Nobody was asked: the answer to the same question was known. */
  readonly cached?: true;
  readonly tokens?: number;
}

export interface Wish {
  readonly question: string;
  readonly timeoutMs: number;
}

/** Answers that are remembered, all together. */
const mostKnown = 1_000;
/** A message that comes on two ways is not asked about twice because the first time failed. */
const failedMs = 5_000;

interface Asking {
  readonly model: ReviewModel;
  /** As it is sent. */
  readonly text: string;
  readonly key: string;
}

type PortsOfDesk = Pick<Ports, 'state' | 'clock' | 'ids' | 'reviews'>;

/** Has texts reviewed: each once, within a time, so many at once and so many a day. */
export class ReviewDesk {
  readonly #ports: PortsOfDesk;
  readonly #allowance: Allowance;
  readonly #slots = new Slots();
  readonly #known = new Map<string, { readonly reviewed: Reviewed; readonly until: number }>();
  readonly #underWay = new Map<string, Promise<Reviewed>>();
  readonly #asking = new Set<AbortController>();

  constructor(ports: PortsOfDesk, windows: Pick<Windows, 'now'>) {
    this.#ports = ports;
    this.#allowance = new Allowance(ports, windows);
  }

  /** Never rejects: what cannot be asked has failed, and says why. `text` may still have secrets in it; what is sent has none. */
  async review(wish: Wish, text: string): Promise<Reviewed> {
    try {
      const found = this.#before(wish, text);
      return 'outcome' in found ? found : await this.#once(found, wish);
    } catch (error) {
      return failed(error);
    }
  }

  /** The answer where it is known without asking, else the name of the model that would be asked. Nothing is sent or counted. */
  foresee(wish: Wish, text: string): Reviewed | { readonly model: string } {
    try {
      const found = this.#before(wish, text);
      return 'outcome' in found ? found : { model: found.model.name };
    } catch (error) {
      return failed(error);
    }
  }

  /** What is being asked has no answer: nobody waits for a model to stop. */
  dispose(): void {
    for (const asking of this.#asking) asking.abort(new Error('the governor is being stopped'));
  }

  /** What is known before anybody is asked, or what to ask. Throws where the configuration cannot be understood. */
  #before({ question, timeoutMs }: Wish, given: string): Reviewed | Asking {
    const { reviews } = this.#ports;
    const model = reviews?.model();
    if (model === undefined) return failed(new Error(reviews === undefined ? nobodyHere : notConfigured));
    const { name, mostCharacters: most } = model;
    if (given.length > most) return { ...failed(new Error(`the text is longer than ${most} characters ("mostCharacters")`)), model: name };
    const text = withoutSecrets(given);
    const key = digestOf([name, question, timeoutMs, text]);
    const known = this.#known.get(key);
    if (known !== undefined && known.until > this.#ports.clock.now()) return { ...known.reviewed, durationMs: 0, cached: true };
    return { model, text, key };
  }

  #once({ model, text, key }: Asking, wish: Wish): Promise<Reviewed> {
    const asking = this.#underWay.get(key) ?? this.#ask(model, wish, text).then((reviewed) => this.#keep(key, reviewed));
    this.#underWay.set(key, asking);
    return asking;
  }

  async #ask(model: ReviewModel, { question, timeoutMs }: Wish, text: string): Promise<Reviewed> {
    const { clock, ids } = this.#ports;
    const began = clock.now();
    const late = new AbortController();
    this.#asking.add(late);
    const stop = clock.after(timeoutMs, () => late.abort(new Error(`no answer came within ${timeoutMs} ms`)));
    const about = () => ({ model: model.name, durationMs: clock.now() - began });
    try {
      const id = ids().replaceAll('-', '').slice(0, 12);
      const reply = await this.#slots.run(model.atOnce, late.signal, () => {
        this.#allowance.take(model);
        return orAborted(model.ask({ id, question, text }, late.signal), late.signal);
      });
      const tokens = this.#allowance.spend(reply.tokens, question.length + text.length + reply.text.length);
      return { outcome: readAnswer(reply.text, id) ? 'match' : 'clear', ...about(), tokens };
    } catch (error) {
      return { ...failed(error), ...about() };
    } finally {
      stop();
      this.#asking.delete(late);
    }
  }

  #keep(key: string, reviewed: Reviewed): Reviewed {
    this.#underWay.delete(key);
    const [oldest] = this.#known.keys();
    if (oldest !== undefined && this.#known.size >= mostKnown) this.#known.delete(oldest);
    const until = reviewed.outcome === 'failed' ? this.#ports.clock.now() + failedMs : Infinity;
    this.#known.set(key, { reviewed, until });
    return reviewed;
  }
}

const notConfigured =
  'no model is named that may be asked. Name one under "review" in config.json (docs/guardrails.md), or take the review out';
const nobodyHere = 'no governor runs that could ask a model';

function failed(error: unknown): Reviewed {
  return { outcome: 'failed', why: messageOf(error), durationMs: 0 };
}

/** Whoever is asked may not care about the signal. */
function orAborted<T>(asking: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    asking.then(resolve, reject);
  });
}
