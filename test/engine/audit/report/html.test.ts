import { expect, test } from 'vitest';
import { html, Html } from '../../../../src/engine/audit/report/html.ts';

test.each<[string, string, string]>([
  ['a tag', '<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
  ['an attribute', '" onload="x', '&quot; onload=&quot;x'],
  ['an apostrophe', "' x='", '&#39; x=&#39;'],
  ['an entity', '&lt;', '&amp;lt;'],
  ['a character that turns the text around', 'a\u202eb', 'a‹U+202E›b'],
])('%s in a text stays text', (_, text, expected) => {
  expect(String(html`<p title="${text}">${[text]}</p>`)).toBe(`<p title="${expected}">${expected}</p>`);
});

test('what is HTML already is not escaped again, and what is missing is nothing', () => {
  expect(String(html`${html`<b>${'x'}</b>`}${undefined}${false}${0}${''}`)).toBe('<b>x</b>0');
});

test('nobody else can say that a text is HTML', () => {
  expect(() => new Html(Symbol('html') as never, '<script>')).toThrow(/alone/);
});
