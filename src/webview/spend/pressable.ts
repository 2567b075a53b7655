import { html, type TemplateResult } from 'lit';

/** One of some choices, of which one holds. */
export function pressable(label: string, isPressed: boolean, press: () => void): TemplateResult {
  return html`<button class="choice" aria-pressed=${isPressed ? 'true' : 'false'} @click=${press}>${label}</button>`;
}
