import * as z from 'zod/mini';

const entry = z.looseObject({
  name: z.optional(z.string()),
  version: z.optional(z.string()),
  integrity: z.optional(z.string()),
  license: z.optional(z.unknown()),
  link: z.optional(z.boolean()),
  dependencies: z.optional(z.record(z.string(), z.string())),
  optionalDependencies: z.optional(z.record(z.string(), z.string())),
  peerDependencies: z.optional(z.record(z.string(), z.string())),
});
const lock = z.looseObject({ lockfileVersion: z.union([z.literal(2), z.literal(3)]), packages: z.record(z.string(), entry) });

type Entry = z.infer<typeof entry>;
type Packages = Readonly<Record<string, Entry>>;

/** What the log says of a bill of materials: which one it is, by its text. */
export interface Bill {
  readonly components: number;
  /** Hex, of the text. */
  readonly sha256: string;
}

/** As it is printed, and kept. */
export function sbomText(lockText: string): { readonly text: string; readonly components: number } {
  const bill = sbomOf(lockText);
  return { text: `${JSON.stringify(bill, undefined, 2)}\n`, components: bill.components.length };
}

/**
 * What a package-lock.json installs, as CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json). The same lock gives the same text: it has no time
 * and no number in it. Throws on what is no lock of npm 7 or later.
 */
export function sbomOf(lockText: string) {
  const { '': root = {}, ...all } = z.parse(lock, JSON.parse(lockText)).packages;
  const packages = Object.fromEntries(Object.entries(all).filter(([path, { link }]) => nameAt(path) !== undefined && link !== true));
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', 'bom-ref': rootRef, name: root.name ?? 'unnamed', ...versionOf(root) } },
    components: Object.entries(packages).map(([path, one]) => component(path, one)),
    dependencies: Object.entries({ '': root, ...packages }).map(([path, one]) => ({
      ref: path === '' ? rootRef : path,
      dependsOn: [...new Set(namesOf(one).flatMap((name) => placeOf(packages, path, name) ?? []))],
    })),
  };
}

const rootRef = 'root';

function component(path: string, { name = nameAt(path) ?? '', version, integrity, license }: Entry) {
  const [group, bare = name] = name.startsWith('@') ? name.split('/') : [undefined, name];
  const hashes = hashesOf(integrity);
  return {
    type: 'library',
    'bom-ref': path,
    ...(group === undefined ? {} : { group }),
    name: bare,
    ...versionOf({ version }),
    purl: `pkg:npm/${name.split('/').map(encodeURIComponent).join('/')}${version === undefined ? '' : `@${encodeURIComponent(version)}`}`,
    ...(hashes.length === 0 ? {} : { hashes }),
    ...(typeof license === 'string' && license !== '' ? { licenses: [licenseOf(license)] } : {}),
  };
}

function versionOf({ version }: Pick<Entry, 'version'>): { readonly version?: string } {
  return version === undefined ? {} : { version };
}

const algorithms: Readonly<Record<string, string>> = { sha1: 'SHA-1', sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' };

function hashesOf(integrity = ''): readonly { readonly alg: string; readonly content: string }[] {
  return integrity.split(/\s+/).flatMap((one) => {
    const [, name = '', value = ''] = /^(sha\d+)-([A-Za-z0-9+/]+=*)$/.exec(one) ?? [];
    const alg = algorithms[name];
    return alg === undefined ? [] : [{ alg, content: Buffer.from(value, 'base64').toString('hex') }];
  });
}

/** What is no expression of SPDX's ("SEE LICENSE IN …") is a name. */
function licenseOf(text: string) {
  return /^\(*[\w.+-]+\)*( (AND|OR|WITH) \(*[\w.+-]+\)*)*$/.test(text) ? { expression: text } : { license: { name: text } };
}

function nameAt(path: string): string | undefined {
  return /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path)?.[1];
}

function namesOf({ dependencies = {}, optionalDependencies = {}, peerDependencies = {} }: Entry): readonly string[] {
  return Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
}

/** As Node looks for it: beside what needs it, then further out. */
function placeOf(packages: Packages, from: string, name: string): string | undefined {
  for (let at = from; ; at = at.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, '')) {
    const place = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (Object.hasOwn(packages, place)) return place;
    if (at === '' || !at.includes('node_modules/')) return undefined;
  }
}
