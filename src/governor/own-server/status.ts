import type { PolicyFile } from '../../engine/policy/policy-set.ts';
import { modeOf } from '../../engine/policy/policy-set.ts';
import { sessionStandings } from '../budget/standings.ts';
import { haltedReason } from '../halted.ts';
import { observationsOf } from '../observing.ts';
import type { Office } from '../office.ts';
import type { SessionRecord } from '../ports.ts';
import { budgetLine } from './budget-line.ts';

/** What governs the session, and how it stands. */
export async function statusText(office: Office, cwd: string, session: SessionRecord | undefined): Promise<string> {
  const folder = session?.cwd ?? cwd;
  const { files } = office.ports.policies.inForce(folder);
  return [
    session === undefined
      ? 'This session is not known to Countersign.'
      : `Session ${session.id} of ${session.agent}: ${session.calls} calls, ${session.denials} refused.`,
    ...haltedLines(office, folder, session),
    'Policies in force:',
    ...policyLines(files),
    ...(session === undefined ? [] : [...(await budgetLines(office, session)), ...openLines(office, session)]),
  ].join('\n');
}

function haltedLines(office: Office, folder: string, session: SessionRecord | undefined): readonly string[] {
  const halted = haltedReason(office.ports, session);
  const { root } = office.ports.surroundings.workspace(folder);
  const observed =
    observationsOf(office, root).length > 0 ? ['Policies of the user and the workspace are only observed here for now.'] : [];
  return halted === undefined ? observed : [halted, ...observed];
}

function policyLines(files: readonly PolicyFile[]): readonly string[] {
  const packs = [...new Set(files.flatMap(({ documents }) => documents.flatMap((document) => document.packs)))];
  return [
    ...Object.entries(Object.groupBy(files, ({ layer }) => layer)).map(
      ([layer, ofLayer]) => `- ${layer}: ${ofLayer.flatMap(namesOf).join(', ')}`,
    ),
    ...(packs.length === 0 ? [] : [`- packs: ${packs.join(', ')}`]),
    ...files
      .filter(({ problems }) => problems.length > 0)
      .map(({ path }) => `- ${path} cannot be used, and denies until a person puts it right`),
  ];
}

function namesOf(file: PolicyFile): readonly string[] {
  const { documents, budgets, guardrails } = file;
  return [
    ...documents.map((document) => (modeOf(file, document) === 'observe' ? `${document.name} (only observes)` : document.name)),
    ...[...budgets, ...guardrails].map(({ name }) => name),
  ];
}

async function budgetLines(office: Office, session: SessionRecord): Promise<readonly string[]> {
  const standings = await sessionStandings(office, session);
  return standings.length === 0 ? [] : ['Budgets:', ...standings.map(budgetLine)];
}

function openLines({ approvals }: Office, session: SessionRecord): readonly string[] {
  const open = approvals.open().filter((approval) => approval.session === session.id);
  return open.length === 0
    ? ['Nothing of this session waits for a person.']
    : ['Waiting for a person:', ...open.map(({ id, nativeTool, arguments: input }) => `- ${id}: ${nativeTool} ${JSON.stringify(input)}`)];
}
