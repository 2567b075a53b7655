import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { runPrint } from '../../lab/claude/client.ts';
import { until } from '../../lab/editor/until.ts';
import type { MadeCall } from '../../lab/claude/model.ts';
import { govern, type Governed } from './governed.ts';

/** What the client says when nobody was there to hear that a session ends. */
const unheardEnd = /^SessionEnd hook \[[^\n]*\] failed: [^\n]*\n(?:(?:read |connect )?E[A-Z]+[^\n]*\n)?/gm;
const sessions = 3;
const callsEach = 24;
const recordsSchema = z.array(
  z.object({
    entry: z.object({
      kind: z.string(),
      session: z.optional(z.string()),
      callId: z.optional(z.string()),
      action: z.optional(z.string()),
      detail: z.optional(z.looseObject({ cause: z.optional(z.string()) })),
    }),
  }),
);

test('several sessions, while the governor is killed and started again and again: nothing runs that was not allowed and recorded', async () => {
  let asked = 0;
  // A prompt that finds no governor is refused, and with it the whole session: the unrest begins when all are at work.
  const atWork = gathering(sessions);
  // One blow after the other: a governor that is just being started cannot be killed.
  let unrest: Promise<unknown> = Promise.resolve();
  await using lab = await govern((governed) => async (ask) => {
    await atWork(ask.session);
    asked += 1;
    if (asked % 12 === 6) unrest = unrest.then(() => governed.signalGovernor('SIGKILL'));
    if (asked % 12 === 0) unrest = unrest.then(() => governed.succeeds('sessions'));
    await unrest;
    if (ask.step >= callsEach) return {};
    return governed.mark(`${ask.step % 2 === 0 ? 'allowed' : 'denied'}-${ask.session}-${ask.step}`).turn;
  });
  const runs = await Promise.all(Array.from({ length: sessions }, () => runPrint(lab.scratch, { prompt: 'go' })));
  await lab.succeeds('sessions');

  const calls = lab.model.calls();
  // What a session said at its end tells why it made fewer. Its very end may fall into a blow as well: nothing hangs on that message.
  expect({ calls: calls.length, ends: runs.map(({ exitCode, stderr }) => `${exitCode} ${stderr.replaceAll(unheardEnd, '')}`) }).toEqual({
    calls: sessions * callsEach,
    ends: Array.from({ length: sessions }, () => '0 '),
  });
  const ran = calls.filter((call) => runsOf(lab, call) > 0);
  expect(ran.filter((call) => commandOf(call).startsWith('echo denied'))).toEqual([]);
  expect(ran.filter((call) => runsOf(lab, call) > 1)).toEqual([]);
  const allowed = await allowedOnRecord(lab);
  expect(ran.filter((call) => !allowed.has(call.id))).toEqual([]);
  // Otherwise this test has shown nothing: some calls met a governor, and some met none.
  expect(ran.length).toBeGreaterThan(0);
  expect(ran.length).toBeLessThan(calls.length / 2);
  await lab.succeeds('audit', 'verify');
  // Decided in a governor that died, or in a hook of its own: it is on record, so nothing of it counts as ungoverned.
  await runPrint(lab.scratch, { prompt: 'go', args: ['--bare'] });
  const bare = lab.model.calls().at(-1);
  await until('the last session to be noticed', async () => (await ungoverned(lab)).includes(bare?.session));
  expect(new Set(await ungoverned(lab))).toEqual(new Set([bare?.session]));
});

/** Resolves for everybody when that many have come. */
function gathering(size: number): (who: string) => Promise<void> {
  const came = new Set<string>();
  const { promise, resolve } = Promise.withResolvers<void>();
  return (who) => {
    if (came.add(who).size >= size) resolve();
    return promise;
  };
}

function commandOf(call: MadeCall): string {
  return String(call.input['command']);
}

function runsOf(lab: Governed, call: MadeCall): number {
  const name = commandOf(call).split(' ')[1] ?? '';
  return lab.mark(name).runs();
}

/** The sessions of which something ran without a decision. */
async function ungoverned(lab: Governed): Promise<readonly (string | undefined)[]> {
  const records = z.parse(recordsSchema, JSON.parse(await lab.succeeds('audit', 'list', '--json', '--limit', '10000')));
  return records.flatMap(({ entry }) => (entry.kind === 'incident' && entry.detail?.cause !== undefined ? [entry.session] : []));
}

async function allowedOnRecord(lab: Governed): Promise<ReadonlySet<string>> {
  const records = z.parse(recordsSchema, JSON.parse(await lab.succeeds('audit', 'list', '--json', '--limit', '10000')));
  return new Set(
    records.flatMap(({ entry }) =>
      entry.kind === 'decision' && entry.action === 'allow' && entry.callId !== undefined ? [entry.callId] : [],
    ),
  );
}
