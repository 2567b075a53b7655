import * as z from 'zod/mini';

/** Where the text or the log of a person may be sent: in the clear only to this machine, and without a password that would be shown with it. */
export const safeUrl = z
  .string()
  .check(
    z.refine(isSafeUrl, 'is no https address without a password in it (http is for this machine only; a password belongs into headers)'),
  );

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function isSafeUrl(text: string): boolean {
  const parsed = URL.parse(text);
  if (parsed === null || parsed.username !== '' || parsed.password !== '') return false;
  return parsed.protocol === 'https:' || (parsed.protocol === 'http:' && isLoopback(parsed.hostname));
}
