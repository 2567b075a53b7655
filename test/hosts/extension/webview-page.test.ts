import { expect, test } from 'vitest';
import { webviewPage } from '../../../src/hosts/extension/webview-page.ts';

const parts = {
  cspSource: 'https://panel.test',
  script: 'https://panel.test/approvals.js',
  codicons: 'https://panel.test/codicon.css',
  title: 'Approvals',
};

test('a page runs its own script and nothing else', () => {
  const page = webviewPage(parts);
  const policy = /Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1] ?? '';
  const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe');
  expect(page.match(/<script/g)).toHaveLength(1);
  expect(page).toContain(`<script nonce="${nonce}" src="${parts.script}"`);
});

test('no two pages have the same nonce', () => {
  expect(webviewPage(parts)).not.toBe(webviewPage(parts));
});
