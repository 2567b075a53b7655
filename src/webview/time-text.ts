/** `4:32`, `1:04:32`; `0:00` when it is over. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [hours = 0, minutes = 0, rest = 0] = parts;
  const pad = (value: number): string => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(rest)}` : `${minutes}:${pad(rest)}`;
}

/** For a screen reader: `4 minutes 32 seconds left`. */
export function spokenCountdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const words = [count(Math.floor(seconds / 3600), 'hour'), count(Math.floor(seconds / 60) % 60, 'minute'), count(seconds % 60, 'second')];
  return `${words.filter(Boolean).join(' ') || '0 seconds'} left`;
}

/** `14:03:09` in the reader's time zone. */
export function clockTime(ms: number): string {
  return new Date(ms).toLocaleTimeString([], { hourCycle: 'h23' });
}

/** `14:03` */
export function clockMinutes(ms: number): string {
  return new Date(ms).toLocaleTimeString([], { hourCycle: 'h23', hour: '2-digit', minute: '2-digit' });
}

function count(value: number, word: string): string {
  return value === 0 ? '' : `${value} ${word}${value === 1 ? '' : 's'}`;
}
