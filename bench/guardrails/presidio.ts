import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { strings } from './gitleaks.ts';
import { casesIn } from './parametrized.ts';
import { Reader } from './evaluate.ts';
import type { Sample } from './sample.ts';
import { tokensOf } from './tokens.ts';

/** The tests of Presidio that are about kinds that we have, too. */
const files: readonly string[] = [
  'aba_routing au_abn au_acn au_medicare au_tfn ca_sin credit_card de_health_insurance de_social_security de_tax_id email es_nie es_nif',
  'fi_personal_identity_code iban in_aadhaar in_gstin in_pan it_fiscal_code it_vat_code kr_frn kr_rrn ng_nin phone pl_pesel se_personnummer',
  'sg_fin th_tnin tr_national_id uk_nhs uk_nino us_itin us_npi us_ssn za_id_number ph_mobile_number tr_phone_number',
].flatMap((line) => line.split(' '));

/** Presidio's recognisers are tested without context; the words that each lists for its kind are put before the text. */
export function presidioSamples(checkout: string): readonly Sample[] {
  const tests = join(checkout, 'presidio-analyzer/tests');
  const words = wordsOf(join(checkout, 'presidio-analyzer/presidio_analyzer/predefined_recognizers'));
  return files.flatMap((rule) => {
    const file = join(tests, `test_${rule}_recognizer.py`);
    if (!existsSync(file)) return [];
    const word = words.get(rule) ?? rule.replaceAll('_', ' ');
    return samplesOf(readFileSync(file, 'utf8')).map(({ text, positive }) => ({ rule, positive, text: `${word}: ${text}` }));
  });
}

function samplesOf(source: string): readonly Omit<Sample, 'rule'>[] {
  return casesIn(source, (parameters) => /^(?:text|iban)\b.*\bexpected_len\b/.test(parameters)).flatMap(({ parameters, values }) => {
    const text = values[0];
    const count = values[parameters.indexOf('expected_len')];
    return typeof text === 'string' && typeof count === 'number' ? [{ text, positive: count > 0 }] : [];
  });
}

const longestContext = 50;

function wordsOf(folder: string): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('_recognizer.py')) continue;
    const tokens = tokensOf(readFileSync(join(folder, name), 'utf8'), 'python');
    const at = tokens.findIndex(({ text }, index) => text === 'CONTEXT' && tokens[index + 1]?.text === '=');
    const all = at === -1 ? [] : strings(new Reader(tokens, at + 2, new Map(), () => undefined).expression());
    const word = all.join(' ').slice(0, longestContext);
    if (word !== '') words.set(name.replace(/^.*\//, '').replace('_recognizer.py', ''), word);
  }
  return words;
}
