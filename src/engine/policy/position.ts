/** A place in a policy file. Lines and columns count from 1; `end` is exclusive. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}
