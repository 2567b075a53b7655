import type { ToInbox } from './messages.ts';

/** What the extension last said. */
export type InboxState = Extract<ToInbox, { type: 'state' }>;
