import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { iconFont } from '../../scripts/icon-font.ts';
import { icons } from '../../src/webview/icons.ts';

const webview = join(import.meta.dirname, '..', '..', 'src', 'webview');
const sources = globSync('**/*.ts', { cwd: webview })
  .filter((file) => file !== 'icons.ts')
  .map((file) => ({ file, text: readFileSync(join(webview, file), 'utf8') }));
const shipped: ReadonlySet<string> = new Set(icons);
/** In a template the name is text that no type checks: `codicon-error`, `icon="close"`. */
const written = /(?:codicon-|\bicon=")(?!modifier-)([a-z][a-z0-9-]*)/g;

test('every icon that a panel names is one that the build ships', () => {
  const missing = sources.flatMap(({ file, text }) =>
    [...text.matchAll(written)].filter(([, name = '']) => !shipped.has(name)).map(([, name]) => `${file}: ${name}`),
  );
  expect(missing).toEqual([]);
});

test('no name of an icon is put together from parts, where neither a type nor this test would see it', () => {
  expect(sources.filter(({ text }) => /codicon-[a-z0-9-]+\$\{/.test(text)).map(({ file }) => file)).toEqual([]);
});

test('every icon that the build ships is one that a panel names', () => {
  const all = sources.map(({ text }) => text).join('\n');
  const named = (icon: string): boolean => new RegExp(`(?<![a-z-])(?:codicon-)?${icon}(?![a-z-])`).test(all);
  expect(icons.filter((icon) => !named(icon))).toEqual([]);
});

test('the sheet has a rule for each of them and no other, and the font is small', async () => {
  const { css, font } = await iconFont(icons);
  const rules = [...css.matchAll(/^\.codicon-([a-z0-9-]+):before/gm)].map(([, name]) => name);
  expect(new Set(rules)).toEqual(shipped);
  expect(rules.length).toBe(icons.length);
  expect(css).toContain('url("./codicon.woff2") format("woff2")');
  expect(css).toContain('@keyframes codicon-spin');
  expect(Buffer.from(font).toString('latin1', 0, 4)).toBe('wOF2');
  expect(font.length).toBeLessThan(20_000);
});

test('a name that no codicon has stops the build', async () => {
  await expect(iconFont(['error', 'no-such-icon'])).rejects.toThrow('There is no codicon named no-such-icon');
});
