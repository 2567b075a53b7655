import { expect, test } from 'vitest';
import type { Snapshot } from '../../../src/channel/messages.ts';
import { statusText } from '../../../src/hosts/extension/status-text.ts';
import { approval, snapshot, status } from '../../webview/fixtures.ts';

const governed = { state: 'governed' } as const;
const observing = (folder?: string, over: Partial<Snapshot> = {}): Snapshot =>
  snapshot({
    ...over,
    status: { ...status, observing: [{ at: 0, by: 'ada', ...(folder === undefined ? {} : { folder }) }], ...over.status },
  });
const bad = { id: 'x', message: 'Off', severity: 'bad' } as const;

test.each<[string, Snapshot, string, string]>([
  ['everywhere', observing(), '$(eye) Only observing', 'warning'],
  ['in the folder of the window', observing('/w/app'), '$(eye) Only observing', 'warning'],
  ['around it', observing('/w'), '$(eye) Only observing', 'warning'],
  ['in a part of it', observing('/w/app/inner'), '$(eye) Only observing', 'warning'],
  ['elsewhere', observing('/w/other'), '$(shield)', 'none'],
  ['while the organisation asks', observing(undefined, { approvals: [approval('a')] }), '$(eye) Only observing $(bell-dot) 1', 'warning'],
  [
    'while something runs ungoverned',
    observing(undefined, { status: { ...observing().status, problems: [bad] } }),
    '$(eye) Only observing $(error)',
    'error',
  ],
])('only observing %s', (_, known, text, colour) => {
  expect(statusText(governed, known, false, ['/w/app'])).toMatchObject({ text, colour });
});

test('it says where, also of other folders, and what stays in force', () => {
  expect(statusText(governed, observing('/w/other'), false, ['/w/app']).tooltip).toMatch(/only observes in \/w\/other: .*not stopped/);
  expect(statusText(governed, observing(), false, []).tooltip).toMatch(
    /only observes everywhere.*organisation’s policies stay in force\. Click to enforce/,
  );
});
