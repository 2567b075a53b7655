import type { Status } from '../../channel/messages.ts';

/** Whether the governor says that no agent has our hooks. */
export function hooksMissing(status: Status): boolean {
  return status.problems.some(({ id }) => id.startsWith('hooks-'));
}
