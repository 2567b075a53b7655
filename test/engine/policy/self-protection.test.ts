import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decide } from '../../../src/engine/policy/decide.ts';
import { parsePolicyFile } from '../../../src/engine/policy/parse-file.ts';
import { runPolicyTests } from '../../../src/engine/policy/policy-tests.ts';
import { testRequest } from '../../../src/engine/policy/test-request.ts';

const source = readFileSync(new URL('../../../policies/self-protection.yaml', import.meta.url), 'utf8');
const file = parsePolicyFile({ path: 'policies/self-protection.yaml', layer: 'built-in', source, trusted: true });
const unused = { count: () => 0 };

test('the file has no problems', () => {
  expect(file.problems).toEqual([]);
});

test('every rule carries tests that it must catch and tests that it must leave alone', () => {
  const rules = file.documents.flatMap((document) => document.rules);
  expect(
    rules
      .filter((rule) => !rule.tests.some((one) => one.expect === 'pass') || !rule.tests.some((one) => one.expect === rule.action))
      .map((rule) => rule.name),
  ).toEqual([]);
});

test.each(runPolicyTests(file))('$name: $expected', ({ found, expected }) => {
  expect(found).toBe(expected);
});

test.each([
  'git status && git diff HEAD~1 -- src/app.ts',
  'git commit -m "$(cat <<\'EOF\'\nFix the parser\n\nIt lost a line.\nEOF\n)"',
  'npm ci && npm test -- --run',
  'npm run build 2>&1 | tail -20',
  'source .venv/bin/activate && pytest -x "$TEST"',
  'for f in src/*.ts; do wc -l "$f"; done',
  'docker compose up -d && docker logs -f web',
  'find . -name "*.ts" -not -path "*/node_modules/*" | xargs grep -l TODO',
  'curl -s https://api.github.com/repos/o/r | jq .name',
  'kill $(lsof -t -i:3000)',
  'pkill -f vite',
  'rm -rf node_modules dist',
  'echo "$HOME/.config" > out.txt',
  'cat ~/.gitconfig ~/.ssh/config',
  'ls -la ~ /tmp ..',
  'python3 - <<EOF\nprint("hello $USER")\nEOF',
  'if [ -f package.json ]; then npm i; fi',
  'cat "unterminated',
  'export PATH="$HOME/bin:$PATH"; make',
  'claude --version',
  'countersign policy test .',
])('ordinary work is left alone: %s', (command) => {
  const decision = decide({ files: [file] }, testRequest(command), unused);
  expect(decision).toMatchObject({ action: 'abstain', reason: '', rules: [], observed: [] });
});

test.each<[string, 'organisation' | 'user', string]>([
  ['the organisation', 'organisation', 'self-protection/no-changing-state'],
  ['the user, by a glob', 'user', '*/*'],
])('no exemption of %s reaches it', (_, layer, rule) => {
  const exempting = parsePolicyFile({
    path: 'exempt.yaml',
    layer,
    trusted: true,
    source: `kind: ToolPolicy\nmetadata: {name: e}\nexempt: [{rule: "${rule}", reason: r}]\nspec: {}\n`,
  });
  expect(exempting.problems).toEqual([]);
  expect(decide({ files: [exempting, file] }, testRequest('rm -rf ~/.countersign'), unused).action).toBe('deny');
});

test('a state directory elsewhere is protected as well', () => {
  const request = { ...testRequest('cat /data/state/hook-token'), countersignHome: '/data/state' };
  expect(decide({ files: [file] }, request, unused).action).toBe('deny');
  expect(
    decide({ files: [file] }, { ...testRequest('cat $COUNTERSIGN_HOME/hook-token'), countersignHome: '/data/state' }, unused).action,
  ).toBe('deny');
});
