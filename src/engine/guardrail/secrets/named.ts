import { keywords, type Keywords } from '../keywords.ts';
import { assignedKinds, type Assigned } from './assigned-kinds.ts';
import type { Assignment } from './assignment.ts';
import { decoded, isExample, isPassword, isPlaceholder, isRandom, isToken } from './worth.ts';

/** What a name and its value say together. */
export interface Named {
  readonly kind: string;
  readonly confidence: 'sure' | 'likely';
}

/** A name without any of these speaks of no secret. In lower case, with the ways to write them. */
export const secretWords: readonly string[] = [
  'key',
  'token',
  'secret',
  'passw',
  'pass',
  'pwd',
  'pw',
  'psw',
  'pasw',
  '_pat',
  'unseal',
  'auth',
  'credential',
  'creds',
  'cookie',
  'session',
  'sessid',
  'crumb',
  'webhook',
  'api',
  'dsn',
  'login',
  'reporter_id',
];

/** What the value of a name is, if it is a secret: a vendor's by its form, else by what the name says and how random it looks. */
export function named(assignment: Assignment): Named | undefined {
  const { name, value, spoken } = assignment;
  // In a sentence only what nobody would say can be one.
  if (spoken && !isSaidPassword(assignment) && (value.length < 20 || !/\d/.test(value) || !/[a-z]/i.test(value))) return undefined;
  return header(assignment) ?? vendor(name, value) ?? (isPlaceholder(value) ? undefined : generic(assignment));
}

/** `#define PASSWORD "…"`, `WITH PASSWORD '…'`. */
function isSaidPassword({ name, quoted }: Assignment): boolean {
  return quoted && name.endsWith('password');
}

const rowsOfNames = assignedKinds.flatMap((row) => row.names.map((word) => ({ row, word })));
let names: Keywords | undefined;
/** Names that speak of something beside a secret: its kind, its place, its number. */
const beside =
  /(?:type|url|uri|path|file|filename|dir|name|field|label|title|hint|length|size|count|limit|ttl|expiry|expires|expiration|expiresin|policy|header|prefix|format|regex|pattern|rotation|version|region|arn|columns?|index|class|provider|endpoint|host|method|mode|enabled|required|placeholder|description|message|error|algorithm|alg|encode|decode|encoding|mgr|manager|handler|helper|validator|strategy|input|form|page|button)$|^max|public|csrf|xsrf|authenticity|nonce|hashed|tokens$|(?:clientrequest|idempotency)token$|pubkey|keying|keyed|tokeni[sz]ed|keyboard|keyframe|keyword|foreignkey|primarykey|sortkey|partitionkey|cachekey|tokenizer|author(?!iz)|passive|passenger|passed|passing|passthrough|bypass|compass|sessionstorage|monkey|turkey|hotkey|donkey/;

function vendor(name: string, value: string): Named | undefined {
  const found = new Set<Assigned>();
  names ??= keywords(rowsOfNames.map(({ word }) => word));
  names.scan(name, (number) => {
    const row = rowsOfNames[number]?.row;
    if (row !== undefined) found.add(row);
    return undefined;
  });
  for (const { kind, form, plain } of found) {
    if (!form.compiled().test(value) || isExample(value) || /abcdefghijkl/i.test(value) || (plain && !speaksOfSecret(name))) continue;
    return { kind, confidence: /\d/.test(value) && (!name.endsWith('id') || !plain) ? 'sure' : 'likely' };
  }
  return undefined;
}

function speaksOfSecret(name: string): boolean {
  return /key|token|secret|passw|pwd|auth|cred|api|pat\b|pass|crumb/.test(name) && !beside.test(name);
}

function header({ name, value, scheme }: Assignment): Named | undefined {
  if (!/authorization$|authenticate$|^auth$|\w+auth$/.test(name) || isExample(value)) return undefined;
  if (scheme === 'basic' || (name.endsWith('auth') && scheme === '')) {
    // Whatever has the length of base64 can be decoded: without the word, both have to be readable.
    const both = scheme === 'basic' ? /^[^:\s]+:./ : /^[!-9;-~]+:[ -~]+$/;
    return both.test(decoded(value)) ? { kind: 'basic-auth', confidence: 'sure' } : undefined;
  }
  return scheme !== '' && value.length >= 12 && /\d/.test(value) && !isPlaceholder(value)
    ? { kind: 'authorization-header', confidence: 'sure' }
    : undefined;
}

/** `credentialsId` says which one, and not what it is; the id of a session or of Vault's AppRole is as good as a password. */
function isIdentifier(name: string): boolean {
  return /ids?$/.test(name) && !/(?:sess|session|secret)id$|usersecretid$/.test(name);
}

function generic({ name, value, quoted }: Assignment): Named | undefined {
  if (beside.test(name) || isIdentifier(name)) return undefined;
  if (
    /passw|passphrase|pwd|[a-z]pass$|pw$|psw(?:o?r)?d$|pasw(?:o?r)?d$/.test(name) ||
    (name === 'pass' && (quoted || /[^\w./-]/.test(value)))
  )
    return isPassword(value, quoted) ? { kind: 'password', confidence: 'likely' } : undefined;
  if (
    !/token|secret|api_?key|(?:access|auth|private|encryption|signing|master|license|service|account|shared|app|client|storage|webhook)key|keydata|credential|creds$|unseal|[a-z]pat$|auth(?:orization)?$|apikey|phpsessid|jsessionid|cookie|\bkey$/.test(
      name,
    )
  ) {
    return /[a-z]key$/.test(name) && isRandom(value, quoted) ? { kind: 'generic-token', confidence: 'likely' } : undefined;
  }
  return isToken(value, quoted) ? { kind: /cookie|sess/.test(name) ? 'session-cookie' : 'generic-token', confidence: 'likely' } : undefined;
}
