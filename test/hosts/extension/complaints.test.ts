import { expect, test } from 'vitest';
import { couldNot } from '../../../src/hosts/extension/complaints.ts';

test.each([
  [
    '[x](command:workbench.action.terminal.new) is not a file',
    'Countersign could not do it: [x] (command:workbench.action.terminal.new) is not a file.',
  ],
  ['\u202Etxt.exe is not a file', 'Countersign could not do it: ‹U+202E›txt.exe is not a file.'],
])('%s: an error repeats a name as text, never as a link', (message, said) => {
  expect(couldNot('do it', new Error(message))).toBe(said);
});
