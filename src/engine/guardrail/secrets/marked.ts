import { kubernetesValues } from './kubernetes.ts';
import { group, type Marked, type Memo, type Range } from './marked-rule.ts';
import { tools } from './tools.ts';
import { decoded, isNoPassword } from './worth.ts';

export const marked: readonly Marked[] = [
  {
    kind: 'private-key',
    label: 'private key',
    about: 'A private key between its BEGIN and END lines (PEM, OpenSSH, PGP), or without the latter as far as it goes.',
    marks: ['-----BEGIN'],
    find: pemBlock,
    confidence: 'sure',
  },
  {
    kind: 'putty-key',
    label: 'private key',
    about: 'A private key as PuTTY writes it.',
    marks: ['PuTTY-User-Key-File-'],
    find: puttyKey,
    confidence: 'sure',
  },
  {
    kind: 'url-password',
    label: 'password in an address',
    about: 'The password of an address such as https://user:password@host or postgres://user:password@host.',
    marks: ['://'],
    find: urlPassword,
    confidence: 'sure',
  },
  {
    kind: 'kubernetes-secret',
    label: 'value of a Kubernetes secret',
    about: 'A value under data or stringData of a manifest whose kind is Secret.',
    marks: ['kind: Secret', 'kind: "Secret"', "kind: 'Secret'", '"kind": "Secret"'],
    find: kubernetesValues,
    confidence: 'sure',
    work: 3_000,
  },
  {
    kind: 'connection-string-password',
    label: 'password in a connection string',
    about: 'The password of a connection string of ODBC, ADO.NET or JDBC, such as Server=…;User Id=…;Password=….',
    marks: ['password', 'pwd'],
    find: connectionPassword,
    confidence: 'sure',
  },
  {
    kind: 'encoded-private-key',
    label: 'private key',
    about: 'A private key in PEM, encoded in base64 once more.',
    marks: ['LS0tLS1CRUdJTi'],
    find: encodedKey,
    confidence: 'sure',
  },
  {
    kind: 'password-hash',
    label: 'password hash',
    about: 'A hash of a password, as /etc/shadow, .htpasswd, Cisco’s configurations and Kerberos’ tickets hold them.',
    marks: ['$'],
    find: passwordHash,
    confidence: 'likely',
  },
  ...tools,
];

const begin = / {0,2}(?:[A-Z0-9]{1,12} ){0,4}PRIVATE KEY(?: BLOCK)? ?-----/y;

function pemBlock(text: string, end: number, loose: boolean, memo: Memo): readonly Range[] {
  begin.lastIndex = end;
  if (!begin.test(text)) return [];
  const body = begin.lastIndex;
  const start = end - '-----BEGIN'.length;
  const close = memo.noEnd ? -1 : text.indexOf('-----END', body);
  memo.noEnd = close === -1;
  const stop = close === -1 ? (loose ? text.length : endOfBody(text, body)) : endOfLine(text, close + 8);
  // A mere mention of such a line is no key.
  return loose || isBody(text.slice(body, Math.min(stop, body + 400))) ? [[start, stop]] : [];
}

/** Enough base64 for the shortest of keys: what is shorter shows where one would stand. */
function isBody(text: string): boolean {
  return text.replaceAll(/\\[nrt]|-----END.*|[^A-Za-z0-9+/=]/g, '').length >= 56;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('-----', at);
  return end === -1 || end - at > 60 ? at : end + 5;
}

const bodyCharacters = /[A-Za-z0-9+/=\s\\:,."'-]*/y;

function endOfBody(text: string, at: number): number {
  bodyCharacters.lastIndex = at;
  bodyCharacters.test(text);
  return bodyCharacters.lastIndex;
}

const putty = /\d: [a-z0-9-]{3,30}\s{1,2}Encryption: /y;

function puttyKey(text: string, end: number): readonly Range[] {
  putty.lastIndex = end;
  if (!putty.test(text)) return [];
  const mac = text.indexOf('Private-MAC:', end);
  return [[end - 'PuTTY-User-Key-File-'.length, mac === -1 ? text.length : Math.min(text.length, mac + 80)]];
}

const userInfo = /([^\s:/?#@"'`<>\\]{0,100}):([^\s/?#@"'`<>\\]{1,200})@(?=[\w.[$%{-])/y;

function urlPassword(text: string, end: number, loose: boolean): readonly Range[] {
  userInfo.lastIndex = end;
  const match = userInfo.exec(text);
  const password = match?.[2];
  if (match === null || password === undefined || (!loose && (isNoPassword(password) || isDefault(text, end, password)))) return [];
  const start = match.index + match[0].length - 1 - password.length;
  return [[start, start + password.length]];
}

/** `mysql://root:mysql@localhost`: what an installation begins with. */
function isDefault(text: string, end: number, password: string): boolean {
  return text.slice(end - 3 - password.length, end - 3) === password;
}

const assignedInString = /\s?=\s?([^\s;"'<>{}$]{4,100})(?=[;"']|$)/y;

function connectionPassword(text: string, end: number): readonly Range[] {
  const [found] = group(assignedInString, text, end);
  if (found === undefined) return [];
  const around = `${text.slice(Math.max(0, end - 200), end)};${text.slice(found[1], found[1] + 200)}`;
  const speaks =
    /(?:^|[;"'?])\s?(?:server|data source|host|addr(?:ess)?|driver|provider|dsn)\s?=/i.test(around) &&
    /;\s?(?:uid|user(?: id|name)?)\s?=|^(?:.*["'])?(?:uid|user(?: id|name)?)\s?=/i.test(around);
  return speaks ? [found] : [];
}

const encoded = /[A-Za-z0-9+/]{60,}={0,2}/y;

function encodedKey(text: string, end: number): readonly Range[] {
  const start = end - 'LS0tLS1CRUdJTi'.length;
  if (!decoded(text.slice(start, start + 60)).includes('PRIVATE KEY')) return [];
  encoded.lastIndex = start;
  return encoded.test(text) ? [[start, encoded.lastIndex]] : [];
}

const hash =
  /(?:2[abxy]\$\d\d\$[./A-Za-z0-9]{53}|[156y]\$(?:rounds=\d{1,9}\$)?[./A-Za-z0-9]{4,22}\$[./A-Za-z0-9]{22,86}|apr1\$[./A-Za-z0-9]{4,8}\$[./A-Za-z0-9]{22}|[89]\$[./A-Za-z0-9]{14}\$[./A-Za-z0-9]{43}|krb5(?:asrep|tgs|pa)\$\d\d\$[^\s"']{60,4000})(?![./A-Za-z0-9])/y;

function passwordHash(text: string, end: number): readonly Range[] {
  hash.lastIndex = end;
  return hash.test(text) ? [[end - 1, hash.lastIndex]] : [];
}
