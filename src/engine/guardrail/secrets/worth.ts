/** Bits per character: how little the characters of the text repeat. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

// What documentation writes where a secret would stand. Each alternative is a fixed text or one repeated class.
const stand =
  /example|sample|dummy|placeholder|redacted|change.?me|replace|insert|your|my-?(?:key|token|secret|pass)|fake|not.?a.?real|x{5}|\*{3}|#{4}|\.{3}|…|0{8}|1{8}|1234-1234|abcdef(?:g|12)|123456(?:7|ab)|a1b2c3|1a2b3c|4c3b2a|qwerty|todo|fixme|<[a-z]|\$\{|\{\{|\{[a-z_][\w.]*\}|%\(\w|#\{/i;
const variable =
  /^[$%@][\w({]|process\.env|os\.environ|getenv|secrets?\.[a-z_]+$|^env[.:]|^\$\(|^ENC\(|^(?:op|vault|arn|ssm|aws-?sm|gcp-?sm|keyring|file|ref|azurekeyvault):/i;

/** A form that is only shown: `AKIAIOSFODNN7EXAMPLE`, `ghp_xxxxxxxx`. */
export function isExample(value: string): boolean {
  return /EXAMPLE|example|[xX]{6}|\*{4}|\.{3}|0{12}|\d{30}|([^])\1{31}=?$/.test(value);
}

/** What stands where a value would, or says where it is to be found. */
export function isPlaceholder(value: string): boolean {
  return stand.test(value) || variable.test(value) || /^[{<[(].*[}>\])]$/.test(value) || new Set(value).size <= 3;
}

const common =
  /^(?:(?:my)?pass(?:w(?:or)?d)?|pwd|secret|token|user|username|admin|root|test|foo|bar|xxx+|\*+|pw|p|postgres|guest|x-oauth-basic)\W{0,3}$/i;

/** What stands for a password in documentation. */
export function isNoPassword(value: string): boolean {
  return common.test(value) || isPlaceholder(value);
}

/** What a password is often given together with. */
const algorithm =
  /^(?:utf-?\d+\w*|latin-?\d|ascii|us-ascii|base-?\d\d|(?:hmac-?)?sha-?\d+|md5|pbkdf2\w*|bcrypt|scrypt|argon2\w*|aes-?\d+.*)$/i;

/** Whether somebody could have chosen it as a password: no word, no sentence, no code, no path. */
export function isPassword(value: string, quoted: boolean): boolean {
  if (value.length < 6 || value.length > 128 || /\s/.test(value) || isPlaceholder(value)) return false;
  if (isCode(value, quoted) || algorithm.test(value) || /^:?[a-z]+:$/i.test(value)) return false;
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(value)).length;
  if (/^[A-Za-z]+$/.test(value)) return value.length >= 12 && entropy(value) > 3.6 && /[A-Z]{2,}[a-z]|[a-z][A-Z]{2}/.test(value);
  return classes >= 2 && !/^[a-z]+(?:[-_. ][a-z]+)*$/i.test(value) && /\d|[^\w.-]/.test(value);
}

/** Whether it looks as if a machine had drawn it. */
export function isToken(value: string, quoted: boolean): boolean {
  if (value.length < 10 || value.length > 2_000 || /\s/.test(value) || isPlaceholder(value)) return false;
  if (isCode(value, quoted) || !(quoted ? /^[!-~]+$/ : /^[\w.~+/=:%$!@#^&*-]+$/).test(value)) return false;
  if (/^[0-9.:-]+$/.test(value) || !/\d/.test(value)) return false;
  if (/^[a-z]+\d?(?:[-_./:][a-z]*\d{0,3})+(?:-\d{1,12})?$/i.test(value) || value.includes('..')) return false;
  if (value.length < 18 && /^[a-z0-9_-]+$/.test(value) && changes(value) < 5) return false;
  return entropy(value) >= (/^[a-f0-9-]+$/i.test(value) ? 2.9 : 3.2);
}

/** Whether a machine drew it and it is no number of a thing: what it takes beside a name that may mean any key, such as `cache_key`. */
export function isRandom(value: string, quoted: boolean): boolean {
  return (
    /^[A-Za-z0-9+/=_-]{16,200}$/.test(value) &&
    !/^[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-/i.test(value) &&
    changes(value) >= 4 &&
    isToken(value, quoted)
  );
}

/** How often letters turn into digits or back: words with a number at their end do so once. */
function changes(value: string): number {
  return value.match(/[a-z](?=\d)|\d(?=[a-z])/gi)?.length ?? 0;
}

function isCode(value: string, quoted: boolean): boolean {
  if (
    /^[a-z][a-z0-9+-]{1,20}:\/\/|^[./~]|^[,;)].*[=:]$|^[^@\s]+@[\w.-]+\.[a-z]{2,}$|^#[a-z][\w-]*$|^[a-z_/]+#[a-z_]+$|^[A-Za-z]:\\|^\w+[:=]"|^[A-Za-z.]+(?:\/[A-Za-z.:*-]+){2,}$/.test(
      value,
    )
  )
    return true;
  if (/^v?\d+\.\d+/.test(value) || /\.(?:json|ya?ml|pem|key|txt|crt|env|js|ts|py|go|md|html|png)$/i.test(value)) return true;
  return !quoted && /^_?[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$|^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)+$|^[A-Za-z_]+\d?$|::|->|=>|==/.test(value);
}

/** The characters behind a base64 text, or nothing if it is none. */
export function decoded(base64: string): string {
  if (!/^[A-Za-z0-9+/]{4,4000}={0,2}$/.test(base64)) return '';
  try {
    return atob(base64);
  } catch {
    return '';
  }
}
