import * as z from 'zod/mini';

const locked = z.looseObject({
  version: z.optional(z.string()),
  integrity: z.optional(z.string()),
  link: z.optional(z.boolean()),
  resolved: z.optional(z.string()),
});
const shape = z.looseObject({ packages: z.record(z.string(), locked) });

/** What a package-lock.json says of the package that it was made for. */
export interface LockedPackage {
  readonly version: string;
  readonly integrity: string;
  /** How many packages it installs. */
  readonly packages: number;
}

/** Throws where anything in it is not held by a hash. */
export function readPackageLock(text: string, name: string): LockedPackage {
  const { '': _, ...packages } = z.parse(shape, JSON.parse(text)).packages;
  for (const [path, one] of Object.entries(packages))
    if (one.integrity === undefined || one.link === true)
      throw new Error(`${path.replace(/^.*node_modules\//, '')} has no hash that npm could check (${one.resolved ?? 'no address'}).`);
  const { version, integrity } = packages[`node_modules/${name}`] ?? {};
  if (version === undefined || integrity === undefined) throw new Error(`${name} is not in its own package-lock.json.`);
  return { version, integrity, packages: Object.keys(packages).length };
}
