import { resized } from './splitter.ts';
import type { Saved } from './saved.ts';

/** From this width on the details stand beside the list; the style sheet says the same. */
export const besides = 900;

/** Follows the pointer until it is released, or takes a step for an arrow key. */
export function dragSplitter(event: PointerEvent | KeyboardEvent, saved: Saved, keep: (saved: Saved) => void): void {
  const isBeside = window.innerWidth >= besides;
  const room = isBeside ? window.innerWidth : window.innerHeight;
  const start = isBeside ? saved.width : saved.height;
  const set = (size: number | undefined): void => {
    if (size !== undefined) keep({ ...saved, [isBeside ? 'width' : 'height']: size });
  };
  if (event instanceof KeyboardEvent) {
    const size = resized(start, event.key, room);
    if (size !== undefined) event.preventDefault();
    return set(size);
  }
  const handle = event.target;
  if (!(handle instanceof HTMLElement)) return;
  handle.setPointerCapture(event.pointerId);
  const from = isBeside ? event.clientX : event.clientY;
  const until = new AbortController();
  const move = (at: PointerEvent): void => set(resized(start, from - (isBeside ? at.clientX : at.clientY), room));
  handle.addEventListener('pointermove', move, { signal: until.signal });
  handle.addEventListener('lostpointercapture', () => until.abort(), { signal: until.signal });
}
