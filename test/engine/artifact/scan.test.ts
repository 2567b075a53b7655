import { expect, test } from 'vitest';
import { findingsIn, scanOf } from '../../../src/engine/artifact/scan.ts';

const advisory = {
  source: 1,
  name: 'lodash',
  title: 'Prototype pollution',
  url: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc',
  severity: 'moderate',
};

test.each<[string, unknown, unknown]>([
  ['our own form', { findings: [{ severity: 'HIGH', id: 'X-1', title: 'bad' }] }, [{ severity: 'high', id: 'X-1', title: 'bad' }]],
  ['nothing found', { findings: [] }, []],
  [
    'a word that nobody knows is not harmless',
    { findings: [{ severity: 'toString', id: 1 }] },
    [{ severity: 'unknown', id: '1', title: '' }],
  ],
  [
    'the worst first, each once',
    { findings: ['low', 'critical', 'low'].map((severity) => ({ severity, id: 'a' })) },
    [expect.objectContaining({ severity: 'critical' }), expect.objectContaining({ severity: 'low' })],
  ],
  [
    'SARIF',
    { runs: [{ results: [{ ruleId: 'R', level: 'error', message: { text: 'bad' } }] }] },
    [{ severity: 'high', id: 'R', title: 'bad' }],
  ],
  ['SARIF of a run without results: it did not look', { runs: [{}] }, undefined],
  [
    'npm audit',
    { auditReportVersion: 2, vulnerabilities: { lodash: { via: [advisory, 'other'] } } },
    [{ severity: 'medium', id: 'GHSA-aaaa-bbbb-cccc', title: 'lodash: Prototype pollution' }],
  ],
  ['npm audit that had no answer', { message: '405 Method Not Allowed', statusCode: 405, error: {} }, undefined],
  ['another object', {}, undefined],
  ['null', null, undefined],
])('%s', (_, json, findings) => {
  expect(findingsIn(json)).toEqual(findings);
});

test('a scan is as bad as its worst finding', () => {
  const finding = { id: 'x', title: '' };
  expect(scanOf('s', 'now', []).name).toBe('s');
  expect(scanOf('s', 'now', [])).toMatchObject({ max: 'none' });
  expect(
    scanOf('s', 'now', [
      { ...finding, severity: 'low' },
      { ...finding, severity: 'unknown' },
    ]),
  ).toMatchObject({ max: 'low' });
});
