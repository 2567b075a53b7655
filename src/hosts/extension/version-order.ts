/** Whether `a` is an earlier version than `b`. What is no version (`1.2.3`, with or without more) is not earlier than anything. */
export function isOlder(a: string, b: string): boolean {
  const [before, after] = [numbersOf(a), numbersOf(b)];
  if (!before || !after) return false;
  const at = before.findIndex((part, index) => part !== after[index]);
  return at !== -1 && (before[at] ?? 0) < (after[at] ?? 0);
}

function numbersOf(version: string): readonly number[] | undefined {
  return /^(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number);
}
