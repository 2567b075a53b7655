/** An address in a text, as far as it goes. `query` is all from the `?` or `#` on. */
export interface Address {
  readonly start: number;
  readonly end: number;
  readonly host: string;
  readonly path: string;
  readonly query: string;
}

const scheme = /(?:https?|wss?|ftp)$/i;
const longest = 8_000;
/** No text but a hostile one has more. */
export const mostAddresses = 20_000;

/** The addresses in a text, each looked at once; the first ones, where there are too many. */
export function addressesIn(text: string): readonly Address[] {
  const found: Address[] = [];
  for (
    let at = text.indexOf('://');
    at !== -1 && found.length < mostAddresses;
    at = text.indexOf('://', Math.max(at + 3, found.at(-1)?.end ?? 0))
  ) {
    const name = scheme.exec(text.slice(Math.max(0, at - 5), at))?.[0];
    if (name === undefined) continue;
    const end = endOf(text, at + 3);
    const parts = /^(?:[^/?#@]{0,300}@)?([^/?#:]{1,255})(?::\d{1,5})?([^?#]*)(.*)$/s.exec(text.slice(at + 3, end));
    if (parts !== null) found.push({ start: at - name.length, end, host: parts[1] ?? '', path: parts[2] ?? '', query: parts[3] ?? '' });
  }
  return found;
}

/** Up to what cannot be part of an address; `$(…)` and backticks in it are, for a shell fills them in. */
function endOf(text: string, start: number): number {
  let inner = 0;
  let end = start;
  for (; end < text.length && end - start < longest; end += 1) {
    const character = text[end] ?? '';
    if (character === '(' && text[end - 1] === '$') inner += 1;
    else if (character === ')' && inner > 0) inner -= 1;
    else if (inner === 0 && /[\s"'<>()\\|^]/.test(character)) break;
    else if (character === '\n') break;
  }
  return end;
}
