// The errors that a person sees.

export function answerFailed(cause: unknown): string {
  return `Your answer did not arrive: ${textOf(cause)}. The call still waits; try again.`;
}

export function notConnected(): string {
  return 'Countersign’s governor cannot be reached. Open the Approvals view for what to do.';
}

export function couldNot(what: string, cause: unknown): string {
  return `Countersign could not ${what}: ${textOf(cause)}.`;
}

export function noFolder(): string {
  return 'Open a folder first: a folder’s policy lies in its .countersign directory.';
}

export function textOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, '');
}
