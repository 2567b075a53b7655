import type { Environment } from '@marcbachmann/cel-js';
import { declared } from './declared.ts';

/** Each field with its type and what the reference says of it. */
type Fields = Readonly<Record<string, readonly [type: string, help: string]>>;

/**
 * What conditions of an ArtifactPolicy see of the server that is about to start, in the words of docs/mcp-artifacts.md. To them it is a map,
 * because what it has depends on its kind; whoever writes one is offered all that may be there. Inner types first.
 */
export const artifactTypes: Readonly<Record<string, Fields>> = {
  Finding: {
    severity: ['string', 'none, unknown, low, medium, high or critical.'],
    id: ['string', 'The scanner’s own name of it, such as GHSA-aaaa-bbbb-cccc.'],
    title: ['string', 'What the scanner says of it.'],
  },
  Scan: {
    at: ['string', 'When it looked, as text: timestamp(…) makes a time of it.'],
    max: ['string', 'The worst severity that it found.'],
    found: ['double', 'How many findings there are.'],
    findings: ['list<Finding>', 'What it found.'],
    unavailable: ['string', 'Why it could not look; then nothing else but "at" is there.'],
  },
  Artifact: {
    server: ['string', 'The server as clients’ configurations call it.'],
    command: ['list<string>', 'The command line that starts it, as it is configured.'],
    kind: ['string', 'What runs: npm, file, image, url, pypi or program. The fields that are there depend on it.'],
    scans: ['map<string, Scan>', 'What scanners said of these bytes, by their name. A scanner that has not looked is missing.'],
    name: ['string', 'Of npm and pypi: the package.'],
    version: ['string', 'Of npm: the exact version.'],
    integrity: ['string', 'Of npm: the hash of the package’s archive.'],
    tree: ['string', 'Of npm: the hash of everything that is installed for it.'],
    packages: ['double', 'Of npm: how many packages that is.'],
    spec: ['string', 'Of pypi: the version, range or tag that is asked for.'],
    image: ['string', 'Of image: its name.'],
    digest: ['string', 'Of image: sha256:…, where it is known.'],
    options: ['list<string>', 'Of image: what its container is started with.'],
    risky: ['list<string>', 'Of image: those of its options that open the container.'],
    path: ['string', 'Of file and program: where it lies.'],
    sha256: ['string', 'Of file: its hash.'],
    lock: ['string', 'Of file: the hash of the lock file beside it.'],
    url: ['string', 'Of url: its address.'],
    fetches: ['bool', 'Of program: whether it would run what it downloads.'],
  },
};

export const artifactHelp = 'The MCP server that is about to start.';

let known: Environment | undefined;

/** What such conditions can speak of, to look at: nothing is evaluated with it. */
export function declaredOfArtifacts(): Environment {
  if (known !== undefined) return known;
  const environment = declared.clone();
  for (const [name, fields] of Object.entries(artifactTypes))
    environment.registerType(name, {
      ctor: class {
        readonly type = name;
      },
      fields: Object.fromEntries(Object.entries(fields).map(([field, [type]]) => [field, type])),
    });
  environment.registerVariable('artifact', 'Artifact');
  return (known = environment);
}
