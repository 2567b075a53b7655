/** One line of an allowed-signers file, as ssh-keygen(1) describes it. */
interface AllowedSigner {
  readonly principals: readonly string[];
  readonly key: Buffer;
  readonly namespaces?: readonly string[];
  readonly after?: number;
  readonly before?: number;
}

export interface Claim {
  readonly principal: string;
  readonly key: Buffer;
  readonly namespace: string;
  readonly time: number;
}

/** Whether the file says that this key is that person's, now and for this use. A line that cannot be understood allows nobody. */
export function isAllowedSigner(file: string, { principal, key, namespace, time }: Claim): boolean {
  return file
    .split('\n')
    .flatMap((line) => readLine(line.trim()) ?? [])
    .some(
      (signer) =>
        signer.key.equals(key) &&
        matches(signer.principals, principal) &&
        (signer.namespaces === undefined || matches(signer.namespaces, namespace)) &&
        time >= (signer.after ?? -Infinity) &&
        time < (signer.before ?? Infinity),
    );
}

const line =
  /^(?:"([^"]+)"|([^\s"#]+))[ \t]+(?:([^\s]*"[^\n]*"[^\s]*|[a-zA-Z-]+(?:,[a-zA-Z-]+)*)[ \t]+)??([a-z0-9@.-]+)[ \t]+([A-Za-z0-9+/]+=*)(?:[ \t].*)?$/;
const keyType = /^(?:ssh-(?:ed25519|rsa)|ecdsa-sha2-nistp(?:256|384|521))$/;

function readLine(text: string): AllowedSigner | undefined {
  const [, quoted, plain, options = '', type = '', key = ''] = line.exec(text) ?? [];
  const principals = quoted ?? plain;
  if (principals === undefined || !keyType.test(type)) return undefined;
  const read = readOptions(options);
  return read && { principals: principals.split(','), key: Buffer.from(key, 'base64'), ...read };
}

type Options = Pick<AllowedSigner, 'namespaces' | 'after' | 'before'>;
const option = /^(namespaces|valid-after|valid-before)="([^"]*)"(?:,|$)/i;

/** `undefined` where one is not known: `cert-authority`, for instance, says that the key itself signs nothing. */
function readOptions(text: string): Options | undefined {
  let rest = text;
  let options: Options = {};
  while (rest !== '') {
    const [all, name = '', value = ''] = option.exec(rest) ?? [];
    if (all === undefined) return undefined;
    const next = readOption(name.toLowerCase(), value);
    if (next === undefined || Object.keys(next).some((field) => field in options)) return undefined;
    options = { ...options, ...next };
    rest = rest.slice(all.length);
  }
  return options;
}

function readOption(name: string, value: string): Options | undefined {
  if (name === 'namespaces') return { namespaces: value.split(',') };
  const time = readTime(value);
  if (time === undefined) return undefined;
  return name === 'valid-after' ? { after: time } : { before: time };
}

/** YYYYMMDD[HHMM[SS]][Z]; without the Z in the machine's own time. */
function readTime(text: string): number | undefined {
  const [all, year, month, day, hour = '00', minute = '00', second = '00', zone = ''] =
    /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(Z)?$/i.exec(text) ?? [];
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone.toUpperCase()}`);
  return all === undefined || Number.isNaN(time) ? undefined : time;
}

/** As ssh matches lists of patterns: one that is negated and fits rules the name out. */
function matches(patterns: readonly string[], name: string): boolean {
  const fits = (pattern: string): boolean => wildcard(pattern).test(name);
  return !patterns.some((one) => one.startsWith('!') && fits(one.slice(1))) && patterns.some((one) => !one.startsWith('!') && fits(one));
}

function wildcard(pattern: string): RegExp {
  const parts = pattern.replace(/\*+/g, '*').split(/([*?])/);
  const source = parts.map((part) => (part === '*' ? '.*' : part === '?' ? '.' : part.replace(/[\\^$.|+()[\]{}/-]/g, '\\$&')));
  return new RegExp(`^${source.join('')}$`, 's');
}
