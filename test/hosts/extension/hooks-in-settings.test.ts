import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { areHooksInstalled } from '../../../src/hosts/extension/hooks-in-settings.ts';

let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'countersign-'))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

const environment = (): Record<string, string> => ({ HOME: home, COUNTERSIGN_HOME: join(home, 'state') });

function settings(content: object | string): void {
  mkdirSync(join(home, '.claude'), { recursive: true });
  writeFileSync(join(home, '.claude', 'settings.json'), typeof content === 'string' ? content : JSON.stringify(content));
}

const marketplace = () => ({ countersign: { source: { source: 'directory', path: join(home, 'state', 'agents', 'claude-code') } } });

test('no settings, no hooks', () => {
  expect(areHooksInstalled(environment())).toBe(false);
});

test('the plugin, switched on and read from our folder', () => {
  settings({ model: 'opus', extraKnownMarketplaces: marketplace(), enabledPlugins: { 'countersign@countersign': true } });
  expect(areHooksInstalled(environment())).toBe(true);
});

test('switched off is as good as not there', () => {
  settings({ extraKnownMarketplaces: marketplace(), enabledPlugins: { 'countersign@countersign': false } });
  expect(areHooksInstalled(environment())).toBe(false);
});

test('the plugin of another state folder is not ours', () => {
  settings({ extraKnownMarketplaces: marketplace(), enabledPlugins: { 'countersign@countersign': true } });
  expect(areHooksInstalled({ ...environment(), COUNTERSIGN_HOME: join(home, 'other') })).toBe(false);
});

test('settings that cannot be read have nothing of ours', () => {
  settings('{ "enabledPlugins": ');
  expect(areHooksInstalled(environment())).toBe(false);
});
