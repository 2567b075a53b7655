import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Reader, type Environment, type Value } from './evaluate.ts';
import { textLike } from './random-text.ts';
import type { Sample } from './sample.ts';
import { tokensOf, type Token } from './tokens.ts';

/** The true and false positives with which gitleaks validates each of its rules when it generates its configuration. */
export function gitleaksSamples(checkout: string): readonly Sample[] {
  const folder = join(checkout, 'cmd/generate/config/rules');
  const variants = variantsOf(readFileSync(join(checkout, 'cmd/generate/config/utils/generate.go'), 'utf8'));
  return readdirSync(folder)
    .filter((name) => name.endsWith('.go'))
    .flatMap((name) => inFile(readFileSync(join(folder, name), 'utf8'), variants));
}

/** The ways in which gitleaks writes a name and a secret: `{i}Token = "{s}"`. */
function variantsOf(source: string): readonly string[] {
  const tokens = tokensOf(source, 'go');
  const start = tokens.findIndex(({ text }) => text === 'map');
  const value = new Reader(tokens, start, new Map(), () => undefined).expression();
  return strings(value);
}

function inFile(source: string, variants: readonly string[]): readonly Sample[] {
  const tokens = tokensOf(source, 'go');
  const samples: Sample[] = [];
  let environment: Environment = new Map();
  let rule = '';
  for (const [at, { text }] of tokens.entries()) {
    if (text === 'func') {
      rule = tokens[at + 1]?.text ?? '';
      environment = new Map();
    } else if (isAssignment(tokens, at)) {
      environment.set(text, new Reader(tokens, at + 2, environment, callOf(variants)).expression());
    } else if (text.startsWith('utils.Validate')) {
      samples.push(...strings(environment.get('tps')).map((one) => ({ rule, text: one, positive: true })));
      // With paths, most negatives are the positives in a file of another name.
      if (text === 'utils.Validate' && tokens[at + 6]?.text !== 'nil')
        samples.push(...strings(environment.get('fps')).map((one) => ({ rule, text: one, positive: false })));
    }
  }
  return samples;
}

function isAssignment(tokens: readonly Token[], at: number): boolean {
  const [name, sign] = [tokens[at], tokens[at + 1]];
  return name?.type === 'name' && (sign?.text === ':=' || (sign?.text === '=' && tokens[at + 2]?.text !== '='));
}

const classes: Readonly<Record<string, string>> = {
  'utils.Numeric': '[0-9]',
  'utils.Hex': '[a-f0-9]',
  'utils.AlphaNumeric': '[a-z0-9]',
  'utils.AlphaNumericExtendedShort': '[a-z0-9_-]',
  'utils.AlphaNumericExtended': '[a-z0-9=_\\-]',
  'utils.AlphaNumericExtendedLong': '[a-z0-9\\/=_\\+\\-]',
};

function callOf(variants: readonly string[]): (name: string, args: readonly Value[]) => Value {
  return (name, args) => {
    const [first, second] = args;
    if (name === 'append') return args.flatMap((one) => (Array.isArray(one) ? one : [one]));
    if (name === 'utils.Hex8_4_4_4_12') return '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
    if (typeof first !== 'string') return undefined;
    if (name in classes) return `${classes[name]}{${first}}`;
    if (name === 'secrets.NewSecret' || name === 'newPlausibleSecret') return textLike(first);
    if (name === 'fmt.Sprintf') return args.slice(1).reduce<string>((text, one) => text.replace(/%[svd]/, () => String(one)), first);
    if (typeof second !== 'string') return undefined;
    if (name === 'utils.GenerateSampleSecret') return `${first}_api_token = "${second}"`;
    if (name !== 'utils.GenerateSampleSecrets') return undefined;
    return variants.map((one) =>
      one
        .replaceAll('{i}', first)
        .replaceAll('{I}', first.toUpperCase())
        .replaceAll('{s}', () => second),
    );
  };
}

export function strings(value: Value): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.flatMap((one: Value) => strings(one)) : [];
}
