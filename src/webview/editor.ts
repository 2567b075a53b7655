import type * as z from 'zod/mini';

declare function acquireVsCodeApi(): {
  readonly postMessage: (message: unknown) => void;
  readonly getState: () => unknown;
  readonly setState: (state: unknown) => void;
};

/** The extension, as a panel sees it. May be made once per page. */
export interface Editor<Out> {
  readonly post: (message: Out) => void;
  /** What the page of this panel kept before it was hidden, moved or reloaded; `undefined` in a new one. */
  readonly kept: () => unknown;
  readonly keep: (state: unknown) => void;
}

/** Listens to the extension; what does not parse is reported and dropped. */
export function connectEditor<In, Out>(schema: z.ZodMiniType<In>, receive: (message: In) => void): Editor<Out> {
  const api = acquireVsCodeApi();
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const message = schema.safeParse(data);
    if (message.success) receive(message.data);
    else console.error('Countersign: a message that this panel does not understand.', message.error);
  });
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- the editor's, not a browser window's
    post: (message) => api.postMessage(message),
    kept: () => api.getState(),
    keep: (state) => api.setState(state),
  };
}
