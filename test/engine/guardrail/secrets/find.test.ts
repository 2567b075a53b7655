import { describe, expect, test } from 'vitest';
import { findIn } from '../../../../src/engine/guardrail/detect.ts';
import { assignedKinds } from '../../../../src/engine/guardrail/secrets/assigned-kinds.ts';
import { shapes } from '../../../../src/engine/guardrail/secrets/find.ts';
import { sampleOf } from './sample.ts';

const found = (text: string): readonly string[] =>
  findIn(text, ['secret']).findings.map(
    ({ kind, confidence, start, end }) => `${kind} ${confidence} ${text.slice(start, end).slice(0, 24)}`,
  );

const kindsIn = (text: string): readonly string[] => findIn(text, ['secret']).findings.map(({ kind }) => kind);

/** Kinds that need more than a text of their form. */
const elsewhere = new Set(['jwt']);

describe('every shape', () => {
  test.each(shapes.filter(({ kind }) => !elsewhere.has(kind)).map((shape) => [shape.kind, shape] as const))(
    '%s is found in a sentence',
    (_, shape) => {
      const sample = sampleOf(shape.form.source());
      const text = `it is "${sample}" now`;
      // Where two share a mark, a sample of one may be one of the other.
      const alike = shapes.filter(({ marks }) => marks.some((mark) => shape.marks.includes(mark))).map(({ kind }) => kind);
      const [one] = findIn(text, ['secret']).findings;
      expect({ text, kind: one?.kind }).toEqual({ text, kind: expect.toBeOneOf(alike) });
      expect(sample).toContain(text.slice(one?.start, one?.end));
    },
  );

  test.each(shapes.map((shape) => [shape.kind, shape] as const))('%s takes time that has a bound', (_, { form, loose }) => {
    for (const source of [form.source(), loose.source()]) {
      const plain = source.replaceAll(/\[[^\]]*\]|\\./g, 'x');
      // No `*` or `+`, nothing without an end but at the end, no long repetition of a repetition.
      expect(plain).not.toMatch(/[*+]/);
      expect(plain).not.toMatch(/\{\d+,\}(?!\)|\||$|=|\(\?!|x\?|x\{0)/);
      expect(plain).not.toMatch(/\{\d+,\d*\}[^()|]*\)(?:\{\d+,\d{3,}\}|\{\d+,\})/);
    }
  });
});

const isPlain = (kind: string): boolean =>
  assignedKinds.some((row) => row.kind === kind && row.plain) && !shapes.some((shape) => shape.kind === kind);

test.each(assignedKinds.map((row) => [row.kind, row] as const))(
  'a value of its form is a %s by its name, and nothing without it',
  (_, { names, form }) => {
    const value = sampleOf(form.source().slice(1, -1));
    const text = `export ${`${names[0]}_secret_key`.toUpperCase()}="${value}"`;
    expect({ text, found: kindsIn(text).length }).toEqual({ text, found: 1 });
    expect(kindsIn(`id: ${value} commit`).filter(isPlain)).toEqual([]);
  },
);

const random = 'k7Qw3ZrT9xMb2LfV8nHc5JdY4sGp6WtA';

