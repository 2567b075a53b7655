/** What a person typed for a price: one number. */
export function readAmount(text: string): number | undefined {
  const amount = /^\$?\s*(\d+(?:\.\d+)?)$/.exec(text.trim())?.[1];
  return amount === undefined ? undefined : Number(amount);
}

export interface CacheRates {
  readonly cacheRead?: number;
  readonly cacheWrite5m?: number;
  readonly cacheWrite1h?: number;
}

/** Up to three numbers: reading the cache, writing it for five minutes, writing it for an hour; empty: as the input. */
export function readCacheRates(text: string): CacheRates | undefined {
  const parts = text.split(/[\s,;/]+/).filter(Boolean);
  const [cacheRead, cacheWrite5m, cacheWrite1h] = parts.map(readAmount);
  if (parts.length > 3 || parts.some((part) => readAmount(part) === undefined)) return undefined;
  return {
    ...(cacheRead !== undefined && { cacheRead }),
    ...(cacheWrite5m !== undefined && { cacheWrite5m }),
    ...(cacheWrite1h !== undefined && { cacheWrite1h }),
  };
}
