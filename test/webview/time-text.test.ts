import { expect, test } from 'vitest';
import { countdown, spokenCountdown } from '../../src/webview/time-text.ts';

test.each<[number, string, string]>([
  [272_000, '4:32', '4 minutes 32 seconds left'],
  [59_001, '1:00', '1 minute left'],
  [900, '0:01', '1 second left'],
  [3_872_000, '1:04:32', '1 hour 4 minutes 32 seconds left'],
  [0, '0:00', '0 seconds left'],
  [-5000, '0:00', '0 seconds left'],
])('%i ms are %s', (ms, shown, spoken) => {
  expect([countdown(ms), spokenCountdown(ms)]).toEqual([shown, spoken]);
});
