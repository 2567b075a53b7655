/** The details' size after a drag or a key, within what leaves both panes usable; `undefined` for any other key. */
export function resized(size: number, by: number | string, room: number): number | undefined {
  const step = typeof by === 'number' ? by : steps[by];
  if (step === undefined) return undefined;
  return Math.round(Math.max(160, Math.min(size + step, room - 200)));
}

/** Towards the list the details grow. */
const steps: Readonly<Record<string, number>> = { ArrowLeft: 24, ArrowUp: 24, ArrowRight: -24, ArrowDown: -24 };
