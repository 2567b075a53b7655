import type { Decision, RuleRef } from '../decision.ts';
import { combine, faultDecision } from '../policy/decide.ts';
import { brokenFile, exemptionsAt, type Finding } from '../policy/judge.ts';
import type { PolicySet } from '../policy/policy-set.ts';
import { Subject } from '../policy/subject.ts';
import type { Request } from '../request.ts';
import type { ArtifactEntry } from './document.ts';
import { misfit } from './fits.ts';
import { judgeStart, type Judging } from './judge-start.ts';
import { inWords, type ServerStart } from './start.ts';

/** Whether a server may start: what every ArtifactPolicy in force says of it. Never throws: a fault is a `deny`. */
export function decideStart(set: PolicySet, start: ServerStart, request: Request): Decision {
  try {
    const broken = set.files.filter((file) => file.problems.length > 0).map(brokenFile);
    return combine([...broken, ...judgings(set, start, request).flatMap(judgeStart), ...lockFinding(start)]);
  } catch (cause) {
    return faultDecision(cause);
  }
}

/** Each document with all that it is judged by. */
export function judgings(set: PolicySet, start: ServerStart, request: Request): readonly Judging[] {
  const subject = new Subject(request);
  const exemption = exemptionsAt(set.files, request);
  const known = isListed(set, start, subject);
  return set.files.flatMap((file) => file.artifacts.map((document) => ({ file, document, start, subject, exemption, known })));
}

/** Entries that ask for signatures: they have to be checked before `decideStart` is asked. */
export function signersWanted(set: PolicySet, server: string): readonly ArtifactEntry[] {
  return entriesOf(set, server).filter(({ signedBy }) => signedBy.length > 0);
}

/** Whether anything in force goes by what scanners said of this server: then that has to be looked up. */
export function scansWanted(set: PolicySet, server: string): boolean {
  const ofAll = set.files.some(({ artifacts }) => artifacts.some(({ scans }) => scans !== undefined));
  return ofAll || entriesOf(set, server).some(({ scans, conditions }) => scans !== undefined || conditions.length > 0);
}

function entriesOf(set: PolicySet, server: string): readonly ArtifactEntry[] {
  return set.files.flatMap(({ artifacts }) => artifacts.flatMap(({ servers }) => servers.filter(({ name }) => name === server)));
}

/** Somebody who may has said what it is. A workspace may not until a person has trusted that very file. */
function isListed(set: PolicySet, start: ServerStart, subject: Subject): boolean {
  const bySet = set.files.some(
    (file) =>
      file.layer !== 'built-in' &&
      file.trusted &&
      file.artifacts.some(
        ({ mode, servers }) =>
          mode === 'enforce' && servers.some((entry) => entry.name === start.server && misfit(entry, start, subject) === undefined),
      ),
  );
  return bySet || (start.lock?.trusted === true && start.lock.differs === undefined);
}

/** The repository's lock can only tighten. */
function lockFinding({ server, source, lock }: ServerStart): readonly Finding[] {
  if (lock?.differs === undefined) return [];
  const ref: RuleRef = { policy: lock.path, rule: server, layer: 'workspace', digest: lock.digest, action: 'deny', mode: 'enforce' };
  const reason = `MCP server "${server}" starts ${inWords(source)}, which is not what ${lock.path} has: ${lock.differs}.`;
  return [{ ref, reason, terms: {}, autoApprove: false, redact: [] }];
}
