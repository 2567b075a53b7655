import * as z from 'zod/mini';

const rates = {
  input: z.number(),
  output: z.number(),
  cacheRead: z.exactOptional(z.number()),
  cacheWrite5m: z.exactOptional(z.number()),
  cacheWrite1h: z.exactOptional(z.number()),
};

/** What a source says that some models cost, from a day on; US dollars per million tokens. */
export const sourceRow = z.strictObject({
  models: z.array(z.string()),
  from: z.exactOptional(z.string()),
  ...rates,
  tiers: z.exactOptional(z.array(z.strictObject({ above: z.number(), ...rates }))),
  fast: z.exactOptional(z.strictObject(rates)),
});
export type SourceRow = Readonly<z.infer<typeof sourceRow>>;

/** An excerpt of a package, so that the table can be joined and compared without network. */
export const excerpt = z.strictObject({
  package: z.string(),
  version: z.string(),
  /** When its prices were collected. */
  date: z.string(),
  licence: z.string(),
  rows: z.array(sourceRow),
});
export type Excerpt = Omit<z.infer<typeof excerpt>, 'rows'> & { readonly rows: readonly SourceRow[] };