test.each<[string, string, readonly string[]]>([
  ['a password in an address', `postgres://app:${random.slice(0, 12)}@db.internal/x`, [`url-password sure ${random.slice(0, 12)}`]],
  ['basic authentication', `Authorization: Basic ${btoa(`amy:${random}`)}`, [`basic-auth sure ${btoa(`amy:${random}`).slice(0, 24)}`]],
  ['a bearer token', `curl -H "Authorization: Bearer ${random}" https://x`, [`authorization-header sure ${random.slice(0, 24)}`]],
  ['docker’s login', `{"auths":{"x":{"auth":"${btoa(`amy:${random}`)}"}}}`, [`basic-auth sure ${btoa(`amy:${random}`).slice(0, 24)}`]],
  ['.netrc', `machine h.example login amy password ${random.slice(0, 10)}`, [`netrc-password sure ${random.slice(0, 10)}`]],
  [
    'curl over two lines',
    `curl -X POST \\\n  --user amy:${random.slice(0, 9)} https://h.example`,
    [`curl-password sure ${random.slice(0, 9)}`],
  ],
  [
    'a manifest of Kubernetes',
    `apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  user: YW15bGVl\n  pass: ${random.slice(0, 12)}\n---\nkind: ConfigMap\ndata:\n  color: blue12345\n`,
    ['kubernetes-secret sure YW15bGVl', `kubernetes-secret sure ${random.slice(0, 12)}`],
  ],
  ['curl -u', `curl -s -u amy:${random.slice(0, 9)} https://h.example`, [`curl-password sure ${random.slice(0, 9)}`]],
  ['.npmrc', `//r.example/:_authToken=${random}`, [`npm-legacy-token sure ${random.slice(0, 24)}`]],
  [
    'a JWT',
    `${btoa('{"alg":"HS256","typ":"JWT"}').replaceAll('=', '')}.${btoa('{"sub":"12345678"}').replaceAll('=', '')}.${random}`,
    ['jwt sure eyJhbGciOiJIUzI1NiIsInR5'],
  ],
  ['curl with quotes', `curl --user amy:'${random.slice(0, 9)}' https://h.example`, [`curl-password sure ${random.slice(0, 9)}`]],
  [
    'a manifest with a comment, whose kind stands last',
    `apiVersion: v1\ndata:\n  # in base64\n  pass: |\n    ${random.slice(0, 12)}\nkind: 'Secret'\n`,
    [`kubernetes-secret sure ${random.slice(0, 12)}`],
  ],
  ['psexec', `psexec \\\\h -u amy -p ${random.slice(0, 9)} cmd`, [`psexec-password sure ${random.slice(0, 9)}`]],
  ['.NET', `new NetworkCredential("amy@h.example", "${random.slice(0, 9)}")`, [`network-credential sure ${random.slice(0, 9)}`]],
  ['NuGet', `<add key="ClearTextPassword" value="CorrectHorse" />`, ['nuget-password sure CorrectHorse']],
  [
    'Jenkins, printed',
    `use the following password to proceed to installation:\n\n${'0a1b9c8d'.repeat(4)}\n`,
    [`jenkins-password sure ${'0a1b9c8d'.repeat(3)}`],
  ],
  ['Jenkins, stored', `<secret>{AQAAABAAAAAQ${random}=}</secret>`, ['jenkins-secret sure AQAAABAAAAAQk7Qw3ZrT9xMb']],
  [
    'mosquitto',
    `mosquitto_pub -t "v1/devices/me/telemetry" -u "${random.slice(0, 20)}"`,
    [`thingsboard-token sure ${random.slice(0, 20)}`],
  ],
  ['Terraform', `variable "api_token" {\n  default = "${random}"\n}`, [`generic-token likely ${random.slice(0, 24)}`]],
  ['a key of anything, when it is random', `BOX_KEY=${random}`, [`generic-token likely ${random.slice(0, 24)}`]],
  ['a short token of many changes', 'Token: 3fea6af1349166ea', ['generic-token likely 3fea6af1349166ea']],
  [
    'a JWT whose JSON begins with a space',
    `${btoa('{ "alg":"HS256"}').replaceAll('=', '')}.${btoa('{ "sub":"12345678"}').replaceAll('=', '')}.${random}`,
    ['jwt sure eyAiYWxnIjoiSFMyNTYifQ.e'],
  ],
  ['as people write it', `ID:amy,PW:${random.slice(0, 9)}!`, [`password likely ${random.slice(0, 9)}!`]],
  ['a macro', `#define PASSWORD "${random.slice(0, 9)}"`, [`password likely ${random.slice(0, 9)}`]],
  ['a comparison', `if (password !== "${random.slice(0, 9)}")`, [`password likely ${random.slice(0, 9)}`]],
  ['SQL', `CREATE USER 'amy'@'%' IDENTIFIED BY '${random.slice(0, 9)}';`, [`sql-password sure ${random.slice(0, 9)}`]],
  ['in colour', `\u001b[93mllx-${random}${random.slice(0, 16)}\u001b[0m`, [`llamacloud-key sure llx-${random.slice(0, 20)}`]],
  ['an encoded address', `x%3Ftoken%3D${random}`, [`generic-token likely ${random.slice(0, 24)}`]],
  ['JSON', `{"api_key": "${random}"}`, [`generic-token likely ${random.slice(0, 24)}`]],
  ['YAML over two lines', `password:\n  ${random.slice(0, 14)}`, [`password likely ${random.slice(0, 14)}`]],
  ['a pair of name and value', `{"name": "DB_PASSWORD", "value": "${random.slice(0, 14)}"}`, [`password likely ${random.slice(0, 14)}`]],
  ['XML', `<add key="ApiToken" value="${random}"/>`, [`generic-token likely ${random.slice(0, 24)}`]],
  ['a flag', `deploy --token ${random} --dry-run`, [`generic-token likely ${random.slice(0, 24)}`]],
  ['a call', `setApiKey("${random}")`, [`generic-token likely ${random.slice(0, 24)}`]],
  ['after an escaped line end', `{"f": "a\\nghp_${random}abcd"}`, [`github-token sure ghp_${random.slice(0, 20)}`]],
  ['in an address that was encoded', `x?u=%3Dglpat-${random.slice(0, 20)}`, [`gitlab-token sure glpat-${random.slice(0, 18)}`]],
])('%s', (_, text, expected) => {
  expect(found(text)).toEqual(expected);
});

