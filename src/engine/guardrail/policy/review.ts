import { parseDuration } from '../../policy/duration.ts';
import type { ReviewDetection } from './document.ts';
import type { DetectionSource } from './schema.ts';

const usualMs = 2_000;
/** Agents give a hook that looks at results half a minute; past it they may go on without us. */
const longestMs = 10_000;

/** A review as it is written, or nothing: then `complain` said why. */
export function reviewOf(
  { name, prompt, action, timeout, onError = 'deny' }: DetectionSource & { readonly name: string; readonly prompt: string },
  complain: (field: 'action' | 'timeout', message: string) => void,
): readonly ReviewDetection[] {
  const timeoutMs = timeout === undefined ? usualMs : (parseDuration(timeout) ?? usualMs);
  if (timeoutMs > longestMs) complain('timeout', 'A review takes 10s at most');
  if (action === 'redact')
    complain('action', 'A review says whether, not where, so nothing can be taken out; use alert, require_approval or deny');
  return [{ name, action, review: { question: prompt, timeoutMs, onError } }];
}
