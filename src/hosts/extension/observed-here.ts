import type { Status } from '../../channel/messages.ts';
import { visibleText } from '../../engine/guardrail/visible-text.ts';
import { isInFolder } from '../../engine/policy/observing.ts';

/** That calls are only observed, as a sentence, where it is so for one of these folders or for all calls. */
export function observedHere({ observing = [] }: Pick<Status, 'observing'>, folders: readonly string[]): string | undefined {
  const isHere = observing.some(
    ({ folder }) => folder === undefined || folders.some((one) => isInFolder(one, folder) || isInFolder(folder, one)),
  );
  return isHere ? observedAnywhere({ observing }) : undefined;
}

/** The same, wherever it is so. */
export function observedAnywhere({ observing = [] }: Pick<Status, 'observing'>): string | undefined {
  if (observing.length === 0) return undefined;
  const places = observing.map(({ folder }) => (folder === undefined ? 'everywhere' : `in ${visibleText(folder)}`)).join(', ');
  return `Countersign only observes ${places}: calls are recorded, not stopped. Your organisation’s policies stay in force.`;
}
