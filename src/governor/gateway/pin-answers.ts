import type { Approver } from '../../engine/approval/approval.ts';
import { changesIn } from '../../engine/artifact/pins/change-call.ts';
import { itemOf, titleOf, versionOf, type PinnedKind } from '../../engine/artifact/pins/known.ts';
import { answered } from '../../engine/artifact/pins/review.ts';
import { serverQuestion } from '../../engine/artifact/server-question.ts';
import { Refused } from '../fault.ts';
import type { Office } from '../office.ts';

/** More are named by their number. */
const mostNamed = 5;

export interface PinChoice {
  readonly server: string;
  /** Left out: all that wait. */
  readonly name?: string;
  readonly kind?: PinnedKind;
  readonly accept: boolean;
}

/** A person decides without having been asked. Resolves with what was decided on. */
export async function answerPins(office: Office, { server, name, kind, accept }: PinChoice, by: Approver): Promise<readonly string[]> {
  const { ports, ledger } = office;
  const known = ports.pins?.get(server);
  if (known === undefined) throw new Refused('not-found', `Nothing is known of an MCP server "${server}".`);
  const wanted = accept ? 'accepted' : 'denied';
  const chosen = known.items
    .filter((item) => (name === undefined || item.name === name) && (kind === undefined || item.kind === kind))
    .flatMap((item) =>
      item.versions.filter(({ digest, state }) => digest === item.current && state !== wanted).map(({ digest }) => ({ ...item, digest })),
    )
    .filter((item) => name !== undefined || item.versions.some(({ digest, state }) => digest === item.digest && state === 'asked'));
  if (chosen.length === 0) return [];
  const names = chosen.map(titleOf);
  const at = ports.clock.now();
  await ledger.write(
    {
      kind: 'config-change',
      mcpServer: server,
      reason: `Of MCP server ${server}, ${named(names)} ${names.length === 1 ? 'is' : 'are'} ${wanted} by ${by.user}.`,
      approver: { ...by, waitedMs: 0, reason: '' },
      detail: { event: 'mcp-pins-answered', accept, digests: chosen.map(({ digest }) => digest) },
    },
    'synced',
  );
  ports.pins?.save(answered(known, chosen, { accept, by: by.user, at }));
  await closeAnswered(office, server, accept, by);
  return names;
}

/** Questions about what a person has decided on elsewhere are answered by it. */
async function closeAnswered({ ports, approvals }: Office, server: string, accept: boolean, by: Approver): Promise<void> {
  const isAsked = ({ kind, name, digest }: ReturnType<typeof changesIn>[number]): boolean =>
    versionOf(itemOf(ports.pins?.get(server), kind, name), digest)?.state === 'asked';
  const done = approvals
    .open()
    .filter((one) => serverQuestion(one) === 'change' && one.mcpServer === server && !changesIn(one.arguments).some(isAsked));
  for (const { id } of done) await approvals.answer(id, { outcome: accept ? 'approved' : 'denied', scope: 'once', reason: '' }, by);
}

export function named(names: readonly string[]): string {
  return names.length <= mostNamed ? names.join(', ') : `${names.length} tools and prompts`;
}
