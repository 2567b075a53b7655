import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { anchorOf } from '../../../src/storage/audit-anchors.ts';
import { signedLog } from '../../storage/signed-log.ts';
import { hasOpenssl, startAuthority } from '../../storage/time-stamp-authority.ts';
import { makePlace } from './run.ts';

test.runIf(hasOpenssl)('the time stamps beside the log are an anchor: with their authority, without it, and with another', async () => {
  using place = makePlace();
  mkdirSync(place.home, { mode: 0o700 });
  const { notes, path } = await signedLog([5, 5], 0, place.home);
  const authority = await startAuthority();
  const stamps = join(place.home, 'timestamps.jsonl');
  const anchor = anchorOf({ rfc3161: { url: authority.url } }, stamps);
  for (const note of notes) await anchor.publish(note);
  const holds = expect.stringMatching(/Time stamps that hold: 2, from 20\S+Z to 20\S+Z, by tsa\.$/m) as unknown;
  expect(await place.run(['audit', 'verify', '--anchor', `rfc3161:${authority.ca}`])).toMatchObject({ exitCode: 0, stdout: holds });
  // Of a copy, the time stamps beside it.
  expect(await place.run(['audit', 'verify', '--db', path, '--anchor', 'rfc3161'])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('Who that is was not checked') as unknown,
  });
  const other = await startAuthority();
  expect(await place.run(['audit', 'verify', '--anchor', `rfc3161:${other.ca}`])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('does not lead to an authority that was given') as unknown,
  });
  writeFileSync(stamps, '');
  expect(await place.run(['audit', 'verify', '--anchor', 'rfc3161'])).toMatchObject({ exitCode: 1 });
});
