import type { OwnAnswer, OwnMethods } from '../../channel/own-messages.ts';

/** How a tool of our own server reaches the governor. */
export type AskGovernor = <M extends keyof OwnMethods>(method: M, params: OwnMethods[M]['params']) => Promise<OwnAnswer>;
