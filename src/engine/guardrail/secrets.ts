import { RE2JS } from 're2js';

interface Shape {
  readonly name: string;
  /** A text without any of these cannot hold one: finding a fixed text is far cheaper than running the pattern. */
  readonly hints: readonly string[];
  readonly pattern: RE2JS;
}

/** Texts that are secrets by their published form, whoever issued them. RE2, so that no text makes the search slow. */
const shapes: readonly Shape[] = [
  shape('Anthropic key', ['sk-ant-'], 'sk-ant-[A-Za-z0-9_-]{8,}'),
  shape('GitHub token', ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], 'gh[pousr]_[A-Za-z0-9]{16,}'),
  shape('GitHub token', ['github_pat_'], 'github_pat_[A-Za-z0-9_]{20,}'),
  shape('AWS key id', ['AKIA', 'ASIA'], '(?:AKIA|ASIA)[A-Z0-9]{16}'),
  shape('Slack token', ['xox'], 'xox[a-z]-[A-Za-z0-9-]{10,}'),
  shape('GitLab token', ['glpat-'], 'glpat-[A-Za-z0-9_-]{20,}'),
  shape('Stripe key', ['sk_live_', 'rk_live_'], '[sr]k_live_[A-Za-z0-9]{16,}'),
  shape('OpenAI key', ['sk-proj-'], 'sk-proj-[A-Za-z0-9_-]{20,}'),
  shape('Google API key', ['AIza'], 'AIza[0-9A-Za-z_-]{35}'),
  shape('npm token', ['npm_'], 'npm_[A-Za-z0-9]{36}'),
  // A block whose end is missing is hidden to the end of the text.
  shape(
    'private key',
    ['PRIVATE KEY'],
    '-----BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----(?s:.*?)(?:-----END [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----|\\z)',
  ),
];

/** The text with every known secret replaced by what kind of secret stood there. Time grows with the text's length only. */
export function maskSecrets(text: string): string {
  let masked = text;
  for (const { name, hints, pattern } of shapes) {
    if (!hints.some((hint) => masked.includes(hint))) continue;
    masked = pattern.matcher(masked).replaceAll(`[redacted: ${name}]`);
  }
  return masked;
}

/** Whether a known secret stands in the text. The keys of documentation (`AKIAIOSFODNN7EXAMPLE`) are none. */
export function hasSecret(text: string): boolean {
  const real = text.replaceAll(/[A-Z0-9]+EXAMPLE/g, '');
  return shapes.some(({ hints, pattern }) => hints.some((hint) => real.includes(hint)) && pattern.test(real));
}

function shape(name: string, hints: readonly string[], pattern: string): Shape {
  return { name, hints, pattern: RE2JS.compile(pattern) };
}
