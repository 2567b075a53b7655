import type { Frame } from './frame.ts';
import { introductionIn, promisingChanges, withoutInstructions } from './introduction.ts';
import type { Judge } from './judge.ts';
import { withoutHidden, type List, type ListItem } from './lists.ts';
import type { ShownItems } from './shown.ts';
import type { Speaker } from './speaker.ts';

interface Watch {
  readonly judge: Judge;
  readonly speaker: Speaker;
  readonly shown: ShownItems;
  readonly note: (text: string) => void;
}

interface VisibleList {
  readonly line: Buffer;
  /** Of the policies by which it was made; left out: nobody could say. */
  readonly revision?: number;
}

/** A list as the agent gets it. Where nobody can say what is hidden, all is shown: no call of it gets through. Never rejects. */
export async function visibleList(frame: Frame, list: List, { judge, speaker, shown, note }: Watch): Promise<VisibleList> {
  let revision: number | undefined;
  const ask = async (kind: typeof list.kind, items: readonly ListItem[]): Promise<readonly string[]> => {
    const names = [...new Set(items.map(({ name }) => name))];
    const [{ hidden, revision: at }, blocked] = await Promise.all([
      judge.ask('mcpList', { ...speaker.from(), kind, names }),
      kind === 'resource' ? [] : shown.blocked(kind, items),
    ]);
    revision = at;
    return [...hidden, ...blocked];
  };
  const line = await withoutHidden(frame, list, ask).catch((error: unknown) => {
    note(`All ${list.items} are shown: ${error instanceof Error ? error.message : String(error)}`);
    return frame.bytes;
  });
  return { line, ...(revision === undefined ? {} : { revision }) };
}

/** What a model reads of a server before anything is called. Where nobody can say whether it was accepted, it is shown. Never rejects. */
export async function visibleIntroduction(frame: Frame, method: string, { shown, note }: Pick<Watch, 'shown' | 'note'>): Promise<Buffer> {
  try {
    const { instructions } = introductionIn(frame);
    const blocked = instructions === undefined ? [] : await shown.blocked('instructions', [{ name: '', definition: instructions }]);
    const line = blocked.length > 0 ? withoutInstructions(frame) : frame.bytes;
    return method === 'initialize' ? promisingChanges(line) : line;
  } catch (error) {
    note(`What the server says of itself is passed on: ${error instanceof Error ? error.message : String(error)}`);
    return frame.bytes;
  }
}
