import { decoded } from '../secrets/worth.ts';

/**
 * Whether a part of an address carries data: base64 or hexadecimal that is readable text when decoded and at least `least`
 * long, or longer than any signature or id (`most`) whatever it decodes to.
 */
export function carries(part: string, least: number, most: number): boolean {
  if (part.length < least) return false;
  const plain = part.replaceAll('-', '+').replaceAll('_', '/');
  if (/^[A-Fa-f0-9]+$/.test(part) && part.length % 2 === 0) return isReadable(fromHex(part)) || part.length >= most;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(plain)) return false;
  return isReadable(decoded(plain.slice(0, 400 - (400 % 4)))) || (part.length >= most && /\d/.test(part) && /[A-Z]/.test(part));
}

function fromHex(text: string): string {
  return text.slice(0, 400).replaceAll(/../g, (pair) => String.fromCharCode(parseInt(pair, 16)));
}

function isReadable(text: string): boolean {
  return text.length >= 20 && /^[\t\n\r\u0020-\u007e]+$/.test(text.slice(0, -3));
}
