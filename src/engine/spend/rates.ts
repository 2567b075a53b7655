/** US dollars per million tokens. What is left out of the cache costs what `input` does, `cacheWrite1h` what `cacheWrite5m` does. */
export interface Rates {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly cacheWrite5m?: number;
  readonly cacheWrite1h?: number;
}
