/** Something a person asked for that cannot be done; `code` is for programs, the message for the person. */
export class Refused extends Error {
  readonly code: 'not-found' | 'already-answered' | 'reason-required' | 'busy' | 'not-allowed' | 'paused';

  constructor(code: Refused['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** What to tell about anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
