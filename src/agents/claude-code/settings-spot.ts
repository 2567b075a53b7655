/** What puts something right. */
export interface Fix {
  /** A sentence for the person. */
  readonly say: string;
  /** The member that goes, or becomes `set`. Left out: it takes more than that. */
  readonly edit?: { readonly path: readonly string[]; readonly set?: unknown };
}

/** Something in a settings file, by the member that says it. */
export interface Spot {
  readonly path: readonly string[];
  /** Half a sentence, without a full stop: what it does. */
  readonly message: string;
  readonly fix?: Fix;
}
