import { visibleText } from '../../guardrail/visible-text.ts';

/** HTML that is safe as it stands. Only `html` makes it. */
export class Html {
  readonly #text: string;

  constructor(key: typeof made, text: string) {
    if (key !== made) throw new Error('HTML is made by html`…` alone: it escapes what agents wrote.');
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

export type Content = Html | string | number | undefined | false | readonly Content[];

/** HTML with values in it. Every text is escaped, with its invisible characters named: an agent may have written it. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(made, strings.map((text, i) => text + textOf(values[i])).join(''));
}

/** A style sheet of ours, as it stands. */
export function styleSheet(css: string): Html {
  return new Html(made, `<style>${css}</style>`);
}

const made = Symbol('html');

function textOf(value: Content): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Html) return String(value);
  if (typeof value === 'object') return value.map(textOf).join('');
  return escaped(visibleText(String(value)));
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
