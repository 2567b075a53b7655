import type { Hello, Method, Methods, Push, WindowState } from './messages.ts';

/** One client that said hello. */
export interface Peer {
  readonly client: Hello['client'];
  readonly pid: number;
  readonly version: string;
  /** The folders and focus it last told; `undefined` for what is not a window. */
  window: WindowState | undefined;
  /** Aborted when the line is closed. */
  readonly closed: AbortSignal;
  readonly push: (push: Push) => void;
}

type Operation<M extends Method> = (params: Methods[M]['params'], peer: Peer) => Methods[M]['result'] | Promise<Methods[M]['result']>;

/** What the governor process does for its clients. `hello` and `window` keep what they tell in `peer` beforehand. */
export type Service = { readonly [M in Method]: Operation<M> };
