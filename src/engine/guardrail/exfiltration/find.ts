import type { DetectOptions, Looked, TextFinding } from '../finding.ts';
import { addressesIn, mostAddresses, type Address } from './addresses.ts';
import { carries } from './carries.ts';

/** Shapes that data has on its way out: in the query, the path or the name of an address, or encoded beside one. */
export function findExfiltration(text: string, { allowedHosts = [] }: DetectOptions): Looked {
  const addresses = addressesIn(text);
  const foreign = addresses.filter(({ host }) => !isAllowed(host, allowedHosts));
  const findings = [...foreign.flatMap((address) => inAddress(text, address)), ...inNames(text, allowedHosts), ...beside(text, foreign)];
  return { findings, until: addresses.length < mostAddresses ? text.length : (addresses.at(-1)?.end ?? 0) };
}

function isAllowed(host: string, allowed: readonly string[]): boolean {
  const name = host.toLowerCase();
  return [...allowed, 'localhost', '127.0.0.1', '[::1]'].some(
    (each) => name === each.toLowerCase() || name.endsWith(`.${each.toLowerCase()}`),
  );
}

function inAddress(text: string, address: Address): readonly TextFinding[] {
  const { start, end, path, query } = address;
  const found = (kind: string, confidence: TextFinding['confidence']): readonly TextFinding[] => [
    { detector: 'exfiltration', kind, start, end, confidence },
  ];
  if (runsCommand(query)) return found('command-in-address', 'sure');
  const image = /!\[[^\]\n]{0,200}\]\(\s?$|<img\s[^<>]{0,200}src\s?=\s?["']?$/i.test(text.slice(Math.max(0, start - 420), start));
  if (image && /=(?:(?!https?)[^&#]{24,}|[^&#]{0,200}(?:\{|%7B|\$))/i.test(query)) return found('image-with-data', 'likely');
  const values = query.split(/[?&#;]/).map((pair) => pair.slice(pair.indexOf('=') + 1));
  if (values.some((value) => carries(decodedPercent(value), 40, 200))) return found('data-in-address', 'likely');
  return path.split('/').some((part) => carries(decodedPercent(part), 56, 300)) ? found('data-in-address', 'likely') : [];
}

/** `?d=$(cat .env | base64)`: what a shell would put there. */
function runsCommand(query: string): boolean {
  return /(?:\$\(|`)[^)`]{0,200}\b(?:cat|base64|env|printenv|xxd|od|head|tail|whoami|hostname|id|git|security|gpg)\b|\$\(<|\$\{?[A-Z_]{0,40}(?:KEY|TOKEN|SECRET|PASS|PASSWORD|CREDENTIALS?)[A-Z_]{0,20}\b/.test(
    query,
  );
}

function decodedPercent(value: string): string {
  return value.replaceAll(/%([0-7][0-9A-Fa-f])/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}

// Labels are at most 63 characters; words joined by dashes are names of machines.
const label = /(?<![A-Za-z0-9_-])[A-Za-z0-9]{32,63}\.(?=[A-Za-z0-9-]{1,63}\.?[A-Za-z0-9-]{0,63})/g;

function inNames(text: string, allowedHosts: readonly string[]): readonly TextFinding[] {
  const found: TextFinding[] = [];
  for (const match of text.matchAll(label)) {
    name.lastIndex = match.index;
    const host = name.exec(text)?.[0] ?? '';
    if (host === '' || isAllowed(host, allowedHosts) || !isEncoded(match[0].slice(0, -1))) continue;
    found.push({
      detector: 'exfiltration',
      kind: 'data-in-host-name',
      start: match.index,
      end: match.index + host.length,
      confidence: 'likely',
    });
  }
  return found;
}

const name =
  /[A-Za-z0-9]{32,63}(?:\.[A-Za-z0-9-]{1,63}){0,6}\.(?!(?:js|ts|css|map|png|jpg|json|html|py|md|txt|zip|tar|gz|log|tgz|wasm|woff2?|svg|ico)\b)[A-Za-z]{2,12}(?![A-Za-z0-9(-])/y;

function isEncoded(part: string): boolean {
  const digits = part.replaceAll(/\D/g, '').length;
  return (
    digits >= 4 &&
    digits <= part.length - 4 &&
    new Set(part.toLowerCase()).size >= 8 &&
    (/^[a-f0-9]+$/i.test(part) || /^[a-z2-7]+$/i.test(part))
  );
}

/** How near an address the encoded text has to stand, and how long it has to be. */
const reach = 200;
const block = /(?<![A-Za-z0-9+/=_-])(?:[A-Za-z0-9+/]{200,}|[A-Za-z0-9_-]{200,})={0,2}/g;

function beside(text: string, foreign: readonly Address[]): readonly TextFinding[] {
  if (foreign.length === 0) return [];
  const found: TextFinding[] = [];
  let next = 0;
  for (const match of text.matchAll(block)) {
    const end = match.index + match[0].length;
    while (next < foreign.length && (foreign[next]?.end ?? 0) < match.index - reach) next += 1;
    const near = foreign[next];
    if (near === undefined || near.start > end + reach || (near.start <= match.index && near.end >= end)) continue;
    if (text.slice(match.index - 8, match.index).endsWith(';base64,') || new Set(match[0].slice(0, 200)).size < 12) continue;
    found.push({ detector: 'exfiltration', kind: 'encoded-beside-address', start: match.index, end, confidence: 'likely' });
  }
  return found;
}
