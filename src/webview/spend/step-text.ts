/** `14:00`, or `Nov 20` as the reader's language has it. */
export function stepText(start: number, step: 'hour' | 'day'): string {
  const at = new Date(start);
  if (step === 'hour') return at.toLocaleTimeString([], { hourCycle: 'h23', hour: '2-digit', minute: '2-digit' });
  return at.toLocaleDateString([], { month: 'short', day: 'numeric' });
}

/** `Nov 20, 14:03`, the day left out today. */
export function momentText(at: number, now: number): string {
  const time = stepText(at, 'hour');
  return new Date(at).toDateString() === new Date(now).toDateString() ? time : `${stepText(at, 'day')}, ${time}`;
}
