/** Nothing came of what an agent asked; the message says why. */
export class NotTold extends Error {}
