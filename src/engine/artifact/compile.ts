import { Conditions } from '../policy/compile-conditions.ts';
import { parseDuration } from '../policy/duration.ts';
import type { Position } from '../policy/position.ts';
import type { YamlDocument } from '../policy/yaml-source.ts';
import { dockerOptions } from './docker-run.ts';
import type { ArtifactDocument, ArtifactEntry, EntrySource } from './document.ts';
import type { ScanDemand } from './scan-demand.ts';
import type { ArtifactPolicySource, ScansSource, ServerSource } from './schema.ts';

interface ArtifactProblem {
  readonly position: Position;
  readonly message: string;
}

/** Compiles a document whose shape is already checked. What is wrong goes to `problems`; then the result is of no use. */
export function compileArtifacts(
  { spec, metadata }: ArtifactPolicySource,
  yaml: YamlDocument,
  problems: ArtifactProblem[],
): ArtifactDocument {
  const conditions = new Conditions(yaml, problems, { unknownPrograms: 'match', ofArtifacts: true });
  const entry = (server: ServerSource, index: number) => entryOf(server, ['spec', 'servers', index], { yaml, problems, conditions });
  return {
    kind: 'ArtifactPolicy',
    name: metadata.name,
    ...(metadata.description === undefined ? {} : { description: metadata.description }),
    mode: spec.mode ?? 'enforce',
    servers: (spec.servers ?? []).flatMap(entry),
    ...demandOf(spec),
    defaultAction: spec.defaultAction ?? 'require_approval',
    unpinned: spec.unpinned ?? 'abstain',
    tests: (spec.tests ?? []).map(({ rule, ...test }, index) => ({
      ...test,
      ...(rule === undefined ? {} : { rule }),
      position: yaml.where(['spec', 'tests', index]),
    })),
    position: yaml.where(['metadata', 'name']),
  };
}

type Path = readonly PropertyKey[];

interface Compiling {
  readonly yaml: YamlDocument;
  readonly problems: ArtifactProblem[];
  readonly conditions: Conditions;
}

function entryOf(server: ServerSource, path: Path, { yaml, problems, conditions }: Compiling): readonly ArtifactEntry[] {
  const problem = (at: Path, message: string): readonly [] => {
    problems.push({ position: yaml.where(at), message });
    return [];
  };
  (server.signedBy ?? []).forEach((signer, index) => {
    if ((signer.sigstore === undefined) === (signer.ssh === undefined))
      problem([...path, 'signedBy', index], 'A signer is exactly one of sigstore, ssh');
  });
  const source = sourceOf(server.source);
  if (typeof source === 'string') return problem([...path, 'source'], source);
  const { name, signedBy = [], tools = 'reviewed' } = server;
  const compiled = conditions.at(server.conditions, [...path, 'conditions']);
  return [{ name, source, signedBy, ...demandOf(server), conditions: compiled, tools, position: yaml.where([...path, 'name']) }];
}

function demandOf({ scans }: { readonly scans?: ScansSource | undefined }): { readonly scans?: ScanDemand } {
  if (scans === undefined) return {};
  const { required, maxSeverity, maxAge, otherwise = 'deny' } = scans;
  const ms = maxAge === undefined ? undefined : parseDuration(maxAge);
  return {
    scans: {
      required,
      otherwise,
      ...(maxSeverity === undefined ? {} : { maxSeverity }),
      ...(maxAge === undefined || ms === undefined ? {} : { maxAge: { ms, text: maxAge } }),
    },
  };
}

const kinds = ['npm', 'image', 'file', 'url'] as const;
/** What may stand beside each kind. */
const companions = { npm: ['version', 'integrity', 'tree'], image: ['options'], file: ['sha256'], url: [] } as const;

/** What a source means, or what is wrong with it. */
function sourceOf(source: ServerSource['source']): EntrySource | string {
  const given = kinds.filter((kind) => source[kind] !== undefined);
  const [kind] = given;
  if (kind === undefined || given.length > 1)
    return `A source is exactly one of npm, image, file, url; this one has ${given.length === 0 ? 'none' : given.join(' and ')}`;
  const allowed: readonly string[] = [kind, ...companions[kind]];
  const odd = Object.keys(source).find((field) => !allowed.includes(field));
  if (odd !== undefined) return `"${odd}" does not go with "${kind}"`;
  const { npm = '', version, integrity, tree, image = '', options, file = '', sha256, url = '' } = source;
  switch (kind) {
    case 'npm':
      if (version === undefined) return 'An npm package needs "version": without it anything may come under its name';
      return { kind, name: npm, version, ...(integrity === undefined ? {} : { integrity }), ...(tree === undefined ? {} : { tree }) };
    case 'image': {
      const [name = '', digest = ''] = image.split('@');
      const pinned = options === undefined ? undefined : dockerOptions(options);
      if (options !== undefined && pinned === undefined)
        return 'Its "options" are not all understood: each is one option of docker run with its value';
      return { kind, image: name, digest, ...(pinned === undefined ? {} : { options: pinned }) };
    }
    case 'file':
      if (sha256 === undefined) return 'A file needs "sha256": without it anything may stand in its place';
      if (!/^(~|\/|[A-Za-z]:[\\/])/.test(file)) return 'A file is named by its absolute path, or from "~"';
      return { kind, path: file, sha256: sha256.replace('sha256:', '') };
    case 'url':
      return URL.canParse(url) ? { kind, origin: new URL(url).origin } : `"${url}" is no address`;
  }
}
