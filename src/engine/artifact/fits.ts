import type { JsonObject } from '../json.ts';
import type { RuleCondition } from '../policy/document.ts';
import type { Subject } from '../policy/subject.ts';
import { withoutTag } from './docker-run.ts';
import type { ArtifactEntry, EntrySource } from './document.ts';
import { signersKey, type ServerStart, type Source } from './start.ts';
import { artifactView } from './view.ts';

/** Why what is about to start is not what the entry has; `undefined`: it is. */
export function misfit(entry: ArtifactEntry, start: ServerStart, subject: Subject): string | undefined {
  return sourceMisfit(entry.source, start.source, subject.request.user.home) ?? unsigned(entry, start) ?? unmet(entry, start, subject);
}

export function unsigned({ signedBy }: ArtifactEntry, { signed }: ServerStart): string | undefined {
  if (signedBy.length === 0) return undefined;
  const found = signed?.get(signersKey(signedBy)) ?? { ok: false, why: 'its signatures were not verified' };
  return found.ok ? undefined : found.why;
}

/** One that cannot be evaluated is not met: nobody knows what it would have said. */
export function unmet({ conditions }: Pick<ArtifactEntry, 'conditions'>, start: ServerStart, subject: Subject): string | undefined {
  const artifact = artifactView(start);
  return conditions.map((one) => unmetBy(one, subject, artifact)).find((why) => why !== undefined);
}

function unmetBy({ condition }: RuleCondition, subject: Subject, artifact: JsonObject): string | undefined {
  const { expression } = condition;
  const result = condition.evaluate(subject, artifact);
  if (result.kind === 'true') return undefined;
  const text = `the condition \`${expression.replaceAll(/\s+/g, ' ').trim().slice(0, 120)}\``;
  return result.kind === 'false' ? `${text} is false` : `${text} could not be evaluated (${result.message})`;
}

export function sourceMisfit(wanted: EntrySource, found: Source, home: string): string | undefined {
  switch (wanted.kind) {
    case 'npm':
      if (found.kind !== 'npm' || found.name !== wanted.name) return `it should be ${wanted.name} from npm`;
      if (found.version !== wanted.version) return `it should be version ${wanted.version}`;
      if (wanted.integrity !== undefined && found.integrity !== wanted.integrity) return 'its archive has another hash (integrity)';
      return wanted.tree === undefined || found.tree === wanted.tree ? undefined : `its files have another hash (${found.tree})`;
    case 'image':
      if (found.kind !== 'image' || withoutTag(found.image) !== withoutTag(wanted.image)) return `it should be the image ${wanted.image}`;
      if (found.digest !== wanted.digest) return `the configuration has to name it as ${withoutTag(wanted.image)}@${wanted.digest}`;
      return wanted.options === undefined ? undefined : otherOptions(wanted.options, found.options ?? found.risky);
    case 'file': {
      const path = wanted.path.startsWith('~') ? home + wanted.path.slice(1) : wanted.path;
      if (found.kind !== 'file' || found.path !== path) return `it should be the file ${wanted.path}`;
      return found.sha256 === wanted.sha256 ? undefined : `the file has another hash (sha256:${found.sha256})`;
    }
    case 'url':
      return found.kind === 'url' && originOf(found.url) === wanted.origin ? undefined : `it should be at ${wanted.origin}`;
  }
}

/** Nothing more may be there, and nothing less. The order says something only among options of the same name: the last of them counts. */
function otherOptions(wanted: readonly string[], found: readonly string[]): string | undefined {
  const more = found.filter((option) => !wanted.includes(option));
  const less = wanted.filter((option) => !found.includes(option));
  if (more.length > 0) return `it is started with ${more.join(' ')}`;
  if (less.length > 0) return `it is started without ${less.join(' ')}`;
  const ordered = (options: readonly string[]): string => JSON.stringify(options.toSorted((a, b) => nameOf(a).localeCompare(nameOf(b))));
  return ordered(found) === ordered(wanted) ? undefined : 'its options are given more often, or in another order';
}

function nameOf(option: string): string {
  return option.replace(/=.*$/s, '');
}

function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}
