/** JSON whose members may be missing: `JSON.stringify` leaves out what is `undefined`. */
export type Sparse = null | boolean | number | string | undefined | readonly Sparse[] | { readonly [key: string]: Sparse };
export type SparseObject = { readonly [key: string]: Sparse };