test.each<[string]>([
  ['the key of AWS’s manual: AKIAIOSFODNN7EXAMPLE'],
  ['token = "xxxxxxxxxxxxxxxxxxxx"'],
  ['TOKEN=<your token>'],
  ['token: ${GITHUB_TOKEN}'],
  ['const apiKey = process.env.OPENAI_API_KEY;'],
  ['password: changeme123'],
  ['password = getPassword(user1)'],
  ['token_url: k7Qw3ZrT9xMb2LfV8nHc5JdY'],
  ['csrf_token="k7Qw3ZrT9xMb2LfV8nHc5JdY"'],
  ['const key = "components.header.title2";'],
  ['https://user:password@example.com'],
  ['https://${USER}:${PASS}@host/x'],
  ['sessionStorage.key(0)'],
  ['public_key: k7Qw3ZrT9xMb2LfV8nHc5JdY4sGp6WtA'],
  ['commit 0123456789abcdef0123456789abcdef01234567'],
  ['"integrity": "sha512-k7Qw3ZrT9xMb2LfV8nHc5JdY4sGp6WtAk7Qw3ZrT9xMb2LfV8nHc5JdY4sGp6WtA=="'],
  ['-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYI\n-----END PUBLIC KEY-----'],
  ['write -----BEGIN PRIVATE KEY----- into the first line'],
  ['max_tokens: 4096, tokens_used=18023'],
  ['PASS: engine/find_2.test'],
  ['Pass the :class:`Context` on'],
  ['a process identified by source_pid1'],
  ['PASSWORD=\nHOST=db1.example'],
  ['f(password="",timeout="10")'],
  ['passwordLabel:"Password:",rememberMeLabel:"x"'],
  ['this.addPassword = "#add-password1"'],
  ['mysql://root:mysql@localhost/x'],
  ['keyVaultToStoreSecrets: cmp2-qat-1208358310'],
  ['"key": "amy12x9@example.org"'],
  ['secretKey: "ENC(2dfRFqV/cS6TzRd+JyO=)"'],
  [`token hf_${'4'.repeat(3)}${'3478658437'.repeat(3)}1`],
  [`data:image/jpg;base64,/9j/EAA${random.repeat(4)}`],
  ['credentialsId: "k7Qw3ZrT9xMb2LfV8nHc5J"'],
  ['"ClientRequestToken": "a8ca07e4-61ec-4399-99f4-19853801bcd5"'],
  ['"AWS::KMS::Key": "2b447c471bc70388"'],
  ['cache_key = "user-profile-v2-of-amy-12"'],
  ['primary_key: 0f8fad5b-d9cb-469f-a165-70867728950e'],
  ['x-api/API-BD80F56CDC1441E6BF6011AB6D852875'],
  ['sk_live_tooShort12'],
  ['token: "a1b2c3d4e5f6g7h8i9j0k1l2"'],
  [`key: AIza${'a'.repeat(35)}`],
  ['password.encode("latin1")'],
  ['password = standard_b64encode(x)'],
  ['password: f"{self.password}"'],
  ['auth: InternalAuthOptions'],
  ['heroku_app_id = "0f8fad5b-d9cb-469f-a165-70867728950e"'],
])('%s is none', (text) => {
  expect(found(text)).toEqual([]);
});

test('a private key is one finding, from its first line to its last', () => {
  const body = Array.from({ length: 4 }, () => random.repeat(2)).join('\n');
  const key = ['-----BEGIN RSA PRIVATE', ' KEY-----\n', body, '\n-----END RSA PRIVATE', ' KEY-----'].join('');
  const text = `a\n${key}\nb`;
  expect(findIn(text, ['secret']).findings.map(({ kind, start, end }) => [kind, text.slice(start, end) === key])).toEqual([
    ['private-key', true],
  ]);
});

test.each([
  ['names', 'password: '],
  ['marks with places before them', ':AA'],
  ['commands', 'curl -u '],
])('a text full of %s is looked through as far as the work goes, and says how far', (_, piece) => {
  const text = piece.repeat(900_000 / piece.length);
  const { notScanned } = findIn(text, ['secret']);
  expect(notScanned?.end).toBe(text.length);
  expect(notScanned?.start).toBeGreaterThan(100_000);
});

test('a text full of manifests is given up sooner: each costs more', () => {
  expect(findIn('kind: Secret\n'.repeat(50_000), ['secret']).notScanned?.start).toBeLessThan(100_000);
});
