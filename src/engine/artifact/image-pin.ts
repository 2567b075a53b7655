import { modeOf, type PolicySet } from '../policy/policy-set.ts';
import { withoutTag } from './docker-run.ts';
import type { Source } from './start.ts';

/**
 * An image that is named by its tag, as the digest that policies have under that server's name: nobody knows what the tag is today, and
 * the digest is what the gateway starts then. Only by policies that count; a workspace's does not until a person has trusted it.
 */
export function pinnedSource({ files }: PolicySet, server: string, source: Source): Source {
  if (source.kind !== 'image' || source.digest !== undefined) return source;
  const entries = files.flatMap((file) =>
    file.trusted ? file.artifacts.filter((document) => modeOf(file, document) === 'enforce').flatMap(({ servers }) => servers) : [],
  );
  for (const { name, source: wanted } of entries)
    if (name === server && wanted.kind === 'image' && withoutTag(wanted.image) === withoutTag(source.image))
      return { ...source, digest: wanted.digest };
  return source;
}
