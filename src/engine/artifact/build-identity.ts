/** What a certificate of Sigstore's says of the build that it was made for. */
export interface BuildIdentity {
  readonly issuer?: string;
  /** The workflow, as `https://github.com/owner/name/.github/workflows/file.yml@refs/…`. */
  readonly workflow?: string;
  /** Whose source was built: a workflow may be called by another repository. */
  readonly source?: string;
}

export interface WantedBuild {
  readonly repository: string;
  readonly workflow?: string | undefined;
}

const gitHub = 'https://token.actions.githubusercontent.com';

/** Why this is not that repository's build; `undefined`: it is. */
export function otherBuild({ issuer, workflow = '', source }: BuildIdentity, wanted: WantedBuild): string | undefined {
  const repository = `https://${wanted.repository.replace(/^https:\/\//, '').replace(/\.git$/, '')}`;
  if (!/^https:\/\/github\.com\/[\w.-]+\/[\w.-]+$/.test(repository))
    return `"${wanted.repository}" is not written like github.com/owner/name`;
  if (issuer !== gitHub) return `it was not signed by a build on GitHub (${issuer ?? 'nobody says where'})`;
  if (!isSame(source, repository)) return `it was built of ${source ?? 'an unknown source'}`;
  const [, builder, file] = /^(https:\/\/github\.com\/[^/@]+\/[^/@]+)\/\.github\/workflows\/([^/@]+)@refs\/.+$/.exec(workflow) ?? [];
  if (!isSame(builder, repository)) return `it was built by the workflow ${workflow}`;
  const asked = wanted.workflow?.replace(/^\.github\/workflows\//, '');
  return asked === undefined || asked === file ? undefined : `it was built by the workflow ${file ?? ''}`;
}

/** GitHub tells names of owners and repositories not apart by their case. */
function isSame(a: string | undefined, b: string): boolean {
  return a?.toLowerCase() === b.toLowerCase();
}
