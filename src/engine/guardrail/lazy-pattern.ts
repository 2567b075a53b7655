/** A regular expression that is made when it is first needed: there are hundreds, and an ordinary text needs few of them. */
export interface LazyPattern {
  readonly source: () => string;
  readonly compiled: () => RegExp;
}

export function lazyPattern(source: () => string, flags: string): LazyPattern {
  let made: RegExp | undefined;
  return { source, compiled: () => (made ??= new RegExp(source(), flags)) };
}
